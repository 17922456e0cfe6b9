"""What the modules on other people's sets share: answers to questions, and the table made of them."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.events import Figures, shown
from bench.interval import Statistic, interval, share


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to one report: counts of ours and of a naive answer, as bench/interval.py sums them."""

    measure: str
    ours: tuple[float, ...]
    naive: tuple[float, ...]
    mistake: str = ""  # what to show where ours is wrong


def yes(measure: str, ours: bool, naive: bool, mistake: str = "") -> Asked:
    """A question with one right answer."""
    return Asked(measure, (float(ours), 1.0), (float(naive), 1.0), "" if ours else mistake)


def columns(answers: Iterable[Asked], statistics: Mapping[str, Statistic] | None = None) -> dict[str, Figures]:
    """Ours, the ends of its 95 % interval, and the naive figure, by measure; a share where no statistic is named."""
    by_measure: dict[str, list[Asked]] = defaultdict(list)
    for answer in answers:
        by_measure[answer.measure].append(answer)
    table: dict[str, Figures] = {"all": {}, "95 % from": {}, "to": {}, "naive": {}}
    for measure, rows in by_measure.items():
        statistic = (statistics or {}).get(measure.strip(), share)
        ours = interval([row.ours for row in rows], statistic)
        naive = interval([row.naive for row in rows], statistic)
        for column, value in zip(table, (*ours, naive[0]), strict=True):
            table[column][measure] = value
    return table


def mistakes(answers: Sequence[Asked], most: int) -> list[str]:
    """Some of what was wrong, evenly over the set."""
    wrong = [f"{answer.measure}: {answer.mistake}" for answer in answers if answer.mistake]
    return wrong[:: max(1, len(wrong) // most)][:most] if most else []


def command(
    doc: str | None,
    name: str,
    ask: Callable[[Path], list[Asked]],
    statistics: Mapping[str, Statistic] | None = None,
) -> int:
    """The command of one set: its table, and some mistakes."""
    from bench import floors

    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--mistakes", type=int, default=0, metavar="N", help="show N of what was wrong")
    options = parser.parse_args()
    answers = ask(options.data)
    if not answers:
        print(f"{name}: nothing labelled at {options.data}", file=sys.stderr)
        return 0
    print(shown(columns(answers, statistics), floors.bars().get(name)))
    print(*mistakes(answers, options.mistakes), sep="\n")
    return 0
