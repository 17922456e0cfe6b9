"""Violence or reporting: what each source is, by whom events are known, and whether a change survives."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tocsin.analyse.coverage import COLUMNS, coverage
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of, read_events
from tocsin.analyse.figure import picture
from tocsin.analyse.methods.tellers import months_around, months_later, tellers
from tocsin.errors import UsageError
from tocsin.store import Filter

DATA = Path(__file__).parents[2] / "shared/data/ucdp-ged-events"
ON = date(2021, 1, 1)


def told(source: str | None, *each_month: int, since: date = date(2020, 1, 1), **facts: Any) -> list[dict[str, Any]]:
    """So many events of a source in each month, on the 10th."""
    days = [months_later(since, at).replace(day=10) for at, count in enumerate(each_month) for _ in range(count)]
    return [{"event_id_cnty": f"{source}{at}{since}", "event_date": str(day), "source": source, "time_precision": 1,
             **facts} for at, day in enumerate(days)]  # fmt: skip


def some(*parts: list[dict[str, Any]], since: str = "2020-01-01", until: str = "2021-12-31") -> Events:
    return events_of([row for part in parts for row in part], wanted=Filter(since=since, until=until))


WIRE = told("Wire", *[3] * 24)
LATE = told("Late Post", *[0] * 12, *[3] * 12)
GONE = told("Old Gazette", *[3] * 12)


def kinds(*parts: list[dict[str, Any]], since: str = "2020-01-01") -> dict[str, str]:
    found = tellers(some(*parts, since=since), months_around(ON, 12)).sources
    return dict(found.select("source", "kind").rows())


def line(found: Any, name: str) -> dict[str, Any]:
    (row,) = [row for row in found.table.to_dicts() if row["events_of"] == name]
    return {key: value if not isinstance(value, float) else round(value, 3) for key, value in row.items()}


def test_what_each_source_is() -> None:
    """Half of the months on both sides: throughout; 5 months only: occasional; 4 events in all: occasional."""
    earlier = told("Back Daily", 2, since=date(2019, 5, 1)) + told("Back Daily", *[0] * 12, *[1] * 12)
    half, fewer = [1] * 6 + [0] * 6, [1] * 5 + [0] * 7
    parts = [WIRE, LATE, GONE, earlier, told("Half", *half, *half), told("Five", *fewer, *fewer),
             told("Rare", *[0] * 20, 1, 1, 1, 1), told("Long", *[0] * 12, 5)]  # fmt: skip
    assert kinds(*parts, since="2019-01-01") == {
        "Wire": "throughout", "Late Post": "new", "Old Gazette": "lost", "Back Daily": "back", "Half": "throughout",
        "Five": "occasional", "Rare": "occasional", "Long": "new",
    }  # fmt: skip


def test_a_source_named_twice_for_an_event_is_one_and_lists_are_parted() -> None:
    found = tellers(some(told("Wire; Late Post;  Wire ", *[1] * 24)), months_around(ON, 12))
    assert found.sources.select("source", "before", "after", "only_before", "months_after").rows() == [
        ("Late Post", 12, 12, 0, 12), ("Wire", 12, 12, 0, 12)]  # fmt: skip
    assert found.by_text.select("known", "tellers").rows() == [("throughout", 2)]


def test_a_rise_that_is_reporting_does_not_survive() -> None:
    """72 before, 144 after, 72 of them told by the new source alone: all of the rise."""
    found = coverage(some(told("Wire", *[6] * 24), told("Late Post", *[0] * 12, *[6] * 12)), NO_DRAWS)
    assert found.sentence == (
        "144 events in the 12 months from 2021-01-01, 72 in the 12 months before, 2.00 (90 % interval 1.56 to 2.56) "
        "times; with only the sources that were there throughout 1.00 (90 % interval 0.75 to 1.33) times: the rise "
        "does not survive. 72 events are known only through new sources, 100 % of the rise."
    )
    assert line(found, "sources there throughout")["due_to_others"] == 1.0
    assert line(found, "without new sources")["after"] == 72
    assert line(found, "without lost sources")["after"] == 144
    assert "Nothing earlier than 2020-01-01 was read: a source that seems new may be older." in found.notes


def test_a_rise_of_events_survives() -> None:
    found = coverage(some(told("Wire", *[3] * 12, *[9] * 12)), NO_DRAWS)
    assert "3.0 (90 % interval 2.2 to 4.2) times: the rise survives. 0 events are known only through" in found.sentence


def test_a_fall_for_want_of_a_source_does_not_survive() -> None:
    """Those who stayed tell more, not less."""
    found = coverage(some(told("Wire", *[2] * 12, *[6] * 12), told("Old Gazette", *[12] * 12)), NO_DRAWS)
    assert "the fall does not survive. 144 events are known only through lost sources, 150 % of the fall." in (
        found.sentence
    )


def test_an_event_that_an_old_source_tells_too_is_not_due_to_the_new_one() -> None:
    both = told("Wire; Late Post", *[0] * 12, *[3] * 12)
    found = coverage(some(WIRE, both), NO_DRAWS)
    assert line(found, "without new sources")["after"] == 72
    several = found.tables["told by two or more"].to_dicts()
    assert [(row["several"], row["share"]) for row in several] == [(0, None)] * 12 + [(3, 0.5)] * 12
    assert found.notes[-1].startswith("Two sources or more tell 0 % of the events before and 50 % of those after;")


def test_counts_by_source_and_month() -> None:
    found = coverage(some(WIRE, LATE), NO_DRAWS)
    rows = found.tables["sources by month"].rows()
    assert rows[11:14] == [(date(2020, 12, 1), "Wire", 3), (ON, "Late Post", 3), (ON, "Wire", 3)]
    assert found.tables["months"].rows()[12] == (ON, 3, 0, 3, 0, 0)


def test_no_change_and_few_events_are_told_as_such() -> None:
    assert coverage(some(WIRE), NO_DRAWS).sentence.endswith(" times: no change beyond chance.")
    unsure = coverage(some(LATE, told("Wire", *[1, 0] * 6, *[1, 1] * 6)), NO_DRAWS)
    assert "times: it cannot be told whether the rise survives. 36 events" in unsure.sentence
    few = coverage(some(told("Wire", 1, *[0] * 20, 1)), NO_DRAWS)
    assert few.sentence.endswith(": too few to tell a change.")
    assert few.table["ratio"].to_list() == [None] * 4
    new = coverage(some(LATE, told("Wire", *[1] * 5)), NO_DRAWS, on=ON)
    assert "too few events of sources that were there throughout to say what of it is reporting. 36 " in new.sentence


def test_events_without_a_source_are_nobodys() -> None:
    found = coverage(some(WIRE, told(None, *[1] * 24)), NO_DRAWS)
    assert "24 of 96 events name no source." in found.notes
    assert found.tables["months"]["no source"].sum() == 24


def test_months_on_either_side_are_no_more_than_there_are() -> None:
    found = coverage(some(WIRE, until="2021-03-15"), NO_DRAWS)
    assert "in the 7 months from 2020-08-01" in found.sentence
    assert "Events are there for 7 whole months on either side only." in found.notes
    assert months_later(date(2020, 1, 31), 1) == date(2020, 2, 29)


def test_rough_days_widen_the_interval() -> None:
    events = some(told("Wire", *[3] * 24, time_precision=3), told("Wire", *[30] * 24, since=date(2020, 1, 1)))
    moved = some([{**row, "event_date": row["event_date"][:8] + "01"} for row in told("Wire", *[30] * 24)])
    rough = moved.of(moved.table.with_columns(time_precision=2))
    assert line(coverage(rough, Draws(20)), "all")["ratio_high"] > line(coverage(moved, NO_DRAWS), "all")["ratio_high"]
    assert len(coverage(events, Draws(3)).tables["months"]) == 24


NAMES = st.sampled_from([None, "", "A", "B", "A; B", "C; A", ";", " B "])
DAYS = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(DAYS, NAMES), min_size=40, max_size=80), st.integers(1, 18))
def test_every_event_is_known_in_one_way(rows: list[tuple[date, str | None]], months: int) -> None:
    """The parts by whom events are known add up to all events of the months, and so do the parts of the change."""
    start, end = months_later(ON, -months), months_later(ON, months)
    there = [day for day, _ in rows if start <= day < end]
    assume(there)
    given = [{"event_id_cnty": str(at), "event_date": str(day), "source": name} for at, (day, name) in enumerate(rows)]
    found = coverage(events_of(given, wanted=Filter(since="2019-01-01", until="2022-12-31")), NO_DRAWS, on=ON,
                     months=months)  # fmt: skip
    assert found.tables["months"].drop("month").to_numpy().sum() == len(there)
    assert line(found, "all")["before"] == sum(day < ON for day in there)


BAD = [
    (events_of([]), {}, "found 0 events with a date"),
    (events_of([{"event_id_cnty": "a"}]), {}, "found 0 events with a date"),
    (events_of([{"event_id_cnty": "a", "event_date": "2099-01-01"}]), {}, "found 0 events with a date up to today"),
    (
        some(WIRE[:1], until="2020-01-10"),
        {},
        "found events from 2020-01-01 to 2020-01-10 in events, expected at least two whole months",
    ),
    (some(WIRE), {"on": date(2030, 1, 1)}, "at least a whole month before and after 2030-01-01"),
    (some(WIRE), {"months": 0}, "--months 0: expected from 1 to 240"),
    (some(WIRE, since="2010-01-01"), {"on": date(2012, 1, 1)}, "found no event of events from 2011-01-01 to"),
]


@pytest.mark.parametrize(("events", "options", "said"), BAD, ids=[said for *_, said in BAD])
def test_what_cannot_be_answered_is_told(events: Events, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        coverage(events, NO_DRAWS, **options)


@pytest.mark.parametrize("parts", [[WIRE], [WIRE, LATE, GONE, told(None, 1, 2)], [told("Wire", *[0] * 23, 1)]])
def test_figures(parts: list[list[dict[str, Any]]]) -> None:
    assert picture(coverage(some(*parts), NO_DRAWS), "svg").startswith(b"<?xml")


def test_mexico_in_2007_is_told_by_a_new_source() -> None:
    """The rise of 2007 in these data is for the most part a register that begins in that year."""
    path = DATA / "ged241_mexico.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    events = read_events(path, Filter(since="2002-01-01", until="2008-12-31"), COLUMNS, kind="ucdp-ged")
    found = coverage(events, NO_DRAWS, on=date(2007, 1, 1))
    assert found.tables["sources"].row(0, named=True)["kind"] == "new"
    assert "events are known only through new sources, 89 % of the rise." in found.sentence
