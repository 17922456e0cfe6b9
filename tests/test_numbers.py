"""Numbers and vague quantities."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.read.numbers import find_numbers

CASES = [
    ("en", "At least 37 people", [("At least 37", 37, 37, None, "at_least")]),
    ("en", "1,200 men", [("1,200", 1200, 1200, 1200, "exact")]),
    ("en", "twenty-one men", [("twenty-one", 21, 21, 21, "exact")]),
    ("en", "one hundred and five men", [("one hundred and five", 105, 105, 105, "exact")]),
    ("en", "two dozen men", [("two dozen", 24, 24, 24, "exact")]),
    ("en", "half a dozen men", [("half a dozen", 6, 6, 6, "exact")]),
    ("en", "1.5 million people", [("1.5 million", 1500000, 1500000, 1500000, "exact")]),
    ("en", "dozens were hurt", [("dozens", 12, 12, None, "dozens")]),
    ("en", "several men", [("several", 2, None, None, "several")]),
    ("en", "up to 40 men", [("up to 40", 0, None, 40, "up_to")]),
    ("en", "nearly 50 men", [("nearly 50", 50, 50, 50, "about")]),
    ("en", "between 35 and 40 men", [("between 35 and 40", 35, 35, 40, "range")]),
    ("en", "35-40 men", [("35-40", 35, 35, 40, "range")]),
    ("en", "rose from 12 to 17", [("12", 12, 12, 12, "exact"), ("17", 17, 17, 17, "exact")]),
    ("en", "no one was killed", [("no one", 0, 0, 0, "none")]),
    ("en", "no casualties", [("no", 0, 0, 0, "none")]),
    ("fr", "1.200 hommes", [("1.200", 1200, 1200, 1200, "exact")]),
    ("fr", "1 200 hommes", [("1 200", 1200, 1200, 1200, "exact")]),
    ("fr", "soixante-dix-sept morts", [("soixante-dix-sept", 77, 77, 77, "exact")]),
    ("fr", "cent dix-huit morts", [("cent dix-huit", 118, 118, 118, "exact")]),
    ("fr", "trente et un soldats", [("trente et un", 31, 31, 31, "exact")]),
    ("fr", "quatre-vingt-dix-sept morts", [("quatre-vingt-dix-sept", 97, 97, 97, "exact")]),
    ("fr", "une quarantaine de blessés", [("une quarantaine", 40, 40, 40, "about")]),
    ("fr", "des dizaines de morts", [("des dizaines", 10, 10, None, "tens")]),
    ("fr", "des centaines de morts", [("des centaines", 100, 100, None, "hundreds")]),
    ("fr", "quatre policiers au moins", [("quatre", 4, 4, None, "at_least")]),
    ("fr", "entre 35 et 40 morts", [("entre 35 et 40", 35, 35, 40, "range")]),
    ("fr", "jusqu'à 40 morts", [("jusqu'à 40", 0, None, 40, "up_to")]),
    ("fr", "aucune victime", [("aucune", 0, 0, 0, "none")]),
]

NO_PEOPLE = [
    ("en", "a man aged 22"),
    ("en", "a 22-year-old"),
    ("en", "15 km north"),
    ("en", "a 7.7-magnitude quake"),
    ("en", "30% of it"),
    ("en", "$500"),
    ("en", "in 2019"),
    ("en", "on 5 May"),
    ("en", "on May 5"),
    ("en", "at 14:30"),
    ("en", "two hours later"),
    ("en", "a Su-25"),
    ("en", "the 3rd brigade"),
    ("fr", "âgé de 22 ans"),
    ("fr", "la 3e brigade"),
    ("fr", "à 15 km"),
    ("fr", "lundi 5 mai"),
    ("fr", "sur la RN1"),
    ("fr", "à 14h30"),
    ("fr", "5 000 francs CFA"),
    ("fr", "30 %"),
]


@pytest.mark.parametrize(("lang", "text", "expected"), CASES)
def test_numbers(lang: str, text: str, expected: list[tuple[str, int, int | None, int | None, str]]) -> None:
    assert [(n.span.of(text), n.low, n.best, n.high, n.rule) for n in find_numbers(text, lang)] == expected


@pytest.mark.parametrize(("lang", "text"), NO_PEOPLE)
def test_what_counts_no_people_is_left_out(lang: str, text: str) -> None:
    assert find_numbers(text, lang) == ()


@given(st.integers(0, 1899), st.sampled_from(["en", "fr"]))
def test_any_digits_before_people_are_read(value: int, lang: str) -> None:
    text = {"en": f"There {value} people fled", "fr": f"Ainsi {value} personnes ont fui"}[lang]
    assert [n.best for n in find_numbers(text, lang)] == [value]


@given(st.text(alphabet="0123456789 ,.-ad'enot", max_size=60), st.sampled_from(["en", "fr"]))
def test_spans_are_ordered_and_bounds_too(text: str, lang: str) -> None:
    numbers = find_numbers(text, lang)
    for number in numbers:
        assert 0 <= number.span.start < number.span.end <= len(text)
        assert number.best is None or number.low <= number.best <= (number.high or number.best)
    assert all(a.span.end <= b.span.start for a, b in pairwise(numbers))
