"""The linker's benchmark: what a claim's text is, what a figure counts, that a fit keeps the order of levels."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench import melt
from bench.events import read, scorer
from bench.fit_link import FITTED, fit, slopes
from bench.link import SETS, clustered, merged, mistakes, pairwise_f1, told_about

from tocsin.link.link import link
from tocsin.link.score import weights

SHARED = Path(__file__).parents[2] / "shared"
TEXT = "Gunmen raided Dori.\n\nThe mayor spoke.\n\nTwo died."


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ("raided Dori", "Gunmen raided Dori."),
        ([{"quote": "Two died"}, {"quote": "Gunmen"}], "Gunmen raided Dori.\nTwo died."),
        ("Dori.\n\nThe mayor spoke.", "The mayor spoke."),
        ([], ""),
        (None, ""),
    ],
)
def test_the_text_of_a_claim_is_the_paragraphs_of_its_evidence(evidence: Any, told: str) -> None:
    assert told_about({"evidence": evidence}, TEXT) == told


def test_pairwise_f1() -> None:
    assert pairwise_f1([1, 1, 2, 2], ["a", "a", "a", "b"]) == pytest.approx(2 * 1 / (2 + 3))
    assert pairwise_f1([1, 2], ["a", "b"]) == 0.0


def test_mistakes_name_what_was_joined_and_parted() -> None:
    event = {"event_date": "2024-01-01", "location": "Dori", "sub_event_type": "Attack"}
    found = [
        ("r1", {**event, "cluster": 1}, {"event_id": "x"}),
        ("r2", {**event, "cluster": 1}, {"event_id": "y"}),
        ("r3", {**event, "cluster": 2}, {"event_id": "x"}),
    ]
    assert [text.split(" ")[:2] for text in mistakes(found)] == [["joined:", "r2"], ["parted:", "r3"]]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_better_level_never_weighs_less_whatever_the_labels(seed: int) -> None:
    draw = np.random.default_rng(seed)
    sizes = [len(weights().levels[name]) for name in FITTED]
    levels = np.stack([draw.integers(0, size, 60) for size in sizes], axis=1)
    table = fit(levels, draw.random(60) < 0.5, np.full(60, 1 / 60))
    for name in FITTED:
        ordered = [level.weight for level in table.levels[name] if not level.free]
        assert ordered == sorted(ordered, reverse=True)


def test_a_free_level_stands_alone() -> None:
    matrix = slopes(weights())
    at = 1
    for name in FITTED:
        for level in weights().levels[name]:
            if level.free:
                assert np.flatnonzero(matrix[at]).tolist() == [at]
            at += 1
    assert at == len(matrix)


def told(rows: list[melt.Row]) -> list[tuple[str, ...]]:
    """The true clusters of made rows."""
    keys: dict[int, list[str]] = {}
    for row in rows:
        keys.setdefault(row.happening, []).append(row.item.key)
    return [tuple(sorted(each)) for each in keys.values()]


def test_data_sets_of_the_make_of_melts() -> None:
    """The true clusters give the published numbers, and the linker finds most of them."""
    rows = melt.make(1, 140)
    assert sorted(Counter(row.item.dataset for row in rows).values()) == [60, 64, 71]
    assert melt.counted(rows, told(rows)) == melt.PUBLISHED
    assert melt.f1(rows, told(rows)) == (1.0, 1.0, 1.0)
    assert melt.f1(rows, link(row.item for row in rows))[2] > 0.85


@pytest.mark.skipif(not SHARED.exists(), reason="no ../shared: the labelled reports are kept apart")
@pytest.mark.parametrize(("folder", "stem"), SETS.values(), ids=list(SETS))
def test_gold_claims_are_grouped_and_no_near_miss_is_joined(folder: str, stem: str) -> None:
    tools = scorer(SHARED)
    lines = list(read([SHARED / "data" / folder / f"{stem}.jsonl"]))
    gold = {line["id"]: line for line in lines}
    coded = clustered(lines, {line["id"]: line["text"] for line in lines})
    figures = tools.score(gold, coded)["merging"]
    assert figures["b-cubed"]["f1"] >= 0.97
    assert figures["pairwise"]["f1"] >= 0.93
    assert not [text for text in mistakes(merged(tools, gold, coded)) if text.startswith("joined")]
