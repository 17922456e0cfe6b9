"""Who an actor is, by country and day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.countries import countries, country
from tocsin.errors import DataError, UsageError
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry, find_actors
from tocsin.registry.tables import INTERS

REGISTRY = Registry.load()
HERE = Span(0, 1)

# kind, key, country in the words, country of the event, day, admin1, name, inter
ABROAD = "External/Other forces"
CASES = [
    ("state", "military", None, "MLI", "2022-07-22", None, "Military Forces of Mali (2021-)", "State forces"),
    ("state", "military", None, "MLI", "2019-07-22", None, "Military Forces of Mali (2013-2020)", "State forces"),
    ("state", "police", None, "BFA", "2022-03-01", None, "Police Forces of Burkina Faso (2022-2022)", "State forces"),
    ("state", "military", "TUR", "SYR", "2018-01-25", None, "Military Forces of Turkey (2016-)", ABROAD),
    ("state", "military", "TUR", "TUR", "2018-01-25", None, "Military Forces of Turkey (2016-)", "State forces"),
    ("state", "military", "ISR", "PSE", "2023-11-01", None, "Military Forces of Israel (2022-)", ABROAD),
    ("state", "military", None, "PSE", "2023-11-01", None, "Military Forces of Israel (2022-)", ABROAD),
    ("state", "occupiers", None, "UKR", "2023-11-01", None, "Military Forces of Russia (2000-)", ABROAD),
    ("state", "police", None, "NCL", "2024-05-15", None, "Police Forces of France (2017-)", "State forces"),
    ("state", "military", "XAR", "AZE", "2020-10-01", None, "Military Forces of Artsakh (1994-2023)", "State forces"),
    ("state", "mutiny", None, "VEN", "2019-04-30", None,
     "Mutiny of Military Forces of Venezuela (2013-)", "State forces"),
    ("armed", "gunmen", None, "MLI", "2022-01-01", None, "Unidentified Armed Group (Mali)", "Political militia"),
    ("armed", "rebels", None, "TCD", "2022-01-01", None, "Unidentified Armed Group (Chad)", "Political militia"),
    ("armed", "gang", None, "HTI", "2022-01-01", None, "Unidentified Gang (Haiti)", "Political militia"),
    ("armed", "bandits", None, "NGA", "2022-01-01", "Zamfara",
     "Zamfara Communal Militia (Nigeria)", "Identity militia"),
    ("armed", "bandits", None, "NGA", "2022-01-01", None, "Unidentified Armed Group (Nigeria)", "Political militia"),
    ("armed", "bandits", None, "NER", "2022-01-01", "Tahoua", "Unidentified Armed Group (Niger)", "Political militia"),
    ("crowd", "protesters", None, "KEN", "2024-06-25", None, "Protesters (Kenya)", "Protesters"),
    ("crowd", "settlers", None, "PSE", "2024-06-25", None, "Rioters (Israel)", "Rioters"),
    ("civilians", "students", None, "COD", None, None, "Civilians (Democratic Republic of Congo)", "Civilians"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "key", "home", "where", "day", "admin1", "name", "inter"), CASES)
def test_resolve(
    kind: str, key: str, home: str | None, where: str, day: str | None, admin1: str | None, name: str, inter: str
) -> None:
    mention = ActorMention(HERE, kind, key, home)  # type: ignore[arg-type]
    actor = REGISTRY.resolve(mention, where, date.fromisoformat(day) if day else None, admin1)
    assert (actor.name, actor.inter) == (name, inter)
    assert actor.rule.startswith(kind)


@pytest.mark.parametrize(
    ("text", "where", "day", "name"),
    [
        ("Al-Shabaab attacked", "SOM", "2021-01-01", "Al Shabaab"),
        ("UN peacekeepers fired", "CAF", "2021-01-01", "MINUSCA"),
        ("The Taliban fired", "AFG", "2020-01-01", "Taliban"),
        ("The Taliban fired", "AFG", "2023-01-01", "Military Forces of Afghanistan (2021-)"),
    ],
)
def test_names_depend_on_country_and_day(text: str, where: str, day: str, name: str) -> None:
    (mention,) = find_actors(text, "en", REGISTRY)
    actor = REGISTRY.resolve(mention, where, date.fromisoformat(day))
    assert actor.name.split(":")[0] == name


def test_associated_actors() -> None:
    students = ActorMention(HERE, "civilians", "students")
    officials = ActorMention(HERE, "civilians", "officials")
    assert REGISTRY.associated(students, "MLI") == "Students (Mali)"
    assert REGISTRY.associated(officials, "MLI", date(2022, 1, 1)) == "Government of Mali (2021-)"
    assert REGISTRY.associated(ActorMention(HERE, "civilians", "people"), "MLI") is None


def test_unknown_keys_are_usage_errors() -> None:
    for mention in (ActorMention(HERE, "group", "no-such-group"), ActorMention(HERE, "armed", "martians")):
        with pytest.raises(UsageError, match=r"no-such-group|martians"):
            REGISTRY.resolve(mention, "MLI", None)


def test_data_are_consistent() -> None:
    """Every code in the tables exists, regimes do not overlap, every group key has a group."""
    known = {each.iso3 for each in countries()} | set(REGISTRY.states)
    assert set(REGISTRY.regimes) <= known
    assert {body.state for body in REGISTRY.bodies} <= known
    assert {body.body for body in REGISTRY.bodies} <= set(REGISTRY.labels["bodies"])
    assert all(a.end == b.start for found in REGISTRY.regimes.values() for a, b in pairwise(found))
    for group in REGISTRY.groups.values():
        assert set(group.countries) <= known, group.id
    assert set(REGISTRY.successions) <= set(REGISTRY.groups)
    for missions in REGISTRY.labels["peacekeepers"].values():
        assert {name.lower() for name in missions} <= set(REGISTRY.groups)


def test_every_key_of_the_word_lists_resolves() -> None:
    """No word of any language leads to a key without a name."""
    for lang in ("en", "fr"):
        for word in REGISTRY.words(lang).senses():
            if word.kind in ("state", "armed", "crowd", "civilians"):
                mention = ActorMention(HERE, word.kind, word.key, word.country, word.unit)
                assert REGISTRY.resolve(mention, "MLI", date(2022, 1, 1)).inter in INTERS


@given(st.sampled_from(countries()), st.dates(date(1997, 1, 1), date(2026, 12, 31)))
def test_the_regime_covers_the_day(place: object, day: date) -> None:
    """Where regimes are known, the one chosen has begun (or none had) and is not over."""
    found = REGISTRY.regime(place.iso3, day)  # type: ignore[attr-defined]
    if found and found.start <= day.isoformat():
        assert not found.end or day.isoformat() < found.end or found is REGISTRY.regimes[found.state][-1]


def test_a_change_of_regime_changes_the_name() -> None:
    before = date(2023, 7, 25)
    names = [REGISTRY.state_name("NER", before + timedelta(days=n))[0] for n in (0, 1)]
    assert names == ["Niger (2021-2023)", "Niger (2023-)"]
    assert country("NER") is not None


def test_extra_groups_are_added_and_checked(tmp_path: Path) -> None:
    good, bad = tmp_path / "groups.csv", tmp_path / "bad.csv"
    head = "id,name,aliases_en,aliases_fr,inter,countries,valid_from,valid_to,parent,note\n"
    good.write_text(head + "zorro,Zorro Brigade,Zorros,,Rebel group,MEX,2020,,,\n", encoding="utf-8")
    bad.write_text(head + "zorro,Zorro Brigade,Zorros,,Heroes,MEX,2020,,,\n", encoding="utf-8")
    registry = Registry.load(good)
    assert [m.key for m in find_actors("Two Zorros fell.", "en", registry)] == ["zorro"]
    assert not [m for m in find_actors("Two Zorros fell.", "en", REGISTRY) if m.kind == "group"]
    with pytest.raises(DataError, match=r"bad\.csv:2: found inter 'Heroes'"):
        Registry.load(bad)
