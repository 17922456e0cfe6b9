"""The figures of bench/ may not fall below bench/floors.json."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from tocsin.codebook.taxonomy import taxonomy

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared"


@pytest.fixture
def floors(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("bench.floors")


def sets(value: float, measure: str = "event type") -> dict[str, Any]:
    return {"news-gold": {"all": {measure: value}, "naive": {measure: 0.1}}}


@pytest.fixture
def measured(floors: Any) -> dict[str, Any]:
    """The sets that are quick to measure."""
    main = importlib.import_module("bench.__main__")
    missing = [path for name in floors.FAST for path in main.absent(DATA, name)]
    if missing:
        pytest.skip(f"no labelled data: {DATA / missing[0]} is not there")
    if changed := floors.changed(floors.load(), floors.digests(DATA, floors.FAST)):
        pytest.fail(f"not the data of the floors: {', '.join(changed)}; say python -m bench --update-floors")
    parts = main.labelled(DATA, jobs=1, baseline=False)
    return {name: parts[name]() for name in floors.FAST}


def test_no_figure_is_below_its_floor(floors: Any, measured: dict[str, Any]) -> None:
    """What was reached once stays."""
    kept = floors.load()
    assert {name for name, _, _ in floors.figures(measured)} <= set(kept.floors), "say python -m bench --update-floors"
    assert floors.below(measured, kept) == []


def test_a_worse_figure_is_named(floors: Any) -> None:
    """Only ours count, not those of the baseline."""
    kept = floors.updated(floors.Floors({}, {}), sets(0.9), {})
    assert floors.below(sets(0.89), kept) == []
    assert floors.below(sets(0.87), kept) == ["news-gold/all/event type: 0.870, floor 0.880"]


def test_of_some_measures_less_is_better(floors: Any) -> None:
    """One false event more than before is let pass, two are not; where there was none, none is let pass."""
    measure = "false events, empty reports"
    kept = floors.updated(floors.Floors({}, {}), sets(2, measure), {})
    assert [bool(floors.below(sets(n, measure), kept)) for n in (0, 3, 4)] == [False, False, True]
    assert floors.updated(kept, sets(0, measure), {}).floors == {f"news-gold/all/{measure}": 0}


@pytest.mark.parametrize(
    ("value", "lower", "expected"),
    [(0.95, [], 0.93), (0.7, [], 0.88), (0.7, ["news-gold/all/event type"], 0.68), (0.7, ["news-train"], 0.88)],
)
def test_floors_only_rise_unless_told(floors: Any, value: float, lower: list[str], expected: float) -> None:
    """A bad day does not lower what must be reached."""
    kept = floors.updated(floors.Floors({}, {}), sets(0.9), {})
    assert floors.updated(kept, sets(value), {}, lower).floors["news-gold/all/event type"] == expected


def test_changed_data_are_noticed(floors: Any, tmp_path: Path) -> None:
    """A floor holds for the files that it was measured on."""
    path = tmp_path / "data/news-gold/dev.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("{}\n")
    kept = floors.updated(floors.Floors({}, {}), {}, floors.digests(tmp_path))
    assert floors.changed(kept, floors.digests(tmp_path)) == []
    path.write_text("{ }\n")
    assert floors.changed(kept, floors.digests(tmp_path)) == ["data/news-gold/dev.jsonl"]


def test_floors_are_kept_on_file(floors: Any, tmp_path: Path) -> None:
    """What is written is read again."""
    kept = floors.Floors({"news-gold/all/event type": 0.5}, {"a": "b"})
    floors.save(kept, tmp_path / "floors.json")
    assert floors.load(tmp_path / "floors.json") == kept


def test_weighted_f1_counts_a_silent_snippet_as_wrong(floors: Any) -> None:
    """Worked by hand: Attack 2 wanted, 2 found, 1 right; Arrests 1 wanted, none found."""
    snippets = importlib.import_module("bench.snippets")
    pairs = [("Attack", "Attack"), ("Attack", "none"), ("Arrests", "Attack"), ("none", "none")]
    assert snippets.weighted_f1(pairs) == pytest.approx(2 / 3 * 0.5)


def test_plover_counts_what_is_found_where_acled_has_nothing(floors: Any) -> None:
    """One of two found is right, one of three wanted; the demand is out of reach."""
    plover = importlib.import_module("bench.plover")
    pairs = [
        (frozenset({"PROTEST"}), frozenset({"PROTEST"})),
        (frozenset({"REQUEST"}), frozenset({"ASSAULT"})),
        (frozenset({"AGREE"}), frozenset()),
    ]
    got = plover.figures(pairs)
    assert (got["  precision"], got["  recall"], got["F1"]) == pytest.approx((1 / 2, 1 / 3, 2 / 5))
    assert got["F1 of what ACLED covers"] == pytest.approx(2 / 4)


def test_crosswalk_covers_the_codebook(floors: Any) -> None:
    """Each of the 25 sub-event types has its line."""
    plover, snippets = importlib.import_module("bench.plover"), importlib.import_module("bench.snippets")
    known = set(taxonomy().sub_event_types)
    assert set(plover.crosswalk()) == set(snippets.CLASSES.values()) == known
