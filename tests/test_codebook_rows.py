"""Names of actors, columns and the checks of one row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.codebook import COLUMNS, Regime, check, columns, fill, parse_name, regime_of
from tocsin.codebook import naming as names
from tocsin.errors import UsageError

MALI = Regime(2021)

NAMES = [
    (names.military("Mali", MALI), "Military Forces of Mali (2021-)", "military", "State forces"),
    (
        names.military("Mali", Regime(2020, 2021), "Air Force"),
        "Military Forces of Mali (2020-2021) Air Force",
        "military",
        "State forces",
    ),
    (
        names.police("India", Regime(2014), "Assam Rifles"),
        "Police Forces of India (2014-) Assam Rifles",
        "police",
        "State forces",
    ),
    (
        names.mutiny("Guinea", Regime(2010, 2021)),
        "Mutiny of Military Forces of Guinea (2010-2021)",
        "mutiny",
        "State forces",
    ),
    (names.government("Niger", Regime(2023)), "Government of Niger (2023-)", "government", "State forces"),
    (names.generic("Protesters", "Mali"), "Protesters (Mali)", "protesters", "Protesters"),
    (names.generic("Rioters", "Mali"), "Rioters (Mali)", "rioters", "Rioters"),
    (names.generic("Civilians", "International"), "Civilians (International)", "civilians", "Civilians"),
    (names.generic("Students", "Mali"), "Students (Mali)", "associated", None),
    (
        names.unidentified_armed_group("Mali"),
        "Unidentified Armed Group (Mali)",
        "unidentified_group",
        "Political militia",
    ),
    (
        names.unidentified_militia("Clan", "Somalia"),
        "Unidentified Clan Militia (Somalia)",
        "unidentified_militia",
        "Identity militia",
    ),
    (names.communal("Darfur", "Sudan"), "Darfur Communal Militia (Sudan)", "communal", "Identity militia"),
    (names.ethnic("Fulani", "Nigeria"), "Fulani Ethnic Militia (Nigeria)", "ethnic", "Identity militia"),
    (names.clan("Marehan", "Somalia"), "Marehan Clan Militia (Somalia)", "clan", "Identity militia"),
    (names.tribal("Misseriya", "Sudan"), "Misseriya Tribal Militia (Sudan)", "tribal", "Identity militia"),
    (names.abbreviated("M23", "March 23 Movement"), "M23: March 23 Movement", "abbreviated", None),
    (fill("unidentified_gang"), "Unidentified Gang", "unidentified_gang", "Political militia"),
    (fill("unidentified_gang", country="Haiti"), "Unidentified Gang (Haiti)", "unidentified_gang", "Political militia"),
    (fill("islamic_state", branch="Iraq"), "Islamic State (Iraq)", "islamic_state", "Rebel group"),
    ("Al Shabaab", "Al Shabaab", "plain", None),
    ("Operation Restoring Hope", "Operation Restoring Hope", "plain", None),
]


@pytest.mark.parametrize(("built", "written", "kind", "inter"), NAMES)
def test_names(built: str, written: str, kind: str, inter: str | None) -> None:
    """A name is written as the codebook writes it, and read back."""
    parsed = parse_name(built)
    assert (built, parsed.kind, parsed.inter) == (written, kind, inter)
    assert not list(names.flaws(written))


def test_parts_of_a_name() -> None:
    parsed = parse_name("Military Forces of Yemen (2016-) Supreme Political Council")
    assert dict(parsed.parts) == {"state": "Yemen", "years": "2016-", "unit": "Supreme Political Council"}
    assert regime_of("Military Forces of Mali (2020-2021)") == Regime(2020, 2021)
    assert regime_of("Al Shabaab") is None


WORD = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=12)


@given(WORD, st.integers(1900, 2100), st.none() | st.integers(0, 40), st.none() | WORD)
def test_a_military_name_round_trips(state: str, first: int, years: int | None, unit: str | None) -> None:
    regime = Regime(first, None if years is None else first + years)
    parsed = parse_name(names.military(state, regime, unit))
    assert (parsed.kind, parsed.parts["state"], parsed.parts.get("unit")) == ("military", state, unit)
    assert regime_of(names.military(state, regime, unit)) == regime


@pytest.mark.parametrize(
    ("name", "flaw"),
    [
        ("Military Forces of Mali", "no regime years"),
        ("Military Forces of Mali (2021)", "no regime years"),
        ("Police Forces of Mali (2021 - )", "years written (2021 - )"),
        ("Government of Mali (2021-2020)", "years that end before they begin (2021-2020)"),
        ("Protesters (Mali", "brackets that do not match"),
        ("Al  Shabaab", "spaces too many"),
    ],
)
def test_flaws(name: str, flaw: str) -> None:
    assert flaw in list(names.flaws(name))


def test_a_missing_part_is_told() -> None:
    with pytest.raises(UsageError, match="a name of the kind 'military' needs years"):
        fill("military", state="Mali")
    with pytest.raises(UsageError, match="'army' is no pattern"):
        fill("army", state="Mali")


def test_columns() -> None:
    """31, in the order of the export."""
    assert len(COLUMNS) == 31
    assert (COLUMNS[0], COLUMNS[15], COLUMNS[30]) == ("event_id_cnty", "iso", "timestamp")
    assert {c.name for c in columns() if c.blank} >= {"actor2", "inter2", "tags", "civilian_targeting"}


# ---- checks ---------------------------------------------------------------------------------------------------------

ATTACK: dict[str, object] = {
    "event_id_cnty": "MLI1234",
    "event_date": "2024-05-03",
    "year": 2024,
    "time_precision": 1,
    "disorder_type": "Political violence",
    "event_type": "Violence against civilians",
    "sub_event_type": "Attack",
    "actor1": "JNIM: Group for Support of Islam and Muslims",
    "assoc_actor_1": "",
    "inter1": "Rebel group",
    "actor2": "Civilians (Mali)",
    "assoc_actor_2": "Farmers (Mali); Women (Mali)",
    "inter2": "Civilians",
    "interaction": "Rebel group-Civilians",
    "civilian_targeting": "Civilians targeted",
    "iso": 466,
    "region": "Western Africa",
    "country": "Mali",
    "admin1": "Mopti",
    "admin2": None,
    "admin3": None,
    "location": "Bankass",
    "latitude": 14.0736,
    "longitude": -3.5183,
    "geo_precision": 1,
    "source": "Delta News",
    "source_scale": "National",
    "notes": "On 3 May 2024, ...",
    "fatalities": 3,
    "tags": "",
    "timestamp": 1714900000,
}
CLASH = ATTACK | {
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor2": "Military Forces of Mali (2021-)",
    "assoc_actor_2": "",
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": "",
}
PROTEST = ATTACK | {
    "event_type": "Protests",
    "sub_event_type": "Peaceful protest",
    "disorder_type": "Demonstrations",
    "actor1": "Protesters (Mali)",
    "inter1": "Protesters",
    "actor2": None,
    "assoc_actor_2": None,
    "inter2": None,
    "interaction": "Protesters only",
    "civilian_targeting": None,
    "fatalities": 0,
}
NUMERIC = ATTACK | {
    "inter1": 2,
    "inter2": "7",
    "interaction": 27,
    "latitude": "14.0736",
    "year": "2024",
    "fatalities": "3",
}


@pytest.mark.parametrize(
    "row", [ATTACK, CLASH, PROTEST, NUMERIC, PROTEST | {"inter1": 6, "inter2": 0, "interaction": 60}]
)
def test_a_right_row_has_no_findings(row: dict[str, object]) -> None:
    """Text or numbers, blanks as "", None or 0."""
    assert check(row) == []


@pytest.mark.parametrize(
    ("row", "change", "code", "column"),
    [
        (ATTACK, {"event_id_cnty": "ML1234"}, "E1", "event_id_cnty"),
        (ATTACK, {"event_id_cnty": None}, "E1", "event_id_cnty"),
        (ATTACK, {"year": 2023}, "E2", "year"),
        (ATTACK, {"event_date": "3 May 2024"}, "E2", "event_date"),
        (ATTACK, {"event_type": "Riots"}, "E3", "event_type"),
        (ATTACK, {"sub_event_type": "Assault"}, "E3", "sub_event_type"),
        (ATTACK, {"disorder_type": "Demonstrations"}, "E4", "disorder_type"),
        (ATTACK, {"interaction": "Civilians-Rebel group"}, "E6", "interaction"),
        (ATTACK, {"interaction": 72}, "E6", "interaction"),
        (ATTACK, {"inter1": "Aliens"}, "E6", "inter1"),
        (ATTACK, {"inter1": "", "inter2": ""}, "E6", "inter1"),
        (ATTACK, {"civilian_targeting": ""}, "E7", "civilian_targeting"),
        (ATTACK, {"civilian_targeting": "yes"}, "E7", "civilian_targeting"),
        (ATTACK, {"actor2": ""}, "E7", "actor2"),
        (CLASH, {"civilian_targeting": "Civilians targeted"}, "E7", "civilian_targeting"),
        (CLASH, {"inter2": "Civilians", "interaction": "Rebel group-Civilians"}, "E8", "inter2"),
        (CLASH, {"inter2": "", "interaction": "Rebel group only"}, "E8", "inter2"),
        (PROTEST, {"actor1": "Students (Mali)"}, "E9", "actor1"),
        (ATTACK, {"time_precision": 0}, "E10", "time_precision"),
        (ATTACK, {"geo_precision": ""}, "E10", "geo_precision"),
        (ATTACK, {"latitude": 14.07361}, "E10", "latitude"),
        (ATTACK, {"longitude": 183.5}, "E10", "longitude"),
        (ATTACK, {"fatalities": -1}, "E11", "fatalities"),
        (ATTACK, {"fatalities": None}, "E11", "fatalities"),
        (ATTACK, {"source": " "}, "E12", "source"),
        (CLASH, {"actor2": "Military Forces of Mali"}, "E13", "actor2"),
        (CLASH, {"actor2": "Military Forces of Mali (2020-2021)"}, "E13", "actor2"),
        (ATTACK, {"assoc_actor_2": "Farmers (Mali);Women (Mali)"}, "E14", "assoc_actor_2"),
        (ATTACK, {"tags": "crowd size=no report ; armed"}, "E14", "tags"),
        (ATTACK, {"inter1": "Rioters", "interaction": "Rioters-Civilians"}, "W1", "interaction"),
    ],
)
def test_one_change_one_finding(row: dict[str, object], change: dict[str, object], code: str, column: str) -> None:
    """Each check sees its own mistake, and errors come before warnings."""
    found = [(f.code, f.column) for f in check(row | change)]
    assert (code, column) in found
    assert found == sorted(found, key=lambda f: (f[0][0], int(f[0][1:])))


def test_a_strategic_development_with_deaths_is_odd() -> None:
    row = ATTACK | {
        "event_type": "Strategic developments",
        "sub_event_type": "Disrupted weapons use",
        "civilian_targeting": None,
        "disorder_type": "Strategic developments",
    }
    (finding,) = check(row)
    assert (finding.code, finding.level) == ("W5", "warning")
    assert str(finding) == "W5 fatalities: found '3', expected 0 in a strategic development"


@given(st.dictionaries(st.sampled_from(COLUMNS), st.none() | st.integers() | st.floats() | st.text(max_size=12)))
def test_any_row_can_be_checked(row: dict[str, object]) -> None:
    """Rubbish gives findings, never an exception."""
    assert all(finding.level in ("error", "warning") for finding in check(row))
