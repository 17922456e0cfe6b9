"""How well police actions are found, sentence by sentence: articles on Gujarat, March 2002.

    python -m bench.police [--data ../shared] [--mistakes 20]

In:  india_police_events/train.jsonl.gz: sentences in small letters; a sentence is wanted if one of its labels is
     ANY_ACTION (any act of the police, army or those who send them: curfew, statements, transfers count too).
Out: `recall at precision 0.7`: sentences are ranked by a score, and cut at the lowest place at which seven in ten are
     wanted. The score is the sum of the weights of the words and pairs of words of the sentence, of the words of the
     sentence before, and of what Tocsin finds in it: events with their status, who acts and suffers, counts. No event
     has to be found: most of these acts are none. Each article is scored with weights fitted on the other articles
     (5 folds, articles that begin with the same words in one fold), so that no sentence has a part in its own weights.
     Naive: the number of words "police", "policemen", "cops", "curfew", "arrested" in the sentence.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate, pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bench.events import Figures, Line, shown
from bench.interval import DRAWS, SEED
from bench.killed import _lines
from bench.options import Told, told
from bench.weigh import Row, fit, total

FOLDS, PRECISION = 5, 0.7
RIDGE, FEWEST = 14.0, 5
MEASURE = "recall at precision 0.7"
WORD = re.compile(r"[a-z]+")
ENDINGS = ("ings", "ing", "edly", "ied", "ed", "ies", "es", "s", "ly")
SMALL_WORDS = (
    "the a an of in to and on at for by with was were is are be been has have had that this from as it its he she they"
    " his her their which who"
)
SMALL = frozenset(SMALL_WORDS.split())
NAIVE = frozenset({"police", "policemen", "cops", "curfew", "arrested"})


def sentences(data: Path) -> Iterator[tuple[int, str, bool, Row]]:
    """Fold, text, whether it is wanted, signs; each sentence."""
    for line in _lines(data / "data/india_police_events/train.jsonl.gz"):
        fold = crc32(line["text"][:400].encode()) % FOLDS
        seen = found(line)
        before: set[str] = set()
        for n, sentence in enumerate(line["sentences"]):
            own = words(sentence["text"])
            around = {f"before {name}" for name in before if " " not in name}
            place = {f"early {min(n, 4)}", f"long {len(sentence['text'].split()) // 8}"}
            row = frozenset(own | around | place | pairs(sentence["text"]) | seen[n])
            yield fold, sentence["text"], "ANY_ACTION" in sentence["labels"], row
            before = own


def words(text: str) -> set[str]:
    """The words and pairs of neighbours of a sentence."""
    found = WORD.findall(text.lower())
    return {*found, *(f"{one} {other}" for one, other in pairwise(found))}


def pairs(text: str) -> set[str]:
    """The stems of its words, and of each telling word with the next three: "police - curfew - impos"."""
    stems = [stem(word) for word in WORD.findall(text.lower())]
    telling = [each for each in stems if each not in SMALL]
    near = (f"{one} - {other}" for n, one in enumerate(telling) for other in telling[n + 1 : n + 4])
    threes = (f"{one} {two} {three}" for one, two, three in zip(stems, stems[1:], stems[2:], strict=False))
    return {*(f"stem {each}" for each in stems), *near, *threes}


def stem(word: str) -> str:
    return next((word[: -len(end)] for end in ENDINGS if word.endswith(end) and len(word) - len(end) >= 4), word)


def found(line: Line) -> list[set[str]]:
    """What Tocsin finds in each sentence of an article: events, who acts and suffers, counts."""
    from tocsin.model import Report

    texts = [sentence["text"] for sentence in line["sentences"]]
    starts = [0, *accumulate(len(text) + 1 for text in texts)][:-1]
    one = told(Report(line["doc_id"], " ".join(texts), None, date.fromisoformat(line["date"]), lang="en"))
    signs: list[set[str]] = [set() for _ in texts]
    for start, name in _signs(one):
        signs[bisect_right(starts, start) - 1].add(name)
    return signs


def _signs(one: Told) -> Iterator[tuple[int, str]]:
    """Each with the character at which it stands."""
    for frame in one.frames:
        here = [f"tactic {tactic}" for tactic in frame.tactics] + [f"status {frame.status.value}", "frame"]
        here += [f"by {name}" for who in frame.roles.agents for name in (who.kind, who.key)]
        here += [f"by {who.kind} {tactic}" for who in frame.roles.agents for tactic in frame.tactics]
        here += [f"to {name}" for who in frame.roles.targets for name in (who.kind, who.key)]
        yield from ((frame.span.start, name) for name in here)
    for who in one.scene.actors:
        head = one.scene.reading.head(who.span)
        here = [who.kind, who.key, f"{who.kind} {who.key} {head.dep_}", f"{who.kind} {head.dep_} {head.head.tag_}"]
        here.append(f"{who.kind} {head.dep_} {head.head.lower_}")
        yield from ((who.span.start, f"actor {name}") for name in here)
    for count in one.scene.reading.counts:
        yield count.span.start, f"count {count.kind} {count.side}"
    for token in one.scene.reading.doc:
        if token.dep_ in ("nsubj", "nsubjpass") and token.head.pos_ in ("VERB", "AUX"):
            yield token.idx, f"subject {token.dep_} {token.lower_} {token.head.lower_}"
            yield token.idx, f"subject {token.dep_} {token.head.lower_}"


def scores(data: Path) -> list[tuple[float, float, bool, str, int]]:
    """Ours, naive, wanted, text, fold of each sentence, each scored by weights of the other folds."""
    given = list(sentences(data))
    found: list[tuple[float, float, bool, str, int]] = []
    for fold in range(FOLDS):
        others = [each for each in given if each[0] != fold]
        weights = fit([each[3] for each in others], [each[2] for each in others], RIDGE, FEWEST) if others else {}
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
