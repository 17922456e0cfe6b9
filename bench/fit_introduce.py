"""Fit the weights of src/tocsin/code/data/introduce.toml: which mentions are events of their own.

    python -m bench.fit_introduce [--data ../shared] [--write] [--threshold 0.5] [--folds FOLDER]

Every mention of news-train that could open an event opens one; an event is right if the scorer pairs it with a labelled
one, or its words are labelled as the trigger of one not told yet. A logistic regression with ridge penalty on the
signs of tocsin.code.introduce gives the weights. Prints detection figures on reports left out of the fit (five folds),
then the weights; --write puts them into the file. With --folds run bench.fit_same first.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.events import files_of, read, scorer
from bench.folds import Folds
from tocsin.code import Tools, events, introduce, look
from tocsin.code.claims import Coder
from tocsin.code.events import Incident
from tocsin.code.frames import Scene, find_frames
from tocsin.exchange.event import event
from tocsin.model import Claim, Report, Span

FILE = Path(introduce.__file__).with_name("data") / "introduce.toml"
RIDGE = 1.0
FOLDS = 5
HEAD = """\
# How much each sign speaks for a mention being an event of its own (log odds). A mention whose signs add up to
# `threshold` opens an event; else it is rejected. Fitted on labelled reports by bench/fit_introduce.py; correct by hand
# where you know better. 0.7 doubles the odds, -0.7 halves them.
"""
GROUPS = {
    "how it is told": ("always", "noun", "present", "pluperfect", "quoted", "grade_"),
    "when": ("own_day", "own_month", "near_day", "no_day", "age_"),
    "where": (
        "own_place",
        "own_area",
        "near_place",
        "no_place",
        "elsewhere",
        "own_both",
        "own_neither",
        "neither_later",
    ),
    "who": ("agent_", "target_"),
    "where in the report": ("lead", "second", "late", "in_title", "first", "bulletin", "repeat"),
    "the dead": ("deaths", "sum", "tolled"),
    "what kind": ("family_",),
    "what the model makes of it, for each unit of its log odds; what the rules say, which it may overrule": (
        "model_",
        "said_",
        "beside",
    ),
}

Signs = dict[str, float]
Example = tuple[str, Signs, bool]  # report, signs, right
Looked = tuple[dict[str, Any], Scene]  # a line of news-train, what is known of its report before events are found
Seen = Callable[[Scene], Scene]  # the scene, with what a model that was trained without the report sees in it


def scenes(data: Path, tools: Tools, seen_by: Seen = lambda scene: scene) -> Iterator[Looked]:
    """The reports of news-train."""
    for line in read(files_of(data, "news-train", [])):
        published = date.fromisoformat(line["published"])
        report = Report(line["id"], line["text"], line["title"], published, line["source"], lang=line["lang"])
        yield line, seen_by(look(report, tools))


def examples(looked: Iterable[Looked], tools: Tools, score: Any) -> Iterator[Example]:
    """One for each event that a mention can open; `score`: the module that pairs events."""
    seen: dict[int, Signs] = {}

    def everything(candidate: introduce.Candidate, scene: Scene) -> float:
        seen[id(candidate.frame)] = introduce.signs(candidate, scene)
        return 99.0

    events.weight = everything  # type: ignore[attr-defined]
    for line, scene in looked:
        incidents, rejected = events.gather(scene, find_frames(scene))
        opened = {id(incident.frames[0]): incident.frames[0].span for incident in incidents}
        coded, owner = [], []
        for incident, claim in claims(Coder(scene, tools.registry, incidents, tuple(rejected))):
            coded.append(event(claim, scene.reading.report, len(coded)))
            owner.append(id(incident.frames[0]))
        paired = {owner[ours] for ours, _ in score.pair(coded, line["events"], line["text"])}
        told: set[int] = set()
        for frame in dict.fromkeys(owner):
            here = labelled(opened[frame], line, ("trigger",))
            yield line["id"], seen[frame], frame in paired or bool(here - told)
            told |= here
    events.weight = introduce.weight  # type: ignore[attr-defined]


def claims(coder: Coder) -> Iterator[tuple[Incident, Claim]]:
    """The complete ones, with what they are made of."""
    for incident in coder.incidents:
        yield from ((incident, claim) for claim in coder.claims(incident) if claim.complete)


def labelled(span: Span, line: dict[str, Any], roles: Iterable[str]) -> set[int]:
    """The labelled events of which the words of the span have one of these roles."""
    return {
        number
        for number, each in enumerate(line["events"])
        for role in roles
        if any(span.overlaps(Span(there["start"], there["end"])) for there in each["mentions"][role])
    }


def fit(rows: Sequence[tuple[str, Signs, bool]], ridge: float = RIDGE) -> Signs:
    """Weights by sign: Newton's method on the penalised likelihood."""
    names = sorted({name for _, signs, _ in rows for name in signs})
    at = {name: column for column, name in enumerate(names)}
    held = np.zeros((len(rows), len(names)))
    for row, (_, signs, _) in enumerate(rows):
        for name, value in signs.items():
            held[row, at[name]] = value
    right = np.array([is_right for *_, is_right in rows], float)
    weights = np.zeros(len(names))
    for _ in range(40):
        odds = 1 / (1 + np.exp(-held @ weights))
        slope = held.T @ (odds - right) + ridge * weights
        bend = (held.T * (odds * (1 - odds))) @ held + ridge * np.eye(len(names))
        weights -= np.linalg.solve(bend, slope)
    return dict(zip(names, weights.tolist(), strict=True))


def weighed(weights: Signs, signs: Signs) -> float:
    return sum(weights.get(sign, 0.0) * value for sign, value in signs.items())


def left_out(rows: list[Example], threshold: float) -> tuple[float, float]:
    """Precision and recall of the choice, on reports left out of the fit."""
    reports = sorted({report for report, *_ in rows})
    random.Random(0).shuffle(reports)
    hits = chosen = 0
    for fold in range(FOLDS):
        out = set(reports[fold::FOLDS])
        weights = fit([row for row in rows if row[0] not in out])
        for report, signs, right in rows:
            if report in out and weighed(weights, signs) >= threshold:
                chosen, hits = chosen + 1, hits + right
    return hits / chosen, hits / sum(right for *_, right in rows)


def table(weights: dict[str, float], threshold: float) -> str:
    """The file's text, grouped for people."""
    rest, lines = dict(weights), [HEAD, f"threshold = {threshold:g}", "", "[weight]"]
    for title, starts in GROUPS.items():
        names = sorted(
            name for name in rest if name in starts or name.startswith(tuple(s for s in starts if s[-1] == "_"))
        )
        lines += [f"# {title}", *(f"{name} = {rest.pop(name):.2f}" for name in names)]
    if rest:
        raise SystemExit(f"signs without a group in GROUPS: {', '.join(rest)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--threshold", type=float, default=introduce.weights()["threshold"])
    parser.add_argument("--folds", type=Path, help="fit introduce_both.toml, with the two models in this folder")
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    options = parser.parse_args()
    file = FILE.with_name(f"{introduce.BOTH}.toml") if options.folds else FILE
    tools = Tools.load()
    looked = scenes(options.data, tools, *([Folds(options.folds).see] if options.folds else []))
    rows = list(examples(looked, tools, scorer(options.data)))
    precision, recall = left_out(rows, options.threshold)
    print(f"{len(rows)} possible events; left out: precision {precision:.3f}, recall {recall:.3f}")
    text = table(fit(rows), options.threshold)
    if options.write:
        file.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
