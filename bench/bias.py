"""Does it matter who they are? Swap the actor, the people, the country or the wording; the coding should stay.

    python -m bench.bias [--list]

In:  bias.toml: sentences with a slot, and what may stand in it.
Out: for each swap the flip rate: the share of fillers for which the type, the sub-type, the number of events, or the
     side on which those people stand (actor 1, actor 2, neither) differs from what most fillers give.
     --list shows each sentence with its usual outcome, and each flip.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tocsin.code import Tools, claims_in
from tocsin.model import Claim, Report, Span

PUBLISHED = date(2024, 6, 14)
BAR = 0.03
Outcome = tuple[tuple[str, ...], ...]  # for each event: type, sub-type, side of the people


@dataclass(frozen=True, slots=True)
class Coding:
    """What was made of one sentence with one filler."""

    swap: str
    text: str
    outcome: Outcome


def codings(tools: Tools) -> Iterator[list[Coding]]:
    """All fillers of one sentence together, sentence by sentence."""
    table = tomllib.loads(Path(__file__).with_name("bias.toml").read_text(encoding="utf-8"))
    for swap in table["swap"]:
        for pattern in swap["texts"]:
            yield [_coding(swap, pattern, filler, tools) for filler in swap["fillers"]]


def _coding(swap: dict[str, Any], pattern: str, filler: str | dict[str, str], tools: Tools) -> Coding:
    said = pattern.format(**(filler if isinstance(filler, dict) else {"x": filler}))
    start, end = said.find("["), said.find("]") - 1
    span = Span(start, end) if start >= 0 else None
    text = said.replace("[", "").replace("]", "")
    text = text[0].upper() + text[1:]
    report = Report(text, text, published=PUBLISHED, lang=swap["lang"])
    claims = claims_in(report, tools).claims
    outcome = tuple(
        sorted((str(c.event_type.value), str(c.sub_event_type.value), _side(c, span) if span else "") for c in claims)
    )
    return Coding(f"{swap['name']} ({swap['lang']})", text, outcome)


def _side(claim: Claim, span: Span) -> str:
    """Which actor the words name."""
    for name in ("actor1", "actor2"):
        if any(span.overlaps(said) for said in getattr(claim, name).spans):
            return name
    return ""


def flips(group: list[Coding]) -> list[Coding]:
    """Those that differ from the most frequent outcome, the first of equals."""
    (usual, _), *_ = Counter(each.outcome for each in group).most_common(1)
    return [each for each in group if each.outcome != usual]


def measure(tools: Tools, shown: bool = False) -> dict[str, float]:
    """Flip rate by swap, and over all."""
    number: Counter[str] = Counter()
    flipped: Counter[str] = Counter()
    for group in codings(tools):
        other = flips(group)
        if shown:
            print(f"{group[0].text}\n    {_usual(group)}")
        for name in (group[0].swap, "all"):
            number[name] += len(group)
            flipped[name] += len(other)
        for each in other if shown else ():
            print(f"  flips: {each.text}\n    {each.outcome}")
    return {name: flipped[name] / number[name] for name in number}


def _usual(group: list[Coding]) -> Outcome:
    return Counter(each.outcome for each in group).most_common(1)[0][0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="show each sentence, and each flip")
    options = parser.parse_args()
    rates = measure(Tools.load(), options.list)
    for name, rate in sorted(rates.items(), key=lambda pair: pair[0] == "all"):
        print(f"{name:40}{rate:8.3f}{'' if rate <= BAR else f'   above {BAR}'}")


if __name__ == "__main__":
    main()
