"""Fit the weights of src/tocsin/code/data/same.toml: which mentions tell of a happening that is told already.

    python -m bench.fit_same --folds FOLDER [--data ../shared] [--write]

In:  the mentions of news-train that are labelled with an event, each with every incident told before it. It is the same
     if both are labelled with one event. --folds: two models, each asked about reports that it has not seen.
Out: how often the choice is right on reports left out of the fit (five folds), then the weights; --write puts them into
     the file. Fit introduce_both.toml afterwards: it weighs what this table says.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.events import scorer
from bench.fit_introduce import Example, Looked, examples, fit, labelled, left_out, scenes
from bench.folds import Folds
from tocsin.code import Tools, events, same
from tocsin.code.frames import Scene

FILE = Path(same.__file__).with_name("data") / "same.toml"
ROLES = ("fatalities", "injured", "actor1", "actor2", "weapon")  # of mentions that are no trigger
HEAD = """\
# How much speaks for a mention telling more of a happening that the report has told already (log odds): from 0 on it
# does. The signs are those of src/tocsin/code/same.py; "model" counts for each unit of the model's log odds. Fitted on
# labelled reports by bench/fit_same.py; correct by hand where you know better.
"""


def links(looked: Iterable[Looked], tools: Tools, score: Any) -> Iterator[Example]:
    """One for each mention and incident told before it, if both are labelled with an event."""
    found: list[Example] = []
    line: dict[str, Any] = {}

    def likeness(link: same.Link, scene: Scene) -> float:
        one, other = (_events_of(each, line) for each in (link.frame, link.incident.frames[0]))
        if one and other:
            found.append((line["id"], same.signs(link, scene), bool(one & other)))
        return same.likeness(link, scene)

    events.likeness = likeness  # type: ignore[attr-defined]
    for line, scene in looked:
        list(examples([(line, scene)], tools, score))  # every mention that can open an event opens one
        yield from found
        found.clear()
    events.likeness = same.likeness  # type: ignore[attr-defined]


def _events_of(frame: Any, line: dict[str, Any]) -> set[int]:
    return labelled(frame.span, line, ("trigger",)) or labelled(frame.span, line, ROLES)


def table(weights: dict[str, float]) -> str:
    """The file's text."""
    return HEAD + "\n[weight]\n" + "".join(f"{name} = {value:.2f}\n" for name, value in sorted(weights.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--folds", type=Path, required=True, help="the folder of training, with two models")
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    options = parser.parse_args()
    tools = Tools.load()
    rows = list(links(scenes(options.data, tools, Folds(options.folds).see), tools, scorer(options.data)))
    precision, recall = left_out(rows, 0.0)
    print(f"{len(rows)} pairs; left out: precision {precision:.3f}, recall {recall:.3f}")
    text = table(fit(rows))
    if options.write:
        FILE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
