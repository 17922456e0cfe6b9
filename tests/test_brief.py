"""Briefings: every sentence is borne out by events, every event shows its words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

pytest.importorskip("polars")

from tocsin.analyse.draws import Draws
from tocsin.check.brief import Brief, brief
from tocsin.check.brief.brief import month_of
from tocsin.check.brief.page import as_html, as_markdown, write
from tocsin.check.brief.words import read_words
from tocsin.countries import by_name
from tocsin.errors import DataError, UsageError
from tocsin.project import import_rows
from tocsin.store import Store, create_store

MALI = by_name("Mali", "en")
BAMAKO = (12.65, -8.0)
HOSTILE = '<img src=x onerror=alert(1)> [x](javascript:alert(2)) "quoted"'


def row(at: int, day: date, **given: object) -> dict[str, object]:
    """An event of a data set: an attack on civilians at Douentza in which two died."""
    return {
        "event_date": day.isoformat(), "year": day.year, "time_precision": 1, "geo_precision": 1,
        "event_type": "Violence against civilians", "sub_event_type": "Attack", "disorder_type": "Political violence",
        "actor1": "JNIM", "inter1": "Rebel group", "actor2": "Civilians (Mali)", "inter2": "Civilians",
        "civilian_targeting": "Civilians targeted", "country": "Mali", "iso": 466, "region": "Western Africa",
        "admin1": "Mopti", "location": "Douentza", "latitude": 15.0, "longitude": -2.95, "fatalities": 2,
        "notes": f"row {at}", "dataset": "told", "row_id": str(at), **given,
    }  # fmt: skip


def filled(path: Path, rows: list[dict[str, object]]) -> Store:
    store = create_store(str(path))
    import_rows(store, rows, name="told")
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Three events a week from 2019 to 2022, more in July 2022; the deadliest and the nearest are then."""
    days = [date(2019, 1, 1) + timedelta(days=at) for at in range(1308)]  # to 2022-07-31
    rows = [row(at, day, actor1="Katiba" if at % 4 else "JNIM") for at, day in enumerate(days) if at % 7 in (0, 2, 4)]
    july = [row(5000 + at, date(2022, 7, 1 + at % 30), admin1="Kati", location="Kati", latitude=12.75, longitude=-8.07,
                notes=HOSTILE) for at in range(20)]  # fmt: skip
    july[3] |= {"fatalities": 40, "event_date": "2022-07-22", "location": "Fana"}
    with filled(tmp_path_factory.mktemp("brief") / "mali.db", rows + july) as made:
        yield made


@pytest.fixture(scope="module")
def july(store: Store) -> Brief:
    assert MALI
    return brief(store, MALI, month_of("2022-07"), draws=Draws(30))


def sentences(made: Brief) -> list[str]:
    return [line.text for _, lines in made.sections for line in lines]


def test_says_what_the_events_bear_out(july: Brief) -> None:
    said = sentences(july)
    count = len(july.events)
    assert said[0] == f"Recorded events in Mali in July 2022: {count}."
    assert said[1] == f"People reported killed: {2 * (count - 1) + 40}."
    assert any(each.startswith("That is more events than in June 2022") for each in said)
    assert (
        "The deadliest event was at Fana on 2022-07-22, with 40 reported deaths: none deadlier since 2019-01-01."
        in said
    )
    assert "Kati had the most events of all first-order units: 20." in said
    assert any("event nearest to Bamako" in each and "at Kati" in each for each in said)


def test_every_sentence_rests_on_listed_events(july: Brief) -> None:
    listed = {each.id for each in (*july.events, *july.earlier)}
    for _, lines in july.sections:
        for line in lines:
            assert line.events
            assert set(line.events) <= listed
    assert all(each.reports and each.reports[0].quotes for each in july.events)


def test_every_link_leads_somewhere_and_nothing_of_a_report_is_markup(july: Brief) -> None:
    page = as_html(july)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'<article id="([^"]+)"', page))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert not re.findall(r'(?:src|href)="(?!data:image/svg|#)', page)
    text = as_markdown(july, ["a.svg", "b.svg"])
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)"', text))
    assert "<img" not in text
    assert "[x](javascript" not in text


def test_what_the_events_do_not_support_is_not_written(tmp_path: Path) -> None:
    """Two events say nothing of all that may have happened: no ranking, no record, "at least" in place of a count."""
    assert MALI
    rows = [row(1, date(2022, 7, 2)), row(2, date(2022, 7, 9), fatalities=5)]
    with filled(tmp_path / "few.db", rows) as few:
        made = brief(few, MALI, month_of("2022-07"), draws=Draws(10))
    assert [each for each in sentences(made) if "at least" not in each] == []
    assert sentences(made)[:2] == ["Recorded events in Mali in July 2022: at least 2; these data may lack some.",
                                   "People reported killed: at least 7."]  # fmt: skip
    assert any("deadliest" in each for each in made.left)


def test_a_month_without_events_has_no_sentence(store: Store) -> None:
    assert MALI
    made = brief(store, MALI, month_of("2023-05"), draws=Draws(5))
    assert sentences(made) == []
    assert made.words["none"] in as_html(made)


def test_in_french_nothing_is_english(store: Store) -> None:
    assert MALI
    made = brief(store, MALI, month_of("2022-07"), "fr", Draws(5))
    assert made.title == "Mali, juillet 2022"
    assert sentences(made)[0].startswith("Événements recensés, Mali, juillet 2022 : ")
    assert ' lang="fr"' in as_html(made)


def test_the_files_are_whole(july: Brief, tmp_path: Path) -> None:
    assert write(july, tmp_path / "a.html") == [tmp_path / "a.html"]
    made = write(july, tmp_path / "b.md")
    assert [each.name for each in made] == ["b.md", "b-trend.svg", "b-map.svg"]
    assert all(each.read_bytes().lstrip().startswith(b"<?xml") for each in made[1:])
    with pytest.raises(UsageError, match=r"expected \.html or \.md"):
        write(july, tmp_path / "c.pdf")


@pytest.mark.parametrize(("month", "country"), [("2022-07", "Togo"), ("1950-01", "Mali")])
def test_no_event_is_one_sentence(store: Store, month: str, country: str) -> None:
    home = by_name(country, "en")
    assert home
    with pytest.raises(UsageError, match="found 0 events of"):
        brief(store, home, month_of(month))


@pytest.mark.parametrize("text", ["2022", "2022-13", "July", ""])
def test_a_month_is_written_as_one(text: str) -> None:
    with pytest.raises(UsageError, match="expected a month such as 2022-07"):
        month_of(text)


def test_words_that_nobody_gives_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "brief.toml"
    path.write_text('[en]\ntitle = "x"\n')
    with pytest.raises(DataError, match="found no subtitle"):
        read_words(path)
