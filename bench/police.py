"""How well police actions are found, sentence by sentence: articles on Gujarat, March 2002.

    python -m bench.police [--data ../shared] [--mistakes 20]

In:  india_police_events/train.jsonl.gz: sentences in small letters; a sentence is wanted if one of its labels is
     ANY_ACTION (any act of the police, army or those who send them: curfew, statements, transfers count too).
Out: `recall at precision 0.7`: sentences are ranked by a score, and cut at the lowest place at which seven in ten are
     wanted. The score is the sum of the weights of the words and pairs of words of the sentence and of the words of
     the sentence before. No event has to be found: most of these acts are none. Each article is scored with weights
     fitted on the other articles (5 folds, articles that begin with the same words in one fold), so that no sentence
     has a part in its own weights.
     Naive: the number of words "police", "policemen", "cops", "curfew", "arrested" in the sentence.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.events import Figures, shown
from bench.interval import DRAWS, SEED
from bench.killed import _lines
from bench.weigh import fit, total

FOLDS, PRECISION = 5, 0.7
MEASURE = "recall at precision 0.7"
WORD = re.compile(r"[a-z]+")
NAIVE = frozenset({"police", "policemen", "cops", "curfew", "arrested"})


def sentences(data: Path) -> Iterator[tuple[int, str, bool, frozenset[str]]]:
    """Fold, text, whether it is wanted, features; each sentence."""
    for line in _lines(data / "data/india_police_events/train.jsonl.gz"):
        fold = crc32(line["text"][:400].encode()) % FOLDS
        before: set[str] = set()
        for sentence in line["sentences"]:
            own = features(sentence["text"])
            around = {f"before {name}" for name in before if " " not in name}
            yield fold, sentence["text"], "ANY_ACTION" in sentence["labels"], frozenset(own | around)
            before = own


def features(text: str) -> set[str]:
    """The words and pairs of neighbours of a sentence."""
    words = WORD.findall(text.lower())
    return {*words, *(f"{one} {other}" for one, other in pairwise(words))}


def scores(data: Path) -> list[tuple[float, float, bool, str, int]]:
    """Ours, naive, wanted, text, fold of each sentence, each scored by weights of the other folds."""
    given = list(sentences(data))
    found: list[tuple[float, float, bool, str, int]] = []
    for fold in range(FOLDS):
        others = [each for each in given if each[0] != fold]
        weights = fit([each[3] for each in others], [each[2] for each in others]) if others else {}
        for _, text, wanted, row in (each for each in given if each[0] == fold):
            naive = sum(word in NAIVE for word in WORD.findall(text.lower()))
            found.append((total(weights, row), float(naive), wanted, text, fold))
    return found


def recall_at(ranks: npt.ArrayLike, wanted: npt.ArrayLike) -> float:
    """The most that can be found while seven of ten found are wanted; equal scores are cut together."""
    order = np.argsort(-np.asarray(ranks, float), kind="stable")
    ranked, right = np.asarray(ranks, float)[order], np.asarray(wanted, float)[order]
    hits, ends = np.cumsum(right), np.append(ranked[1:] != ranked[:-1], True)
    good = ends & (hits >= PRECISION * np.arange(1, len(hits) + 1))
    return float(hits[good].max() / max(1.0, hits[-1])) if good.any() else 0.0


def measure(data: Path) -> dict[str, Figures]:
    """Ours, the ends of its 95 % interval over sentences, and the naive figure."""
    return table(scores(data))


def table(found: Sequence[tuple[float, float, bool, str, int]]) -> dict[str, Figures]:
    ours, naive, wanted = (np.array([each[n] for each in found], float) for n in range(3))
    draw = np.random.default_rng(SEED)
    picks = (draw.integers(0, len(found), len(found)) for _ in range(DRAWS // 5))
    low, high = np.percentile([recall_at(ours[pick], wanted[pick]) for pick in picks], [2.5, 97.5])
    values = (recall_at(ours, wanted), float(low), float(high), recall_at(naive, wanted))
    return {name: {MEASURE: value} for name, value in zip(("all", "95 % from", "to", "naive"), values, strict=True)}


def main() -> int:
    from bench import floors

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument(
        "--mistakes", type=int, default=0, metavar="N", help="show the N highest scores of unwanted ones"
    )
    options = parser.parse_args()
    found = scores(options.data)
    if not found:
        print(f"police: nothing labelled at {options.data}", file=sys.stderr)
        return 0
    print(shown(table(found), floors.bars().get("police")))
    wrong = sorted((each for each in found if not each[2]), key=lambda each: -each[0])
    print(*(f"{each[0]:.2f} {each[3].strip()}" for each in wrong[: options.mistakes]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
