"""Readings are written as TOML and read again; verdicts are written as JSON and ClaimReview."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.check.edit import HELP, from_toml, to_toml
from tocsin.check.review import RATINGS, About, reviews, to_json, to_script
from tocsin.check.statement import COMPARISONS, KINDS, MEASURES, UNITS, Asked, Checked, Spot, Statement
from tocsin.codebook import taxonomy
from tocsin.errors import DataError

KATI = Spot("Kita", "place", "Mali", 12.744, -8.07, 2455548)
READ = Statement(
    "at least 15 attacks", 10, 29,
    Asked("count", ("Battles",), actors=("Group A",), where=KATI, since="2022-06-01", value=15.0, unit="events"),
    rules=("count.attacks",),
)  # fmt: skip
OPINION = Statement("a clear setback", 40, 55, None, "An opinion.")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
some = st.none() | texts
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.none() | st.dates().map(date.isoformat)
spots = st.none() | st.builds(
    Spot, texts, texts, some, st.none() | numbers, st.none() | numbers, st.none() | st.integers()
)
lists = st.lists(texts, max_size=3).map(tuple)


def one_of(names: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(names)


asked = st.builds(
    Asked, st.sampled_from(KINDS), st.lists(st.sampled_from(sorted(taxonomy().event_types)), max_size=2).map(tuple),
    st.lists(st.sampled_from(sorted(taxonomy().sub_event_types)), max_size=2).map(tuple), lists, lists, spots, spots,
    st.none(), days, one_of(COMPARISONS), st.none() | numbers, one_of(UNITS), days, days, lists, days,
    one_of(MEASURES), some, spots,
)  # fmt: skip
statements = st.lists(
    st.builds(Statement, texts, st.integers(0, 9), st.integers(9, 20), st.none() | asked, texts, lists), max_size=3
)


@settings(max_examples=100, deadline=None)
@given(statements)
def test_what_is_written_is_read_again(found: list[Statement]) -> None:
    assert from_toml(to_toml(found), "a.toml") == found


def test_every_field_is_explained_and_can_be_filled_in() -> None:
    text = to_toml([READ, OPINION])
    assert set(HELP) == {each.name for each in fields(Asked)}
    for each in fields(Asked):
        assert sum(line.strip("# ").startswith(f"{each.name} = ") for line in text.splitlines()) == 1
    edited = text.replace('# until = ""', 'until = "2022-07-31"').replace("value = 15", "value = 20")
    edited = edited.replace('# event = ""', "event = 2022-07-22").replace(
        "# place = {}", 'place = {name="A", kind="place"}'
    )
    asked = from_toml(edited, "a.toml")[0].asked
    assert asked is not None
    assert (asked.until, asked.value, asked.event, asked.place) == (
        "2022-07-31",
        20,
        "2022-07-22",
        Spot("A", "place", None),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "count"', 'kind = "counting"', "found kind = \"counting\", expected 'count'"),
        ('["Battles"]', '["Battle"]', 'found event_types = "Battle", expected one of Battles'),
        ("value = 15", 'value = "15"', 'found value = "15", expected a valid number'),
        ("value = 15", "number = 15", "found number"),
        ('since = "2022-06-01"', 'since = "June"', 'found since = "June", expected a day such as 2022-07-22'),
        ('# until = ""', 'until = "2021-01-01"', 'found until = "2021-01-01", expected 2022-06-01 or later'),
        ('name = "Kita", ', "", "found no name, expected it"),
        ("latitude = 12.744", 'latitude = "12"', 'found where = "12", expected a valid number'),
        ("geonameid = 2455548", "geoname = 1", "expected one of name, kind"),
        ("start = 10", "begin = 10", "found begin"),
        ("end = 29", "end = 5", "found end = 5, expected 10 or more"),
        ("[[statement]]", "[[claim]]", "found claim, expected [[statement]]"),
        ("actors = [", "actors = [[", "expected TOML"),
    ],
)
def test_a_mistake_names_its_line(old: str, new: str, message: str) -> None:
    text = to_toml([OPINION, READ])
    assert old in text
    wrong = text.replace(old, new) if old == "[[statement]]" else new.join(text.rsplit(old, 1))
    with pytest.raises(DataError) as error:
        from_toml(wrong, "a.toml")
    assert message in str(error.value)
    line = wrong.splitlines()[int(str(error.value).split(":")[1]) - 1]
    assert new.strip("[]") in line or "TOML" in message


def test_a_quote_is_compared_with_the_text() -> None:
    whole = "There were at least 15 attacks in June."
    good = Statement("at least 15 attacks", 11, 30, READ.asked)
    assert from_toml(to_toml([good]), "a.toml", whole) == [good]
    with pytest.raises(DataError, match="expected the words from 10 to 29 of the text"):
        from_toml(to_toml([READ]), "a.toml", whole)


# -- JSON and ClaimReview --------------------------------------------------------------------------------------------

CHECKED = [
    Checked(
        READ, "contradicted", "12 events; the text says at least 15.", 12, 10, 14, 0.0, ("MLI1", "MLI2"), ("a note",)
    ),
    Checked(READ, "supported", "20 events.", 20, 20, 20, 1.0),
    Checked(READ, "cannot be told", "x.db has no event."),
    Checked(OPINION, "not checkable", "An opinion."),
]
ABOUT = About("A title", "https://paper.test/1", "The Paper", date(2022, 8, 5), "Desk", "https://desk.test",
              "https://desk.test/check/1", date(2022, 8, 6))  # fmt: skip


def test_json_has_the_reading_and_the_verdict() -> None:
    first, *_, last = to_json(CHECKED)
    again = json.loads(json.dumps(first))
    assert again == {
        **first,
        "rules": ["count.attacks"],
        "events": ["MLI1", "MLI2"],
        "notes": ["a note"],
        "asked": again["asked"],
    }
    assert (first["quote"], first["verdict"], first["low"], first["asked"]["where"]["name"]) == (
        "at least 15 attacks", "contradicted", 10, "Kita")  # fmt: skip
    assert (last["asked"], last["verdict"], last["figure"]) == (None, "not checkable", None)


def test_each_checkable_statement_has_a_review() -> None:
    document = reviews(CHECKED, ABOUT)
    assert document["@context"] == "https://schema.org"
    no, yes, unknown = document["@graph"]
    assert no["reviewRating"] == {
        "@type": "Rating", "alternateName": "Contradicted", "ratingValue": 1, "worstRating": 1,
        "bestRating": 2, "ratingExplanation": "12 events; the text says at least 15.",
    }  # fmt: skip
    assert yes["reviewRating"]["ratingValue"] == RATINGS["supported"] == 2
    assert "ratingValue" not in unknown["reviewRating"]
    assert unknown["reviewRating"]["alternateName"] == "Cannot be told from these data"
    assert (no["claimReviewed"], no["url"]) == ("at least 15 attacks", "https://desk.test/check/1#statement-1")
    assert no["author"] == {"@type": "Organization", "name": "Desk", "url": "https://desk.test"}
    claim = no["itemReviewed"]
    assert (claim["@type"], claim["appearance"]["url"], claim["datePublished"]) == (
        "Claim", "https://paper.test/1", "2022-08-05")  # fmt: skip
    assert claim["author"]["name"] == "The Paper"


RATING = {"type": "object", "required": ["@type", "alternateName"], "additionalProperties": False, "properties": {
    "@type": {"const": "Rating"}, "alternateName": {"type": "string"}, "ratingValue": {"enum": [1, 2]},
    "worstRating": {"const": 1}, "bestRating": {"const": 2}, "ratingExplanation": {"type": "string"}}}  # fmt: skip
SHAPE: dict[str, Any] = {  # what search engines ask of a ClaimReview, and no key that schema.org does not have
    "type": "object", "required": ["@context", "@graph"], "properties": {"@graph": {"items": {
        "required": ["@type", "claimReviewed", "author", "itemReviewed", "reviewRating"], "additionalProperties": False,
        "properties": {"@type": {"const": "ClaimReview"}, "claimReviewed": {"type": "string", "minLength": 1},
                       "url": {"type": "string"}, "reviewBody": {"type": "string"}, "datePublished": {"type": "string"},
                       "author": {"required": ["@type", "name"]}, "itemReviewed": {"required": ["@type"]},
                       "reviewRating": RATING}}}},
}  # fmt: skip


@pytest.mark.parametrize("about", [About(), ABOUT, About(url="https://paper.test/2")])
def test_reviews_have_the_shape_that_others_expect(about: About) -> None:
    from jsonschema import validate

    document = json.loads(to_script(reviews(CHECKED, about)))
    validate(document, SHAPE)
    assert None not in json.dumps(document).split()


def test_no_text_ends_the_script() -> None:
    bad = Statement("</script><script>alert(1)</script>", 0, 5, READ.asked)
    text = to_script(reviews([Checked(bad, "supported", "a")], ABOUT))
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["claimReviewed"] == bad.quote
