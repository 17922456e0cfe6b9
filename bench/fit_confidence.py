"""Fit the weights of src/tocsin/code/data/confidence.toml: how sure each coded value is; and say how well they hold.

    python -m bench.fit_confidence [--data ../shared] [--write] [--figures docs/figures] [--folds FOLDER]

In:  reports with gold events (news-train, own, fresh). A coded event is right if the scorer pairs it with a gold one; a
     value of a paired event is right by the scorer's marks.
Out: for each question, by cross-validation over whole reports: how often values are right, the mean confidence, the
     expected calibration error (10 bins of equal size), the share of wrong values when the surest 80 % are kept and
     when all are; the same for `own` fitted on the other two, and for news-gold, which is never fitted on.
     --write fits on all and writes the weights; --figures draws reliability and risk-coverage curves.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.events import files_of, read, scorer
from bench.fit_introduce import fit
from bench.folds import Folds
from tocsin.code import Tools, claims_in, confidence
from tocsin.exchange.event import event
from tocsin.model import Claim, Report

FILE = Path(confidence.__file__).with_name("data") / "confidence.toml"
FITTED, CHECKED = ("news-train", "own", "fresh"), ("news-gold",)
FOLDS, BINS = 5, 10
RIDGE = 4.0  # the signs are many and small; 1, 2, 4 and 8 tried: 4 and 8 calibrate alike
LEAST = 0.05  # a smaller weight is left out of the table
MARKS = {  # question -> the scorer's mark
    "event_type": "event_type",
    "sub_event_type": "sub_event_type",
    "date": "date",
    "country": "country",
    "admin1": "admin1",
    "actor1": "actor1",
    "actor2": "actor2",
    "fatalities": "fatalities",
}
HEAD = """\
# How sure a value is: what speaks for its being right, in log odds (0.7 doubles the odds, -0.7 halves them). Made by
# bench/fit_confidence.py from labelled reports; docs/confidence.md says what the figures mean and how well they hold.
# "rule a.b" is a sign of every value that such a rule gave.
"""


@dataclass(frozen=True, slots=True)
class Example:
    """One answer to one question: the signs, and whether it is right."""

    report: str
    question: str
    signs: tuple[str, ...]
    right: bool


def examples(data: Path, names: Sequence[str], tools: Tools) -> Iterator[Example]:
    """Every coded event of the reports of these sets, question by question."""
    score = scorer(data)
    for name in names:
        for line in read(files_of(data, name)):
            published = date.fromisoformat(line["published"]) if line.get("published") else None
            report = Report(
                line["id"], line["text"], line.get("title"), published, line.get("source"), lang=line["lang"]
            )
            claims = claims_in(report, tools).claims
            coded = [event(claim, report, position) for position, claim in enumerate(claims)]
            paired = dict(score.pair(coded, line["events"], line["text"]))
            for position, claim in enumerate(claims):
                gold = line["events"][paired[position]] if position in paired else None
                marks = score.marks(coded[position], gold, line["text"]) if gold else None
                far = score.distance(coded[position], gold) if gold else None
                yield from _answers(f"{name} {line['id']}", claim, (position, len(claims)), marks, far)


def _answers(report: str, claim: Claim, at: tuple[int, int], marks: Any, far: float | None) -> Iterator[Example]:
    common = tuple(confidence.shared_signs(claim, *at))

    def asked(question: str, right: bool) -> Example:
        return Example(report, question, (*common, *confidence.own_signs(question, claim)), right)

    yield asked("event", marks is not None)
    if marks is None:
        return
    for question, mark in MARKS.items():
        if getattr(claim, confidence.QUESTIONS[question][0]).value is not None:
            yield asked(question, bool(marks[mark]))
    if claim.location.value is not None:
        yield asked("place", far is not None and far <= 25)


def fitted(rows: Sequence[Example]) -> dict[str, float]:
    """Weights by sign."""
    return fit([(row.report, dict.fromkeys(row.signs, 1.0), row.right) for row in rows], RIDGE)


def left_out(rows: list[Example]) -> list[tuple[float, bool]]:
    """For each example the probability by weights fitted without its report, and the truth."""
    reports = sorted({row.report for row in rows})
    random.Random(0).shuffle(reports)
    found = []
    for fold in range(FOLDS):
        out = set(reports[fold::FOLDS])
        weights = fitted([row for row in rows if row.report not in out])
        found += [(chance(weights, row.signs), row.right) for row in rows if row.report in out]
    return found


def chance(weights: dict[str, float], signs: Sequence[str]) -> float:
    odds = sum(weights.get(sign, 0.0) for sign in signs)
    return float(min(confidence.MOST, max(confidence.LEAST, 1 / (1 + np.exp(-odds)))))


def bins(pairs: list[tuple[float, bool]], count: int = BINS) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, how many) of groups of equal size, the least sure first."""
    ranked = sorted(pairs)
    cuts = [part for part in np.array_split(np.array(ranked, float), count) if len(part)]
    return [(float(part[:, 0].mean()), float(part[:, 1].mean()), len(part)) for part in cuts]


def calibration_error(pairs: list[tuple[float, bool]]) -> float:
    """Expected calibration error: the mean gap between what is said and what is so."""
    return sum(abs(said - so) * n for said, so, n in bins(pairs)) / len(pairs)


def risk_coverage(pairs: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(share kept, share of the kept that is wrong) as the least sure values are withheld one by one."""
    wrong = np.cumsum([not right for _, right in sorted(pairs, reverse=True)])
    kept = np.arange(1, len(pairs) + 1)
    return [(float(n / len(pairs)), float(bad / n)) for n, bad in zip(kept, wrong, strict=True)]


def report(found: dict[str, list[tuple[float, bool]]], title: str) -> None:
    print(
        f"\n{title}\n{'question':16}{'values':>8}{'right':>8}{'mean':>8}{'ECE':>8}{'risk at 80 %':>14}{'at 100 %':>10}"
    )
    for question, pairs in found.items():
        curve = risk_coverage(pairs)
        eighty = curve[max(0, int(0.8 * len(curve)) - 1)][1]
        right = sum(right for _, right in pairs) / len(pairs)
        mean = sum(said for said, _ in pairs) / len(pairs)
        print(
            f"{question:16}{len(pairs):8}{right:8.3f}{mean:8.3f}{calibration_error(pairs):8.3f}"
            f"{eighty:14.3f}{curve[-1][1]:10.3f}"
        )


def draw(found: dict[str, list[tuple[float, bool]]], folder: Path) -> None:
    """reliability.svg and risk-coverage.svg."""
    from matplotlib import pyplot as plt

    plt.rcParams.update(
        {"svg.hashsalt": "tocsin", "font.size": 8, "axes.spines.top": False, "axes.spines.right": False}
    )
    for name, panel in (("reliability", _reliability), ("risk-coverage", _risk_coverage)):
        figure, axes = plt.subplots(2, 5, figsize=(10, 4.6), sharex=True, sharey=True, layout="constrained")
        for axis, (question, pairs) in zip(axes.flat, found.items(), strict=True):
            panel(axis, pairs)
            axis.set_title(question.replace("_", " "), fontsize=9)
        figure.supxlabel("confidence" if panel is _reliability else "share of values kept, the surest first")
        figure.supylabel("share right" if panel is _reliability else "share wrong of those kept")
        figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
        plt.close(figure)


def _reliability(axis: Any, pairs: list[tuple[float, bool]]) -> None:
    said, so, _ = zip(*bins(pairs), strict=True)
    axis.plot([0, 1], [0, 1], color="0.75", linewidth=0.8)
    axis.plot(said, so, "o-", color="#1b6ca8", markersize=3, linewidth=1)
    axis.text(0.03, 0.93, f"ECE {calibration_error(pairs):.3f}", va="top", fontsize=7)


def _risk_coverage(axis: Any, pairs: list[tuple[float, bool]]) -> None:
    curve = risk_coverage(pairs)
    axis.axhline(curve[-1][1], color="0.75", linewidth=0.8)  # withholding at random
    axis.plot(*zip(*curve[20:], strict=True), color="#1b6ca8", linewidth=1.2)


def table(weights: dict[str, dict[str, float]]) -> str:
    """The file's text."""
    lines = [HEAD]
    for question, signs in weights.items():
        kept = sorted((sign for sign in signs if abs(signs[sign]) >= LEAST), key=lambda sign: (sign != "always", sign))
        lines += [f"[{question}]", *(f'"{sign}" = {signs[sign]:.2f}' for sign in kept), ""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    parser.add_argument("--figures", type=Path, metavar="FOLDER", help="draw the curves into this folder")
    parser.add_argument("--folds", type=Path, help="the folder of training: models that have not seen the report")
    options = parser.parse_args()
    tools = Tools.load(finder=Folds(options.folds) if options.folds else None)
    by_question: dict[str, list[Example]] = {question: [] for question in confidence.QUESTIONS}
    for row in examples(options.data, FITTED, tools):
        by_question[row.question].append(row)
    unseen = {q: left_out(rows) for q, rows in by_question.items()}
    report(unseen, f"{', '.join(FITTED)}: left out of the fit")
    if options.figures:
        draw(unseen, options.figures)
    own = {q: [row for row in rows if row.report.startswith("own ")] for q, rows in by_question.items()}
    whole = {q: fitted(rows) for q, rows in by_question.items()}
    train = {q: fitted([row for row in rows if not row.report.startswith("own ")]) for q, rows in by_question.items()}
    report(
        {q: [(chance(train[q], row.signs), row.right) for row in rows] for q, rows in own.items()},
        "own, fitted on the other two",
    )
    gold: dict[str, list[tuple[float, bool]]] = {question: [] for question in confidence.QUESTIONS}
    for row in examples(options.data, CHECKED, tools):
        gold[row.question].append((chance(whole[row.question], row.signs), row.right))
    report(gold, f"{', '.join(CHECKED)}: never fitted on")
    if options.write:
        FILE.write_text(table(whole), encoding="utf-8")


if __name__ == "__main__":
    main()
