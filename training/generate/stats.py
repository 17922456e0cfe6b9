"""How balanced and how varied made reports are.

In:  made.jsonl; a folder of other reports to compare with.
Out: tables on standard output.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tocsin.countries import countries

SAMPLE = 50_000  # words: diversity falls with length, so equal samples are compared


def show(made: Path, beside: Path | None) -> None:
    """Print events by type, region, number and status, and the diversity of the words."""
    records = _read([made])
    region = {country.name: country.region for country in countries()}
    events = [(record["lang"], event) for record in records for event in record["events"]]
    _table("type", ((lang, event["sub_event_type"]) for lang, event in events))
    _table("region", ((lang, region[event["country"]]) for lang, event in events))
    _table("events in a report", ((record["lang"], str(len(record["events"]))) for record in records))
    _table("no event", ((record["lang"], other["status"]) for record in records for other in record["non_events"]))
    for lang in ("en", "fr"):
        _diversity("made", lang, records)
        if beside:
            _diversity(
                beside.name, lang, _read(path for path in sorted(beside.glob("*.jsonl")) if "snippets" not in path.name)
            )


def _read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    return [json.loads(row) for path in paths for row in path.read_text(encoding="utf-8").splitlines()]


def _table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    counted = Counter(rows)
    print(f"\n{title:40}     en     fr")
    for name in sorted({name for _, name in counted}):
        print(f"{name:40} {counted['en', name]:6} {counted['fr', name]:6}")


def _diversity(name: str, lang: str, records: list[dict[str, Any]]) -> None:
    words = [word for record in records if record["lang"] == lang for word in record["text"].split()][:SAMPLE]
    trigrams = set(zip(words, words[1:], words[2:], strict=False))
    share = len(trigrams) / max(len(words), 1) * 1000
    print(f"\n{name}, {lang}: {share:.0f} distinct trigrams per 1,000 words ({len(words)} words)")
