"""What every question keeps, whatever it answers: each of `tocsin.analyse` is asked the same odd things."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from inspect import Parameter
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import polars as pl
import pytest

from tocsin.analyse.answer import Answer
from tocsin.analyse.draws import NO_DRAWS, Draws
from tocsin.analyse.events import Events, events_of
from tocsin.analyse.figure import picture
from tocsin.analyse.question import NAMES, question
from tocsin.analyse.written import as_csv, as_json
from tocsin.errors import TocsinError
from tocsin.store import Filter

Row = dict[str, Any]
THERE = [name for name in NAMES if find_spec(f"tocsin.analyse.{name}")]
DRAWN = Draws(3, seed=7)
PLACES = (("Mopti", "Douentza", 15.0, -2.95), ("Mopti", "Bankass", 14.07, -3.52), ("Gao", "Ansongo", 15.66, 0.5),
          ("Bamako", "Bamako", 12.65, -8.0), ("Koulikoro", "Kati", 12.74, -8.07))  # fmt: skip
KINDS = (("Battles", "Armed clash"), ("Violence against civilians", "Attack"), ("Protests", "Peaceful protest"),
         ("Explosions/Remote violence", "Remote explosive/landmine/IED"))  # fmt: skip
ACTORS = ("JNIM: Group for Support of Islam and Muslims", "Military Forces of Mali (2021-)", "Dan Na Ambassagou",
          "Lake Front; River Guard")  # fmt: skip


def rows(count: int = 240, seed: int = 1) -> list[Row]:
    """Made events of three years in Mali, some of them vague, some without a number of dead."""
    dice = random.Random(seed)
    return [_row(dice, at) for at in range(count)]


def _row(dice: random.Random, at: int) -> Row:
    admin1, location, latitude, longitude = dice.choice(PLACES)
    kind, sub_kind = dice.choice(KINDS)
    dead = dice.choice([None, 0, 0, 1, 3, 12])
    day = date(2021, 1, 1) + timedelta(dice.randrange(1095))
    return {
        "event_id_cnty": f"MLI{at}", "event_date": str(day), "year": day.year,
        "time_precision": dice.choice([1, 1, 1, 2, 3]), "disorder_type": "Political violence", "event_type": kind,
        "sub_event_type": sub_kind, "actor1": dice.choice(ACTORS), "inter1": "Rebel group",
        "actor2": "Civilians (Mali)", "inter2": "Civilians", "civilian_targeting": "Civilian targeting",
        "iso": 466, "region": "Western Africa", "country": "Mali", "admin1": admin1, "admin2": location,
        "location": location, "latitude": latitude + dice.uniform(-0.1, 0.1), "longitude": longitude,
        "geo_precision": dice.choice([1, 1, 2, 3]), "source": dice.choice(["Wire A", "Wire B; Radio C"]),
        "source_scale": "National", "notes": "A made event.", "fatalities": dead,
        "fatalities_low": None if dead is None else dead // 2, "fatalities_high": None if dead is None else dead + 2,
        "timestamp": 1700000000,
    }  # fmt: skip


def but(**changes: Any) -> list[Row]:
    return [{**row, **changes} for row in rows(60)]


OWN = Filter(country="Mali")
ODD: dict[str, tuple[list[Row], Filter | None]] = {
    "none": ([], OWN),
    "none in a period": ([], Filter(country="Mali", since="2021-01-01", until="2022-01-01")),
    "one": (rows(1), OWN),
    "one bare": ([{"event_id_cnty": "X1", "event_date": "2022-01-01"}], None),
    "two": (rows(2), OWN),
    "without points": (but(latitude=None, longitude=None, geo_precision=None), OWN),
    "without days": (but(event_date=None, year=None, time_precision=None), OWN),
    "far in the future": (but(event_date="2999-12-31", year=2999), OWN),
    "at the calendar's end": (but(event_date="9990-12-31", year=9990, time_precision=3), OWN),
    "none in a period in the future": ([], Filter(country="Mali", since="2040-01-01", until="2041-01-01")),
    "all on one day and point": (but(event_date="2022-03-01", latitude=12.65, longitude=-8.0), OWN),
    "at the pole": (but(latitude=90.0, longitude=180.0), OWN),
    "without dead": (but(fatalities=None, fatalities_low=None, fatalities_high=None), OWN),
    "without names": (but(actor1=None, actor2=None, admin1=None, country=None, event_type=None, source=None), None),
    "of unknown names": (but(country="Atlantis", iso=None, admin1="a$b$ {c}_^", actor1="$x$ [1] %s"), None),
    "all doubtful": (rows(60), OWN),
}


DRAWABLE = {"one", "two", "far in the future", "all on one day and point", "without dead", "of unknown names"}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second data set: every other event, as ACLED's CSV."""
    path = tmp_path_factory.mktemp("other") / "other.csv"
    derived = ("fatalities_", "disorder_type", "civilian_targeting", "region", "iso")
    names = [name for name in rows(1)[0] if not name.startswith(derived)]
    told = [[str(row[name] if row[name] is not None else "") for name in names] for row in rows()[::2]]
    path.write_text("\n".join(",".join(line) for line in [names, *told]) + "\n")
    return path


def given(name: str, other: Path) -> dict[str, Any]:
    """Values for the options that must be given, and a second data set where one is asked for."""
    known = {"on": date(2022, 6, 15), "other": str(other), "other_kind": "acled"}
    options = question(name).options
    found = {each.name: known[each.name] for each in options if each.name in known}
    assert not (lost := {each.name for each in options if each.default is Parameter.empty} - found.keys()), lost
    return found


def made(told: list[Row], wanted: Filter | None = OWN) -> Events:
    return events_of(told, "made.db", wanted)


def ask(name: str, events: Events, other: Path, draws: Draws = DRAWN) -> Answer:
    return question(name).ask(events, draws, **given(name, other))


def tables(answer: Answer) -> Iterator[pl.DataFrame]:
    yield answer.table
    yield from answer.tables.values()


def check(answer: Answer) -> None:
    """One line that says something; flat tables; every figure within its bounds; writes itself down."""
    assert answer.sentence.strip()
    for text in (answer.sentence, answer.source, *answer.notes):
        assert "\n" not in text
        assert "nan" not in text.lower().split()
        assert "None" not in text[4:]  # "None of 8 cells ..." may begin it
    for table in tables(answer):
        assert not [name for name, kind in table.schema.items() if kind.is_nested() or kind == pl.Object]
        for low in [name for name in table.columns if name.endswith("_low")]:
            high = f"{low.removesuffix('_low')}_high"
            assert high in table.columns
            assert not (known(table[low]) > known(table[high])).any(), low
            value = known(table[low.removesuffix("_low")])
            assert not (value < known(table[low]) - near(value)).any(), low
            assert not (value > known(table[high]) + near(value)).any(), high
        as_csv(table)
    as_json(answer)


def known(values: pl.Series) -> pl.Series:
    return values.fill_nan(None) if values.dtype.is_float() else values


def near(values: pl.Series) -> Any:
    return timedelta(0) if values.dtype == pl.Date else 1e-9


@pytest.mark.parametrize("name", THERE)
def test_an_answer_is_one_sentence_and_flat_tables_and_a_figure(name: str, other: Path) -> None:
    """With draws and without; without there are no bounds of draws that are not there."""
    for draws, form, begin in ((DRAWN, "png", b"\x89PNG"), (NO_DRAWS, "svg", b"<?xml")):
        answer = ask(name, made(rows()), other, draws)
        assert answer.question == name
        check(answer)
        assert len(answer.table)
        assert picture(answer, form).startswith(begin)


@pytest.mark.parametrize("name", THERE)
def test_the_order_of_the_events_changes_nothing(name: str, other: Path) -> None:
    """Nor does asking twice: the same seed, the same answer."""
    shuffled = random.Random(3).sample(rows(), 240)
    first, again, mixed = (ask(name, made(told), other) for told in (rows(), rows(), shuffled))
    for answer in (again, mixed):
        assert (answer.sentence, answer.notes, answer.events) == (first.sentence, first.notes, first.events)
        assert answer.tables.keys() == first.tables.keys()
        for one, two in zip(tables(first), tables(answer), strict=True):
            assert one.equals(two)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", THERE)
def test_odd_events_are_answered_or_refused_in_a_sentence(name: str, odd: str, other: Path) -> None:
    """Never a traceback, never a warning; a figure can be drawn."""
    told, wanted = ODD[odd]
    events = made(told, wanted)
    if odd == "all doubtful":
        events = events.of(events.table.with_columns(doubt=pl.lit(1.0)))
    answer = asked(name, events, other)
    if isinstance(answer, str):
        assert answer.strip()
        assert "\n" not in answer
        return
    check(answer)
    if answer.draw is not None and odd in DRAWABLE:
        assert picture(answer, "svg")


def asked(name: str, events: Events, other: Path) -> Answer | str:
    """The answer, or what is told instead."""
    try:
        return ask(name, events, other)
    except TocsinError as error:
        return str(error)


@pytest.mark.parametrize("name", THERE)
def test_a_question_says_what_it_reads_and_how_it_is_asked(name: str) -> None:
    """Its first line is a sentence, and so is the help of every option."""
    asked = question(name)
    assert asked.help.endswith((".", "?"))
    for option in asked.options:
        assert option.help.endswith("."), option.name


def odd_values(kind: Any) -> list[Any]:
    """Values of the kind that nobody should give, and all that a choice allows."""
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    found: list[Any] = []
    for each in kinds:
        if get_origin(each) is Literal:
            found += get_args(each)
        elif each is Path:
            found.append(Path("not/there.csv"))
        elif each in ODD_VALUES:
            found += ODD_VALUES[each]
    return found


ODD_VALUES: dict[Any, list[Any]] = {
    int: [0, -1, 1, 10**9], float: [0.0, -1.0, 1e12, float("nan")], bool: [True, False],
    str: ["", "Atlantis", "$x$ [1] %s", ",", "0", "-5,x"], date: [date(1, 1, 1), date(2022, 1, 1), date(9999, 12, 31)],
}  # fmt: skip
ASKED = [(name, option.name) for name in THERE for option in question(name).options]


@pytest.mark.parametrize(("name", "option"), ASKED)
def test_odd_options_are_answered_or_refused_in_a_sentence(name: str, option: str, other: Path) -> None:
    """Nothing, less than nothing, far too much, names that are none: an answer, or what to give instead."""
    events = made(rows(60))
    (kind,) = (each.kind for each in question(name).options if each.name == option)
    for value in odd_values(kind):
        try:
            answer = question(name).ask(events, NO_DRAWS, **{**given(name, other), option: value})
        except TocsinError as error:
            told = str(error)
        else:
            check(answer)
            told = answer.sentence
        assert told.strip(), value
        assert "\n" not in told, value
