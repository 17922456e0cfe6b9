"""The codebook's fatality rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.codebook.fatalities import fatalities, split
from tocsin.model import Count, Number, Side, Span

NOWHERE: frozenset[str] = frozenset()
BATTLE = frozenset({"battle"})


def number(value: int | None, rule: str = "exact", low: int | None = None, high: int | None = None) -> Number:
    return Number(Span(0, 1), value if low is None and value is not None else low or 0, value, high or value, rule)


def killed(n: Number | int, at: int = 0, side: Side | None = None, rule: str = "kill.number", **more: Any) -> Count:
    value = number(n) if isinstance(n, int) else n
    return Count(Span(at, at + 5), "killed", value, rule, None, side, **more)


def test_exact() -> None:
    toll = fatalities([killed(5)], NOWHERE)
    assert (toll.best, toll.low, toll.high, toll.rule) == (5, 5, 5, "fatalities.exact")
    assert toll.spans == (Span(0, 5),)


def test_nothing_said_and_nobody() -> None:
    assert fatalities([], NOWHERE).rule == "fatalities.not-stated"
    toll = fatalities([killed(number(0, "none"))], NOWHERE)
    assert (toll.best, toll.rule) == (0, "fatalities.none")


def test_all_sides_together() -> None:
    counts = [killed(1, 0, "state"), killed(7, 20, "attackers", "kill.number.and")]
    assert fatalities(counts, NOWHERE).best == 8


def test_a_total_is_not_added_to_its_parts() -> None:
    counts = [killed(13), killed(8, 20, "state"), killed(5, 40, "attackers")]
    toll = fatalities(counts, NOWHERE)
    assert (toll.best, toll.rule) == (13, "fatalities.total")


def test_the_same_number_again_is_the_same_figure() -> None:
    assert fatalities([killed(5, 0, "civilians"), killed(5, 900, "civilians")], NOWHERE).best == 5


def test_parts_and_sums_over_time_and_other_kinds_do_not_count() -> None:
    counts = [
        killed(5),
        killed(3, 10, "civilians", "part-of"),
        killed(400, 50, cumulative=True),
        replace(killed(9, 70), kind="injured"),
    ]
    assert fatalities(counts, NOWHERE).best == 5


def test_a_revision_replaces_what_came_before() -> None:
    toll = fatalities([killed(12), killed(17, 300, revision=True)], NOWHERE)
    assert (toll.best, toll.rule) == (17, "fatalities.revised")


def test_a_revised_side_leaves_the_others() -> None:
    counts = [killed(2, 0, "state"), killed(3, 60, "state", revision=True), killed(1, 90, "attackers")]
    assert fatalities(counts, NOWHERE).best == 4


def test_boasts_only_widen_the_range() -> None:
    toll = fatalities([killed(11, 0, "state"), killed(60, 300, "state", said_by="perpetrator")], NOWHERE)
    assert (toll.best, toll.high) == (11, 60)


def test_lowest_of_figures_side_by_side() -> None:
    toll = fatalities([killed(15, 0), killed(12, 30)], NOWHERE)
    assert (toll.best, toll.high) == (12, 15)


def test_the_bomber_counts_unless_included() -> None:
    bomber = killed(number(1, "singular"), 0, "attackers", "bomber.singular")
    assert fatalities([bomber, killed(5, 40, "civilians")], NOWHERE).best == 6
    included = killed(number(1, "singular"), 60, "attackers", "part-of")
    assert fatalities([bomber, killed(5, 40), included], NOWHERE).best == 5


def test_people_of_no_side_joined_to_others_are_added() -> None:
    counts = [killed(3), killed(number(1, "singular"), 20, "civilians", "kill.singular.and")]
    assert fatalities(counts, NOWHERE).best == 4


def test_losses_admitted_are_taken_before_those_claimed() -> None:
    counts = [
        killed(11, 0, "state"),
        killed(20, 30, "attackers", said_by="official"),
        killed(3, 400, "attackers", "lose.number", said_by="perpetrator"),
    ]
    toll = fatalities(counts, NOWHERE)
    assert (toll.best, toll.high) == (14, 20)


def test_bodies_found_later_are_among_the_dead_told_before() -> None:
    counts = [killed(8, 0, "state"), killed(5, 100, None, "dead.number"), killed(10, 200, "attackers")]
    assert fatalities(counts, NOWHERE).best == 18


@pytest.mark.parametrize(
    ("n", "context", "best", "rule"),
    [
        (Number(Span(0, 1), 2, None, None, "several"), NOWHERE, 3, "fatalities.vague-3"),
        (Number(Span(0, 1), 2, None, None, "several"), BATTLE, 10, "fatalities.vague-10"),
        (Number(Span(0, 1), 12, 12, None, "dozens"), NOWHERE, 12, "fatalities.vague-word"),
        (Number(Span(0, 1), 10, 10, None, "tens"), NOWHERE, 10, "fatalities.vague-word"),
        (Number(Span(0, 1), 100, 100, None, "hundreds"), NOWHERE, 100, "fatalities.vague-word"),
        (Number(Span(0, 1), 37, 37, None, "at_least"), NOWHERE, 37, "fatalities.at-least"),
        (Number(Span(0, 1), 35, 35, 40, "range"), NOWHERE, 35, "fatalities.range"),
        (Number(Span(0, 1), 0, None, 40, "up_to"), NOWHERE, 3, "fatalities.up-to"),
        (Number(Span(0, 1), 0, None, 2, "up_to"), BATTLE, 2, "fatalities.up-to"),
    ],
)
def test_words_and_bounds(n: Number, context: frozenset[str], best: int, rule: str) -> None:
    toll = fatalities([killed(n)], context)
    assert (toll.best, toll.rule) == (best, rule)
    assert toll.note


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [(12, 3, [4, 4, 4]), (13, 3, [5, 4, 4]), (14, 3, [5, 5, 4]), (1, 3, [1, 0, 0]), (5, 2, [3, 2])],
)
def test_split(total: int, parts: int, expected: list[int]) -> None:
    assert split(total, parts) == expected


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_split_keeps_the_sum_and_is_even(total: int, parts: int) -> None:
    shares = split(total, parts)
    assert sum(shares) == total
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@given(
    st.lists(
        st.builds(
            killed,
            st.integers(0, 500),
            st.integers(0, 3000),
            st.sampled_from([None, "civilians", "state", "attackers"]),
            st.sampled_from(["kill.number", "part-of", "superseded", "disputed", "die.number.and", "bomber.singular"]),
            revision=st.booleans(),
            said_by=st.sampled_from([None, "perpetrator", "official"]),
        ),
        max_size=8,
    )
)
def test_low_best_high_are_ordered(counts: list[Count]) -> None:
    toll = fatalities(counts, NOWHERE)
    assert 0 <= toll.low <= toll.best <= toll.high
    assert toll.rule.startswith("fatalities.")
