"""Articles on gun violence grouped by incident: the linker's average link on what texts of one shooting share.

    python -m bench.link --gva [--data ../shared]

In:  gva_incidents: title, text and day of publication only.
Out: B-cubed and pairwise F1, held out in FOLDS parts by incident; all articles are linked together.
     The claim features do not fit here: an article on a trial is published months later and gives no day,
     all are in one country, and all are shootings. So a pair of articles is compared by its words, names, places,
     roads, numbers, ages and weekdays, each weighted by how rare it is, and by the days between.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, triu

from bench.events import scorer
from tocsin.link.cluster import clusters
from tocsin.link.words import hash_word, words

FOLDS = 5
LEAST = 0.08  # likeness of the words below which two articles are not compared
LEAST_NAMES = 0.15
HEAD = 600  # characters of the beginning, which says what happened
THRESHOLDS = np.arange(0.2, 0.75, 0.05)
_NUMBER = re.compile(r"\b\d{1,5}\b")
_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.?)? [A-Z][a-z]+\b")
_PLACE = re.compile(r"\b(?:in|of|near|at|on) ((?:[A-Z][a-z]+ ?){1,3})")
_ROAD = re.compile(
    r"\b((?:[A-Z][a-z]+|\d+[a-z]{2}) (?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Court|Boulevard|Blvd|Place|Way))\b"
)
_AGE = re.compile(r"\b(\d{1,2})(?=[- ]year|,|-month)")
_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_WEEKDAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}")


def articles(data: Path) -> list[dict[str, Any]]:
    """Usable articles on one incident."""
    folder = data / "data" / "gva_incidents"
    with gzip.open(folder / "docs_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    found += [json.loads(line) for line in (folder / "docs_dev.jsonl").open(encoding="utf-8")]
    kept = [each for each in found if each["usable"] and len(each["incident_ids"]) == 1]
    return sorted(kept, key=lambda each: str(each["doc_id"]))


def days(each: dict[str, Any]) -> list[str]:
    """The days that the weekdays of the text mean, the last such day before publication; the whole dates too."""
    if not each["dct"]:
        return []
    published = date.fromisoformat(each["dct"])
    back = [(published.weekday() - _WEEKDAYS.index(name)) % 7 for name in _WEEKDAY.findall(each["text"])]
    return [str(published.toordinal() - gap) for gap in back]


VIEWS: dict[str, Callable[[dict[str, Any]], Iterable[str]]] = {
    "words": lambda each: words(f"{each['title']} {each['text']}"),
    "head": lambda each: words(f"{each['title']} {each['text'][:HEAD]}"),
    "names": lambda each: _NAME.findall(each["text"]),
    "capitals": lambda each: _CAPITAL.findall(f"{each['title']} {each['text']}"),
    "places": lambda each: _PLACE.findall(each["text"]),
    "roads": lambda each: _ROAD.findall(each["text"]),
    "ages": lambda each: _AGE.findall(each["text"]),
    "days": days,
    "numbers": lambda each: _NUMBER.findall(f"{each['title']} {each['text']}"),
}


def weighted(texts: list[Counter[str]]) -> csr_matrix:
    """One row of unit length for each text: log counts times how rare a word is among the texts."""
    number: dict[str, int] = {}
    entries = [
        (at, number.setdefault(w, len(number)), 1 + np.log(n)) for at, t in enumerate(texts) for w, n in t.items()
    ]
    rows, cols, values = (np.array(part) for part in zip(*entries, strict=True))
    rare = np.log(len(texts) / np.bincount(cols))
    matrix = csr_matrix((values * rare[cols], (rows, cols)), shape=(len(texts), len(number)))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return csr_matrix(matrix.multiply(1 / np.maximum(length, 1e-9)[:, None]))


def compared(found: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (n, 2) that share some words or names, and their features (n, k)."""
    views = {name: weighted([Counter(of(each)) for each in found]) for name, of in VIEWS.items()}
    near = triu(views["words"] @ views["words"].T > LEAST, 1) + triu(views["names"] @ views["names"].T > LEAST_NAMES, 1)
    i, j = near.nonzero()
    like = [np.asarray(view[i].multiply(view[j]).sum(axis=1)).ravel() for view in views.values()]
    day = np.array([date.fromisoformat(each["dct"]).toordinal() if each["dct"] else 0 for each in found])
    gap = np.log1p(np.abs(day[i] - day[j])) * ((day[i] > 0) & (day[j] > 0))
    base = [
        *like,
        *(np.sqrt(one) for one in like),
        gap,
        (gap < np.log(3)).astype(float),
        (gap > np.log(30)).astype(float),
    ]
    crossed = [one * gap for one in like] + [like[0] * like[k] for k in range(1, len(like))]
    features = np.stack([*base, *crossed, np.ones(len(i))], axis=1)
    return np.stack([i, j], axis=1), features


def fit(features: np.ndarray, same: np.ndarray) -> np.ndarray:
    """Logistic regression, lightly held towards 0."""

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        z = features @ x
        value = np.logaddexp(0, np.where(same, -z, z)).mean() + 1e-6 * (x @ x)
        return value, features.T @ (1 / (1 + np.exp(-z)) - same) / len(same) + 2e-6 * x

    return np.asarray(
        minimize(loss, np.zeros(features.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    )


def f1(
    tools: Any, pairs: np.ndarray, scores: np.ndarray, truth: np.ndarray, held: np.ndarray, threshold: float
) -> float:
    """B-cubed F1 of the `held` articles."""
    labels = clusters(len(held), pairs, scores, threshold=threshold)[held].tolist()
    return float(tools.merging(list(zip(labels, truth[held], strict=True)))["b-cubed"]["f1"])


def measure(data: Path) -> dict[str, Any]:
    """Figures over all articles, linked together; no pair is scored by weights that were fitted on it."""
    tools, found = scorer(data), articles(data)
    truth = np.array([each["incident_ids"][0] for each in found])
    fold = np.array([hash_word(name) % FOLDS for name in truth])
    pairs, features = compared(found)
    same = truth[pairs[:, 0]] == truth[pairs[:, 1]]
    scores, best = np.zeros(len(pairs)), []
    for out in range(FOLDS):
        inside = fold != out
        keep = inside[pairs[:, 0]] & inside[pairs[:, 1]]
        found_scores = features @ fit(features[keep], same[keep]) / np.log(2)
        mine = fold[pairs[:, 0]] == out  # its other article may be of any fold: then the pair was in no fit
        scores[mine] = found_scores[mine]
        tried = [f1(tools, pairs[keep], found_scores[keep], truth, inside, at) for at in THRESHOLDS]
        best.append(THRESHOLDS[int(np.argmax(tried))])
    labels = clusters(len(found), pairs, scores, threshold=float(np.mean(best)))
    print(f"{len(found):,} articles, {len(pairs):,} pairs compared, {same.sum():,} of them of one incident")
    return dict(tools.merging(list(zip(labels.tolist(), truth, strict=True))))


def show(data: Path) -> None:
    """Prints the figures."""
    figures = measure(data)
    for name in ("b-cubed", "pairwise"):
        print(f"{name:10}" + "".join(f"{key} {value:.3f}  " for key, value in figures[name].items()))
