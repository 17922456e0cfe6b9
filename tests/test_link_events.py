"""One event from several claims: whose value wins, and that the order of claims never matters."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.events import Amendment, Member, Policy, build_event

DAY = date(2022, 7, 22).toordinal()


def member(key: str, dead: int | None = None, *, after: int = 1, origin: str = "", **row: object) -> Member:
    """A claim of the raid on Kati, published `after` days later."""
    base = {
        "event_date": "2022-07-22", "time_precision": 1, "event_type": "Battles", "sub_event_type": "Armed clash",
        "actor1": "JNIM", "inter1": "Rebel group", "actor2": "Military Forces of Mali (2021-)",
        "inter2": "State forces",
        "country": "Mali", "location": "Kati", "latitude": 12.74, "longitude": -8.07, "geo_precision": 1,
        "fatalities": dead, "source": f"Paper {key}",
    }  # fmt: skip
    return Member(key, base | row, origin or key, DAY + after)


TOLLS = [member("a", 8, after=1), member("b", 12, after=2), member("c", 12, after=3), member("d", 10, after=3)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [(Policy.lowest, 8), (Policy.latest, 10), (Policy.majority, 12), (Policy.most_reliable, 12)],
)
def test_whose_number_is_published_is_a_policy(policy: Policy, expected: int) -> None:
    row = build_event(TOLLS, policy=policy)
    assert (row["fatalities"], row["fatalities_low"], row["fatalities_high"]) == (expected, 8, 12)
    assert {toll["claim"]: toll["fatalities"] for toll in row["tolls"]} == {"a": 8, "b": 12, "c": 12, "d": 10}


@pytest.mark.parametrize("policy", Policy)
def test_a_report_that_says_nothing_of_dead_does_not_make_them_none(policy: Policy) -> None:
    silent = member("z", 0, after=9, rules=["fatalities: fatalities.not-stated"])
    row = build_event([*TOLLS, silent], policy=policy)
    assert row["fatalities"] > 0
    assert (row["fatalities_low"], row["fatalities_high"]) == (8, 12)
    assert build_event([silent], policy=policy)["fatalities"] == 0


def test_a_source_that_takes_part_in_the_fighting_is_believed_last() -> None:
    boast = Member(
        "army", TOLLS[0].row | {"fatalities": 70, "confidence": {"fatalities": 1.0}}, "army", DAY, party=True
    )
    assert build_event([boast, TOLLS[1]], policy=Policy.most_reliable)["fatalities"] == 12


def test_copies_of_one_text_count_once() -> None:
    copies = [member(key, 5, origin="agency") for key in "abc"] + [member("d", 7), member("e", 7)]
    row = build_event(copies, policy=Policy.majority)
    assert (row["fatalities"], row["sources"], row["claims"]) == (7, 3, 5)


def test_the_clearer_claim_gives_place_day_and_actors() -> None:
    vague = member("a", location="Koulikoro", geo_precision=3, time_precision=2, event_date="2022-07-20",
                   actor1="Unidentified Armed Group (Mali)")  # fmt: skip
    row = build_event([vague, member("b")])
    assert (row["location"], row["event_date"], row["actor1"]) == ("Kati", "2022-07-22", "JNIM")
    assert set(row["chosen"].values()) == {"b"}


def test_no_number_stays_no_number() -> None:
    row = build_event([member("a"), member("b")])
    assert row["fatalities"] is None
    assert row["fatalities_high"] is None
    assert "fatalities" not in row["chosen"]


def test_an_amendment_wins_and_says_so() -> None:
    row = build_event(TOLLS, [Amendment("fatalities", 9, 4), Amendment("fatalities", 11, 7)])
    assert (row["fatalities"], row["fatalities_low"], row["fatalities_high"]) == (11, 8, 12)
    assert row["chosen"]["fatalities"] == "decision 7"


def test_an_amended_date_changes_the_year() -> None:
    assert build_event(TOLLS, [Amendment("event_date", "2021-12-31", 1)])["year"] == 2021


@given(st.permutations(TOLLS), st.sampled_from(Policy))
def test_the_order_of_claims_never_matters(claims: list[Member], policy: Policy) -> None:
    assert build_event(claims, policy=policy) == build_event(TOLLS, policy=policy)


def test_equal_claims_are_told_apart_by_their_keys() -> None:
    claims = [member(key, dead, location=place) for key, dead, place in (("a", 1, "X"), ("b", 2, "Y"), ("c", 3, "Z"))]
    rows = [build_event(order) for order in permutations(claims)]
    assert all(row == rows[0] for row in rows)
    assert rows[0]["location"] == "X"


def test_an_amended_sub_type_changes_its_type() -> None:
    row = build_event(TOLLS, [Amendment("sub_event_type", "Attack", 1)])
    assert (row["event_type"], row["disorder_type"]) == ("Violence against civilians", "Political violence")


def test_type_and_actors_come_from_one_claim() -> None:
    on_civilians = member(
        "c", event_type="Violence against civilians", sub_event_type="Attack", actor2="Civilians (Mali)"
    )
    row = build_event([on_civilians, member("a"), member("b")])
    assert (row["sub_event_type"], row["actor2"]) == ("Armed clash", "Military Forces of Mali (2021-)")


def test_an_amended_number_stays_within_its_range() -> None:
    row = build_event(TOLLS, [Amendment("fatalities", 30, 1)])
    assert (row["fatalities_low"], row["fatalities_best"], row["fatalities_high"]) == (8, 30, 30)
