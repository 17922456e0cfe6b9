"""Who is active, since when, against whom: short, hand-computed cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.analyse import actors as asked
from tocsin.analyse.actors import actors
from tocsin.analyse.answer import Answer
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of
from tocsin.analyse.figure import picture
from tocsin.errors import UsageError
from tocsin.store import Filter

LAKE, ARMY, PEOPLE = "Lake Front", "Military Forces of Mali", "Civilians (Mali)"
TOLD: list[dict[str, Any]] = [
    {"event_date": "2022-02-01", "actor1": LAKE, "actor2": ARMY, "admin1": "Mopti", "fatalities": 5},
    {"event_date": "2022-03-01", "actor1": ARMY, "actor2": LAKE, "admin1": "Gao", "fatalities": 2},
    {"event_date": "2023-05-01", "actor1": LAKE, "actor2": PEOPLE, "admin1": "Gao", "fatalities": 1},
    {"event_date": "2024-11-01", "actor1": LAKE, "actor2": PEOPLE, "admin1": "Kayes", "fatalities": None,
     "assoc_actor_1": "River Guard; Hill Guard", "assoc_actor_2": "Teachers (Mali)"},
    {"event_date": "2024-12-01", "actor1": "River Guard", "actor2": LAKE, "admin1": "Kayes", "fatalities": 4},
]  # fmt: skip
WHOLE = Filter(since="2022-01-01", until="2024-12-31")


def some(*told: dict[str, Any], wanted: Filter | None = WHOLE) -> Events:
    rows = [
        {"event_id_cnty": f"e{at}", "country": "Mali", "time_precision": 1, "fatalities": 0, **each}
        for at, each in enumerate(told)
    ]
    return events_of(rows, wanted=wanted)


def found(*told: dict[str, Any], **options: Any) -> Answer:
    return actors(some(*(told or TOLD)), NO_DRAWS, **options)


def test_activity_of_each_actor() -> None:
    """Associated actors are in the event, too; the dead of an event count for each of its actors."""
    table = found().table.select("actor", "events", "fatalities", "share", "first", "last", "opponents", "areas")
    assert table.rows() == [
        (LAKE, 5, 12, 1.0, date(2022, 2, 1), date(2024, 12, 1), 3, 3),
        (PEOPLE, 2, 1, 0.4, date(2023, 5, 1), date(2024, 11, 1), 1, 2),
        (ARMY, 2, 7, 0.4, date(2022, 2, 1), date(2022, 3, 1), 1, 2),
        ("River Guard", 2, 4, 0.4, date(2024, 11, 1), date(2024, 12, 1), 1, 1),
        ("Hill Guard", 1, 0, 0.2, date(2024, 11, 1), date(2024, 11, 1), 0, 1),
        ("Teachers (Mali)", 1, 0, 0.2, date(2024, 11, 1), date(2024, 11, 1), 0, 1),
    ]


def test_who_is_new_and_who_is_silent() -> None:
    """In the last 180 days, from 5 July 2024."""
    table = {row["actor"]: (row["new"], row["silent"]) for row in found().table.to_dicts()}
    assert table[LAKE] == (False, False)
    assert table[ARMY] == (False, True)
    assert table["River Guard"] == (True, False)
    assert found().sentence == (
        f"{LAKE} is in the most events: 5, 100 % of all 5; of 6 actors 3 came in the last 180 days and 1 were not seen "
        "in them."
    )


def test_the_edge_of_recent_days() -> None:
    """Of 31 days to 31 December, 1 December is the first."""
    for recent, new in ((30, 0), (31, 1)):
        told = [TOLD[0], {**TOLD[0], "event_date": "2024-12-01", "actor1": "Late"}]
        assert found(*told, recent=recent).table["new"].sum() == new


def test_a_short_period_does_not_tell_who_is_new() -> None:
    """Less than twice the recent days: everybody would be new."""
    answer = found(recent=600)
    assert answer.table["new"].null_count() == answer.table["silent"].null_count() == 6
    assert "arrivals" not in answer.tables
    assert any("shorter than 1200 days" in note for note in answer.notes)


def test_who_meets_whom() -> None:
    """Either may attack; an associated actor meets nobody."""
    table = found().tables["dyads"].select("one", "other", "events", "fatalities", "first", "last")
    assert table.rows() == [
        (PEOPLE, LAKE, 2, 1, date(2023, 5, 1), date(2024, 11, 1)),
        (LAKE, ARMY, 2, 7, date(2022, 2, 1), date(2022, 3, 1)),
        (LAKE, "River Guard", 1, 4, date(2024, 12, 1), date(2024, 12, 1)),
    ]


def test_several_names_in_one_column() -> None:
    """Each of the first side meets each of the second; a group may meet itself; an empty name is none."""
    table = found({"event_date": "2024-01-01", "actor1": "A; B", "actor2": "B; C; "}).tables["dyads"]
    assert table.select("one", "other").rows() == [("A", "B"), ("A", "C"), ("B", "B"), ("B", "C")]


def test_who_is_new_in_a_place() -> None:
    """Only groups with a name; `elsewhere` tells who came from another area."""
    table = found().tables["arrivals"].select("actor", "admin1", "first", "events", "elsewhere")
    assert table.rows() == [
        ("Hill Guard", "Kayes", date(2024, 11, 1), 1, False),
        (LAKE, "Kayes", date(2024, 11, 1), 2, True),
        ("River Guard", "Kayes", date(2024, 11, 1), 2, False),
        ("Teachers (Mali)", "Kayes", date(2024, 11, 1), 1, False),
    ]


def test_a_kind_is_the_one_coded_most_often() -> None:
    told = [
        {"event_date": "2024-01-01", "actor1": "A", "inter1": kind} for kind in ("Rebel group", "Rioters", "Rioters")
    ]
    assert found(*told).table["kind"].to_list() == ["Rioters"]


def test_intervals_hold_the_figures() -> None:
    """Doubtful days leave the period, doubtful deaths vary, a doubtful arrival has its chance."""
    rough = {**TOLD[0], "event_date": "2024-07-06", "time_precision": 2, "actor1": "New", "fatalities_high": 9}
    answer = actors(some(*TOLD, rough), Draws(400))
    army = answer.table.filter(answer.table["actor"] == ARMY).row(0, named=True)
    assert (army["events_low"], army["events"], army["events_high"]) == (3, 3, 3)
    assert army["fatalities_low"] == 12 == army["fatalities"] < army["fatalities_high"] <= 16
    chance = answer.tables["arrivals"].filter(answer.tables["arrivals"]["actor"] == "New")["chance"][0]
    assert chance == pytest.approx(5 / 7, abs=0.07)  # 5 of 7 days are in the last 180
    assert {"events_low", "fatalities_high"} <= set(answer.tables["dyads"].columns)


def test_a_share_of_few_events_is_not_given() -> None:
    answer = actors(some(*TOLD[:4]), Draws(5))
    for name in ("share", "share_low", "share_high"):
        assert answer.table[name].null_count() == len(answer.table)


def test_many_events_are_drawn_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "DRAWN", 100)
    assert "Intervals rest on 20 draws, as 5 events are many." in actors(some(*TOLD), Draws(100)).notes


def test_what_is_left_out_is_noted() -> None:
    answer = found(*TOLD, {"event_date": None, "actor1": LAKE}, {"event_date": "2023-01-01"})
    assert "Events without a date, which are not counted: 1." in answer.notes
    assert "Events that name no actor: 1." in answer.notes


BAD: list[tuple[Events, dict[str, Any], str]] = [
    (some(), {}, "found 0 events with a date and an actor"),
    (some({"event_date": None, "actor1": "A"}), {}, "found 0 events with a date"),
    (some({"event_date": "2024-01-01"}), {}, "found 0 events with a date and an actor"),
    (some(*TOLD), {"recent": 0}, "--recent 0: expected 1 day or more"),
]


@pytest.mark.parametrize(("events", "options", "said"), BAD)
def test_what_cannot_be_answered_is_told(events: Events, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        actors(events, NO_DRAWS, **options)


def test_figures() -> None:
    """Of one event, of one actor alone, of names with signs of formulas, of many."""
    for told in ([TOLD[0]], [{"event_date": "2024-01-01", "actor1": "A$B$ {x}_^"}], TOLD):
        for form in ("png", "svg"):
            assert picture(found(*told), form)


NAMES = st.sampled_from([None, "A", "B", "C; D", "Civilians (Mali)", "A; C"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(NAMES, NAMES, NAMES, st.dates(date(2022, 1, 1), date(2024, 12, 31))), min_size=1, max_size=20)
)
def test_actors_are_counted_as_a_loop_counts_them(told: list[tuple[Any, ...]]) -> None:
    """Events of each actor and each pair, whatever the order of the events."""
    events = [
        {"event_date": str(day), "actor1": a, "actor2": b, "assoc_actor_1": c, "fatalities": at}
        for at, (a, b, c, day) in enumerate(told)
    ]
    each, pairs = dict[str, int](), dict[tuple[str, str], int]()
    for a, b, c, _ in told:
        one, two, more = (set((name or "").split("; ")) - {""} for name in (a, b, c))
        for name in one | two | more:
            each[name] = each.get(name, 0) + 1
        for x, y in {(min(x, y), max(x, y)) for x in one for y in two}:
            pairs[x, y] = pairs.get((x, y), 0) + 1
    if not each:
        return
    answer = found(*events)
    assert dict(answer.table.select("actor", "events").rows()) == each
    assert {(a, b): n for a, b, n in answer.tables["dyads"].select("one", "other", "events").rows()} == pairs
