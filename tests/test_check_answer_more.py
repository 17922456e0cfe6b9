"""Statements of change, place, share and rank are answered from events; distances from a map; claims from reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checked import CAPITAL, DRAWS, GROUP, KATI, MALI, NORTH, OTHER, UNNAMED, answered, asked, data, event, quiet
from tocsin import project
from tocsin.analyse.draws import NO_DRAWS
from tocsin.analyse.events import events_of
from tocsin.check.answer import check_all
from tocsin.check.cover import cover_of, stretches
from tocsin.check.limits import limits, read_limits
from tocsin.check.said import claims_of
from tocsin.check.statement import Asked, Spot, Statement
from tocsin.errors import DataError
from tocsin.model import Report
from tocsin.store import create_store

YES, NO, UNKNOWN = "supported", "contradicted", "cannot be told"
YEARS = {"since": "2022-01-01", "until": "2022-12-31", "than_since": "2021-01-01", "than_until": "2021-12-31"}


def spread(count: int, since: str, until: str, **given: Any) -> list[dict[str, Any]]:
    """So many events, evenly over a time."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    step = (last - first) / count
    return [event((first + step * at + timedelta(days=1)).isoformat(), **given) for at in range(count)]


# -- change and effect -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "now", "given", "verdict"),
    [
        (20, 40, {"comparison": "more"}, YES), (40, 20, {"comparison": "more"}, NO),
        (40, 20, {"comparison": "fewer"}, YES), (20, 40, {"comparison": "more", "value": 2, "unit": "times"}, YES),
        (20, 21, {"comparison": "more", "value": 2, "unit": "times"}, NO),
        (20, 70, {"comparison": "more", "value": 2, "unit": "times"}, UNKNOWN),
        (20, 20, {"comparison": "at most"}, YES),
        (20, 26, {"comparison": "more", "value": 30, "unit": "percent"}, YES),
        (20, 10, {"comparison": "fewer", "value": 50, "unit": "percent"}, YES),
        (20, 10, {"comparison": "fewer", "value": 2, "unit": "times"}, YES),
        (20, 40, {"comparison": "at least", "value": 50, "unit": "percent"}, YES),
        (20, 40, {"comparison": "at most", "value": 50, "unit": "percent"}, NO),
        (20, 32, {"comparison": "more", "value": 10, "unit": "events"}, YES),
        (3, 40, {"comparison": "more", "value": 2, "unit": "times"}, UNKNOWN),
        (3, 40, {"comparison": "more"}, YES), (1, 2, {"comparison": "more"}, UNKNOWN),
        (0, 8, {"comparison": "none before"}, YES), (20, 40, {}, UNKNOWN),
    ],
)  # fmt: skip
def test_a_change_between_years(then: int, now: int, given: dict[str, Any], verdict: str) -> None:
    rows = spread(then, "2021-01-01", "2021-12-31") + spread(now, "2022-01-01", "2022-12-31") if then else spread(
        now, "2022-01-01", "2022-12-31"
    )  # fmt: skip
    found = answered(asked("change", **YEARS, **given), data(*rows))
    assert found.verdict == verdict, found.reason
    if verdict == YES and then:
        assert f"{now} events from 2022-01-01 to 2022-12-31, {then} from 2021-01-01 to 2021-12-31" in found.reason


def test_a_change_is_told_only_where_both_times_are_covered() -> None:
    rows = spread(20, "2021-01-01", "2021-12-31") + spread(40, "2022-01-01", "2022-12-31")
    half = events_of([*rows, *quiet(2022, 2022)], "half.csv")
    assert answered(asked("change", comparison="more", **YEARS), half).verdict == YES  # its events do
    gone = events_of([row for row in rows if row["event_date"] > "2021-11"] + quiet(2022, 2022), "half.csv")
    found = answered(asked("change", comparison="more", **YEARS), gone)
    assert found.verdict == UNKNOWN
    assert "half.csv covers" in found.reason


def test_a_change_of_the_dead_and_of_the_dead_of_each_event() -> None:
    rows = spread(20, "2021-01-01", "2021-12-31", fatalities=1) + spread(10, "2022-01-01", "2022-12-31", fatalities=6)
    for measure, verdict, figure in (("events", NO, -0.5), ("deaths", YES, 2.0), ("deaths per event", YES, 5.0)):
        found = answered(asked("change", comparison="more", measure=measure, **YEARS), data(*rows))
        assert (found.verdict, round(found.figure or 0, 2)) == (verdict, figure)


def test_the_earlier_time_is_as_long_if_the_text_names_none() -> None:
    rows = spread(20, "2021-01-01", "2021-12-31") + spread(40, "2022-01-01", "2022-12-31")
    found = answered(asked("change", comparison="more", since="2022-01-01", until="2022-12-31"), data(*rows))
    assert any("compared with 2021-01-01 to 2021-12-31" in note for note in found.notes)
    assert answered(asked("change", comparison="more"), data(*rows)).verdict == YES  # the last 12 months


@pytest.mark.parametrize(("after", "verdict"), [(60, YES), (4, NO), (22, UNKNOWN)])
def test_an_effect_is_told_from_chance(after: int, verdict: str) -> None:
    """20 in the year before, some months none: 60 are more, 4 are not, and 22 may be either."""
    uneven = [4, 0, 1, 3, 0, 2, 0, 4, 1, 0, 5, 0]
    rows = [event(f"2021-{month:02}-20") for month, count in enumerate(uneven, 1) for _ in range(count)]
    rows += spread(after, "2022-01-01", "2022-12-31")
    found = answered(asked("effect", comparison="more", since="2022-01-01", until="2022-12-31"), data(*rows))
    assert found.verdict == verdict, found.reason
    assert any("need not have come of it" in note for note in found.notes)


def test_two_months_are_too_short_for_an_effect() -> None:
    rows = spread(20, "2022-01-01", "2022-12-31")
    found = answered(asked("effect", comparison="more", since="2022-11-15"), data(*rows))
    assert (found.verdict, "too few to tell an effect" in found.reason) == (UNKNOWN, True)


# -- places ----------------------------------------------------------------------------------------------------------

TOWN = Spot("Sikasso", "place", "Mali", 11.3, -5.7)
SOUTH = {"admin1": "Sikasso", "location": "Sikasso", "latitude": 11.3, "longitude": -5.7}


def test_expansion_beyond_the_strongholds() -> None:
    rows = spread(20, "2021-01-01", "2021-12-31") + spread(10, "2022-01-01", "2022-12-31")
    question = asked("expansion", actors=(GROUP,), since="2022-01-01")
    assert answered(question, data(*rows)).verdict == NO
    found = answered(question, data(*rows, *spread(6, "2022-01-01", "2022-12-31", **SOUTH)))
    assert (found.verdict, len(found.events), round(found.figure or 0, 3)) == (YES, 6, 0.375)
    assert "outside the earlier strongholds (Gao)" in found.reason
    assert answered(question, data(*rows[:3])).verdict == UNKNOWN


@pytest.mark.parametrize(
    "given", [{"place": Spot("Sikasso", "admin1", "Mali")}, {"beyond": NORTH}, {"place": TOWN}]
)  # fmt: skip
def test_expansion_into_a_place(given: dict[str, Any]) -> None:
    rows = spread(20, "2021-01-01", "2021-12-31") + spread(10, "2022-01-01", "2022-12-31")
    question = asked("expansion", actors=(GROUP,), since="2022-01-01", **given)
    assert answered(question, data(*rows, *spread(6, "2022-01-01", "2022-12-31", **SOUTH))).verdict == YES
    assert answered(question, data(*rows, *spread(9, "2021-01-01", "2021-12-31", **SOUTH))).verdict == NO


def test_encirclement() -> None:
    """Events to the north of the capital in one year; all around it in the next."""
    assert CAPITAL.latitude is not None
    assert CAPITAL.longitude is not None
    north = [
        event(f"2021-{month:02}-10", latitude=CAPITAL.latitude + 1, longitude=CAPITAL.longitude)
        for month in range(1, 13)
    ]
    places = [(1, 0), (0, 1), (-1, 0), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7), (0.3, 1), (1, 0.3)]
    around = [event(f"2022-{month:02}-10", latitude=CAPITAL.latitude + a, longitude=CAPITAL.longitude + b)
              for month, (a, b) in enumerate(places, 1)]  # fmt: skip
    question = asked("encirclement", place=CAPITAL, comparison="more")
    found = answered(question, data(*north, *around))
    assert found.verdict == YES
    assert 0.5 < (found.figure or 0) < 1
    other = {"2021": "2022", "2022": "2021"}
    swapped = [{**row, "event_date": other[row["event_date"][:4]] + row["event_date"][4:]} for row in north + around]
    assert answered(question, data(*swapped)).verdict == NO
    rough = [{**row, "geo_precision": 3} for row in (*north, *around)]
    assert answered(question, data(*rough)).verdict == UNKNOWN


@pytest.mark.parametrize(
    ("value", "comparison", "verdict"),
    [(15, "exactly", YES), (13, "about", YES), (40, "exactly", NO), (3, "exactly", NO), (20, "at most", YES),
     (30, "at least", NO), (19, "about", UNKNOWN)],
)  # fmt: skip
def test_a_distance_needs_no_events(value: float, comparison: Any, verdict: str) -> None:
    """Kati to Bamako is 13 km; 19 may be what the road takes."""
    question = Asked("distance", where=KATI, place=CAPITAL, value=value, unit="km", comparison=comparison)
    found = answered(question, events_of([]))
    assert found.verdict == verdict, found.reason
    assert (found.figure is None) or 12 < found.figure < 14


def test_a_distance_needs_two_points() -> None:
    assert answered(Asked("distance", where=KATI, value=15), events_of([])).verdict == UNKNOWN
    nowhere = Spot("Somewhere", "place", "Mali")
    assert "Somewhere" in answered(Asked("distance", where=KATI, place=nowhere, value=15), events_of([])).reason


# -- parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "other", "unnamed", "verdict"), [(8, 2, 0, YES), (2, 8, 0, NO), (4, 2, 4, UNKNOWN), (1, 1, 0, UNKNOWN)]
)
def test_most_attacks_were_by(own: int, other: int, unnamed: int, verdict: str) -> None:
    """Four of ten by name, and four more by nobody knows whom: that may be most or not."""
    rows = [event(f"2022-05-{at + 1:02}", actor1=name) for at, name in
            enumerate([GROUP] * own + [OTHER] * other + [UNNAMED] * unnamed)]  # fmt: skip
    found = answered(asked("share", actors=(GROUP,), than=("actors",), comparison="more than", value=50, unit="percent",
                           since="2022-05-01", until="2022-05-31"), data(*rows))  # fmt: skip
    assert found.verdict == verdict, found.reason


def test_shares_of_a_place_a_type_and_the_dead() -> None:
    battle = {"event_type": "Battles", "sub_event_type": "Armed clash", "fatalities": 30, **SOUTH}
    rows = spread(8, "2022-01-01", "2022-12-31") + spread(2, "2022-01-01", "2022-12-31", **battle)
    year = {"since": "2022-01-01", "until": "2022-12-31"}
    for given, figure in (
        ({"place": NORTH}, 0.8), ({"where": NORTH}, 0.8),
        ({"event_types": ("Battles",), "than": ("event types",)}, 0.2),
        ({"event_types": ("Protests",), "than": ("event types",)}, 24 / 34),
        ({"event_types": ("Battles",), "measure": "deaths"}, 60 / 76), ({"against": ("Civilians",)}, 1.0),
        ({"place": TOWN}, 0.2),
    ):  # fmt: skip
        found = answered(asked("share", **{**year, **given}), data(*rows))
        assert found.figure == pytest.approx(figure), given
        assert found.verdict == (YES if figure > 0.5 else NO)


def test_the_worst_hit_region() -> None:
    rows = spread(8, "2022-01-01", "2022-12-31") + spread(6, "2022-01-01", "2022-12-31", **{**SOUTH, "fatalities": 30})
    year = {"since": "2022-01-01", "until": "2022-12-31", "than": ("admin1",)}
    sikasso = Spot("Sikasso", "admin1", "Mali")
    for given, verdict, rank in (
        ({"place": NORTH}, YES, 1), ({"place": sikasso}, NO, 2), ({"place": sikasso, "measure": "deaths"}, YES, 1),
        ({"place": sikasso, "value": 2}, YES, 2), ({"place": sikasso, "comparison": "fewer"}, YES, 1),
        ({"place": Spot("Kidal", "admin1", "Mali")}, UNKNOWN, None),
    ):  # fmt: skip
        found = answered(asked("ranking", **{**year, **given}), data(*rows))
        assert (found.verdict, found.figure) == (verdict, rank), found.reason


def test_the_most_active_actor_and_the_worst_hit_country() -> None:
    rows = spread(8, "2022-01-01", "2022-12-31") + spread(6, "2022-01-01", "2022-12-31", actor1=OTHER)
    question = asked("ranking", actors=(GROUP,), than=("actors",), since="2022-01-01", until="2022-12-31")
    assert answered(question, data(*rows)).verdict == YES
    abroad = spread(9, "2022-01-01", "2022-12-31", country="Niger", admin1="Diffa", location="Diffa")
    countries = Asked("ranking", place=MALI, than=("country",), since="2022-01-01", until="2022-12-31")
    found = answered(countries, data(*rows, *abroad))
    assert (found.verdict, found.figure) == (YES, 1)


# -- what was said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "sentence", "who"),
    [
        ("en", "JNIM claimed responsibility for the attack.", GROUP),
        ("en", "JNIM, in a statement, said its fighters had attacked the base.", GROUP),
        ("en", "The raid was later claimed by JNIM.", GROUP),
        ("en", "In claiming the raid on the base, JNIM spoke of revenge.", GROUP),
        ("en", "JNIM has not claimed the attack.", None),
        ("en", "No group has claimed the attack, which bears the marks of JNIM.", None),
        ("en", "The army blamed JNIM for the attack.", None),
        ("en", "JNIM fighters attacked the base.", None),
        ("en", "JNIM denied that it had claimed the attack.", None),
        ("fr", "Le JNIM a revendiqué l'attaque.", GROUP),
        ("fr", "L'attaque a été revendiquée par le JNIM.", GROUP),
        ("fr", "Le JNIM n'a pas revendiqué l'attaque.", None),
        ("fr", "Aucun groupe n'a revendiqué l'attaque, attribuée au JNIM.", None),
        ("fr", "L'armée accuse le JNIM.", None),
    ],
)
def test_who_claims_an_attack(lang: str, sentence: str, who: str | None) -> None:
    found = {each.who for each in claims_of(sentence, lang, "Mali", date(2022, 7, 22), "Agency")}
    assert found == ({who} if who else set())


TEXT = "Two car bombs killed six soldiers at the army base in the town of Kati in Mali on Friday, the army said."


def test_a_claim_is_looked_up_in_the_reports(tmp_path: Path) -> None:
    said = "JNIM claimed the attack on the base in Kati on Saturday in a message."
    reports = [Report("a", TEXT, published=date(2022, 7, 22), source="Agency", lang="en"),
               Report("b", said, published=date(2022, 7, 24), source="Radio", lang="en")]  # fmt: skip
    question = asked("attribution", where=KATI, event="2022-07-22")
    statements = [Statement("x", 0, 1, Asked("attribution", where=KATI, event="2022-07-22", actors=(name,)))
                  for name in (GROUP, OTHER)]  # fmt: skip
    with create_store(str(tmp_path / "a.db")) as store:
        project.add(store, reports[:1])
        assert {found.verdict for found in check_all(statements, store, DRAWS)} == {UNKNOWN}
        project.add(store, reports[1:])
        own, other = check_all(statements, store, DRAWS)
    assert (own.verdict, len(own.events)) == (YES, 1)
    assert any(said in note and note.startswith("Radio") for note in own.notes)
    assert other.verdict == UNKNOWN
    assert f"claimed by {GROUP}" in other.reason
    assert "no reports" in answered(Asked("attribution", where=KATI, event="2022-05-09", actors=(GROUP,)),
                                    data(event("2022-05-09", location="Kati"))).reason  # fmt: skip
    assert question.actors == ()


def test_status_comes_from_the_list_of_happenings() -> None:
    coup = asked("status", happening="coup", unit="events")
    for given, verdict, quote in (
        ({"value": 2, "since": "2020-01-01", "comparison": "exactly"}, YES, "two coups since 2020"),
        ({"value": 1, "since": "2020-01-01", "comparison": "exactly"}, NO, "one coup since 2020"),
        ({"value": 5, "since": "2020-01-01", "comparison": "at least"}, UNKNOWN, "five coups since 2020"),
        ({"since": "2012-01-01", "event": "2020-08-18", "comparison": "none before"}, YES, "the first coup since 2012"),
        ({"since": "2012-01-01", "comparison": "none before"}, NO, "the first coup since 2012"),
        ({"event": "2020-08-18", "comparison": "none before"}, NO, "the first coup ever"),
        ({"happening": "tsunami"}, UNKNOWN, "the first"),
    ):
        found = answered(replace(coup, **given), events_of([]), quote=quote)
        assert found.verdict == verdict, found.reason


# -- coverage --------------------------------------------------------------------------------------------------------


def test_a_hole_parts_what_is_covered() -> None:
    """Three months without any event are a hole; two are a quiet time."""
    rows = [row for row in quiet(2020, 2022) if not "2021-03" <= row["event_date"] <= "2021-05-31"]
    parts = list(stretches(events_of(rows).table, limits()))
    assert [(str(a), str(b)) for a, b in parts] == [("2019-12-20", "2021-03-14"), ("2021-05-20", "2023-01-11")]
    rows = [row for row in quiet(2020, 2022) if not "2021-03" <= row["event_date"] <= "2021-04-30"]
    assert len(list(stretches(events_of(rows).table, limits()))) == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "x.csv has no event of Mali with a date"),
        (quiet(2010, 2011), "x.csv has no event from 2022-01-01 to 2022-12-31; it has 48 events of Mali from"),
        (quiet(2022, 2022)[:10], "x.csv covers 0 % of 2022-01-01 to 2022-12-31; it has 10 events"),
        ([{**row, "source": "Agency"} for row in quiet(2022, 2022)], "x.csv covers 0 %"),
        (quiet(2022, 2022)[:20], ""), (quiet(2022, 2022), ""),
        ([{**row, "source": None} for row in quiet(2022, 2022)], ""),
    ],
)  # fmt: skip
def test_why_a_year_is_not_covered(rows: list[dict[str, Any]], reason: str) -> None:
    found = cover_of(events_of(rows, "x.csv"), date(2022, 1, 1), date(2022, 12, 31), limits(), "Mali")
    assert found.reason.startswith(reason) if reason else found.good, found


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("[verdict]\nsupported = 2\n", 2, "found"),
        ("[nothing]\na = 1\n", 1, "found nothing"),
        ("[verdict]\nsupported = \n", 2, "expected TOML"),
    ],
)
def test_wrong_limits_name_the_line(text: str, line: int, found: str, tmp_path: Path) -> None:
    path = tmp_path / "cover.toml"
    path.write_text(text)
    with pytest.raises(DataError, match=rf"cover.toml:\d+: .*{found.split()[0]}"):
        read_limits(path)


@pytest.mark.parametrize(
    ("old", "new", "line"), [("gap_months = 2", 'gap_months = "x"', "gap_months"), ("part = 0.80", "part = 8", "part"),
                             ("contradicted = 0.10", "contradicted = 0.95", "contradicted"),
                             ('unnamed = ["Unidentified"]', "unnamed = []", "unnamed"),
                             ("near_days = [1, 7, 31]", "near_days = [1]", "near_days")]
)  # fmt: skip
def test_each_limit_is_checked(old: str, new: str, line: str, tmp_path: Path) -> None:
    from importlib import resources

    text = resources.files("tocsin.check").joinpath("data/cover.toml").read_text(encoding="utf-8")
    path = tmp_path / "cover.toml"
    path.write_text(text.replace(old, new))
    number = next(at for at, each in enumerate(text.splitlines(), 1) if each.startswith(line))
    with pytest.raises(DataError, match=rf"cover.toml:{number}: found {line}"):
        read_limits(path)


def test_all_answers_without_draws() -> None:
    rows = spread(20, "2021-01-01", "2021-12-31") + spread(40, "2022-01-01", "2022-12-31")
    statement = Statement("more", 0, 4, asked("change", comparison="more", **YEARS))
    [found] = check_all([statement], data(*rows), NO_DRAWS)
    assert (found.verdict, found.low, found.chance) == (YES, None, None)
