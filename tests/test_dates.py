"""Time expressions: what is found, and which day it means. Published on Wednesday 15 May 2024 unless said otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.model import Time
from tocsin.read.dates import find_times
from tocsin.read.dates_load import DATA, lexicon, load
from tocsin.read.dates_resolve import RESOLVERS

WEDNESDAY = date(2024, 5, 15)


def one(text: str, lang: str, published: date | None = WEDNESDAY) -> Time:
    found = find_times(text, lang, published)
    assert len(found) == 1, [text[t.span.start : t.span.end] for t in found]
    return found[0]


def coded(text: str, lang: str) -> list[tuple[str, int | None]]:
    return [(str(t.day), t.precision) for t in find_times(text, lang, WEDNESDAY)]


ENGLISH_DAYS = [
    ("The base fell on 22 July 2022.", "2022-07-22", 1),
    ("It began on July 22, 2022, at noon.", "2022-07-22", 1),
    ("It began on the 22nd of July 2022.", "2022-07-22", 1),
    ("Jul. 22, 2022: attack", "2022-07-22", 1),
    ("2022-07-22: attack", "2022-07-22", 1),
    ("Logged 2022-07-22T10:00Z by the desk.", "2022-07-22", 1),
    ("Incident of 22/07/2022, Kati", "2022-07-22", 1),
    ("Incident of 03/04/2024, Kati", "2024-04-03", 1),
    ("10/05 - Two killed", "2024-05-10", 1),
    ("They came on July 22.", "2023-07-22", 1),
    ("They came on Apr 18 at dawn.", "2024-04-18", 1),
    ("They came on 16 May.", "2024-05-16", 1),
    ("On Thursday 9 May the bridge was hit.", "2024-05-09", 1),
    ("On Thursday, 20 July, the bridge was hit.", "2023-07-20", 1),
    ("Thu 9: shelling", "2024-05-09", 1),
    ("Tue 23. Shelling of the town", "2024-04-23", 1),
    ("On Saturday the 27th they returned.", "2024-04-27", 1),
    ("On the 9th, men burned a school.", "2024-05-09", 1),
    ("On the 20th, men burned a school.", "2024-04-20", 1),
    ("On Monday 3 people were killed.", "2024-05-13", 1),
    ("Gunmen attacked on Monday.", "2024-05-13", 1),
    ("Police fired at the crowd on Wednesday.", "2024-05-15", 1),
    ("Police fired at the crowd last Wednesday.", "2024-05-08", 1),
    ("He was taken last Thursday.", "2024-05-09", 1),
    ("He was taken that same Monday.", "2024-05-13", 1),
    ("He was taken on Tuesday of last week.", "2024-05-07", 1),
    ("A march is called for next Monday.", "2024-05-20", 1),
    ("It happened early Sunday.", "2024-05-12", 1),
    ("It happened on Saturday night.", "2024-05-11", 1),
    ("It happened in the early hours of Sunday.", "2024-05-12", 1),
    ("It happened before dawn on Tuesday.", "2024-05-14", 1),
    ("It happened shortly after midnight on Friday.", "2024-05-10", 1),
    ("A bomb went off after Friday prayers.", "2024-05-10", 1),
    ("Overnight from Friday to Saturday, shells fell.", "2024-05-11", 1),
    ("On the night of 12 to 13 February, shells fell.", "2024-02-13", 1),
    ("On the night of 20-21 April, shells fell.", "2024-04-21", 1),
    ("On the intervening night of 14th/15th April, shells fell.", "2024-04-15", 1),
    ("Monday night into Tuesday, shells fell.", "2024-05-14", 1),
    ("In the night of Sunday to Monday, around 11 p.m., shells fell.", "2024-05-12", 1),
    ("In the night of Sunday to Monday, around 2 a.m., shells fell.", "2024-05-13", 1),
    ("On the night of 30 April to 1 May, shells fell.", "2024-05-01", 1),
    ("Shells fell overnight.", "2024-05-15", 1),
    ("Police fired today.", "2024-05-15", 1),
    ("Police fired yesterday evening.", "2024-05-14", 1),
    ("Police fired the day before yesterday.", "2024-05-13", 1),
    ("Yesterday, Tuesday, police fired.", "2024-05-14", 1),
    ("Police fired this morning.", "2024-05-15", 1),
    ("It was hit a week ago.", "2024-05-08", 1),
    ("It was hit three days ago.", "2024-05-12", 1),
    ("It was hit a few days ago.", "2024-05-12", 2),
    ("It was hit two weeks ago.", "2024-05-01", 2),
    ("It was hit last week.", "2024-05-08", 2),
    ("It was hit over the weekend.", "2024-05-11", 2),
    ("It was hit over the weekend of 20 and 21 April.", "2024-04-20", 2),
    ("Week of 15 April: three women abducted", "2024-04-17", 2),
    ("Between 19 and 29 April villages burned.", "2024-04-24", 3),
    ("From 1 to 3 March villages burned.", "2024-03-02", 2),
    ("From 28 February to 3 March villages burned.", "2024-03-01", 2),
    ("Villages burned in early March.", "2024-03-01", 3),
    ("Villages burned in late February.", "2024-02-29", 3),
    ("Villages burned in mid-April.", "2024-04-15", 3),
    ("Villages burned at the beginning of April.", "2024-04-01", 3),
    ("Villages burned in September.", "2023-09-15", 3),
    ("It was hit on Christmas Day.", "2023-12-25", 1),
    ("Between Friday night and Saturday morning shells fell.", "2024-05-11", 1),
    ("Between Friday and Sunday shells fell.", "2024-05-11", 2),
    ("A vote is due in June.", "2024-06-15", 3),
    ("Villages burned in April.", "2024-04-15", 3),
    ("Villages burned in March.", "2024-03-15", 3),
    ("Villages burned in May.", "2024-05-15", 3),
    ("Villages burned in March 2011.", "2011-03-15", 3),
    ("Villages burned last November.", "2023-11-15", 3),
    ("Villages burned last month.", "2024-04-15", 3),
    ("Villages burned in the first week of April.", "2024-04-04", 2),
    ("Villages burned in the last days of April.", "2024-04-30", 3),
    ("A strike is announced for 4 June.", "2024-06-04", 1),
]

FRENCH_DAYS = [
    ("La base est tombée le 22 juillet 2022.", "2022-07-22", 1),
    ("La base est tombée le 1er mars.", "2024-03-01", 1),
    ("La base est tombée le 22 JUILLET 2022.", "2022-07-22", 1),
    ("10/05, Djibo : deux morts", "2024-05-10", 1),
    ("Jeudi 19 octobre, des tirs ont éclaté.", "2023-10-19", 1),
    ("Mardi 23, des tirs ont éclaté.", "2024-04-23", 1),
    ("Samedi 11 : tirs", "2024-05-11", 1),
    ("Lundi, 12 personnes ont été tuées.", "2024-05-13", 1),
    ("Le 9, des tirs ont éclaté.", "2024-05-09", 1),
    ("Des tirs ont éclaté mardi.", "2024-05-14", 1),
    ("Des tirs ont éclaté ce mercredi.", "2024-05-15", 1),
    ("Des tirs ont éclaté jeudi dernier.", "2024-05-09", 1),
    ("Des tirs ont éclaté mercredi dernier.", "2024-05-08", 1),
    ("Des tirs ont éclaté lundi soir, vers 19h40.", "2024-05-13", 1),
    ("Des tirs ont éclaté dimanche à l'aube.", "2024-05-12", 1),
    ("Des tirs ont éclaté le même mardi.", "2024-05-14", 1),
    ("Une marche est prévue lundi prochain.", "2024-05-20", 1),
    ("Dans la nuit de dimanche à lundi, des tirs ont éclaté.", "2024-05-13", 1),
    ("Dans la nuit de dimanche à lundi, vers 22 heures, des tirs ont éclaté.", "2024-05-12", 1),
    ("Dans la nuit de dimanche à lundi, vers 3 heures, des tirs ont éclaté.", "2024-05-13", 1),
    ("Dans la nuit du 12 au 13 février, des tirs ont éclaté.", "2024-02-13", 1),
    ("Dans la nuit du 12 au 13, des tirs ont éclaté.", "2024-05-13", 1),
    ("Dans la nuit du jeudi 9 au vendredi 10 mai, des tirs ont éclaté.", "2024-05-10", 1),
    ("Dans la nuit de ce lundi à mardi, des tirs ont éclaté.", "2024-05-14", 1),
    ("De vendredi soir à dimanche matin, des tirs ont éclaté.", "2024-05-11", 2),
    ("Vers le 10, des tirs ont éclaté.", "2024-05-10", 2),
    ("Nuit du 17 au 18/04 - tirs", "2024-04-18", 1),
    ("Dans la nuit de samedi, des tirs ont éclaté.", "2024-05-11", 1),
    ("Des tirs ont éclaté dans la nuit.", "2024-05-15", 1),
    ("Des tirs ont éclaté hier.", "2024-05-14", 1),
    ("Des tirs ont éclaté hier mardi.", "2024-05-14", 1),
    ("Des tirs ont éclaté avant-hier.", "2024-05-13", 1),
    ("Des tirs ont éclaté aujourd’hui.", "2024-05-15", 1),
    ("Des tirs ont éclaté ce matin.", "2024-05-15", 1),
    ("Des tirs ont éclaté il y a trois jours.", "2024-05-12", 1),
    ("Des tirs ont éclaté la semaine dernière.", "2024-05-08", 2),
    ("Des tirs ont éclaté ce week-end.", "2024-05-11", 2),
    ("Des tirs ont éclaté ces derniers jours.", "2024-05-15", 2),
    ("Semaine du 15 avril : trois femmes enlevées", "2024-04-17", 2),
    ("Du 16 au 19 mars, des villages ont brûlé.", "2024-03-17", 2),
    ("Des villages ont brûlé début mars.", "2024-03-01", 3),
    ("Des villages ont brûlé fin février.", "2024-02-29", 3),
    ("Des villages ont brûlé à la mi-mars.", "2024-03-15", 3),
    ("Des villages ont brûlé en septembre.", "2023-09-15", 3),
    ("Des villages ont brulé au mois de fevrier.", "2024-02-15", 3),
    ("Des villages ont brûlé en novembre dernier.", "2023-11-15", 3),
    ("Des villages ont brûlé le mois dernier.", "2024-04-15", 3),
]


@pytest.mark.parametrize(("text", "day", "precision"), ENGLISH_DAYS)
def test_english_day(text: str, day: str, precision: int) -> None:
    found = one(text, "en")
    assert (found.kind, str(found.day), found.precision) == ("day", day, precision)


@pytest.mark.parametrize(("text", "day", "precision"), FRENCH_DAYS)
def test_french_day(text: str, day: str, precision: int) -> None:
    found = one(text, "fr")
    assert (found.kind, str(found.day), found.precision) == ("day", day, precision)


@pytest.mark.parametrize(
    ("lang", "text", "days"),
    [
        ("en", "Raids on 22 and 23 August left ten dead.", ["2023-08-22", "2023-08-23"]),
        ("en", "Raids on 2, 3 and 4 May left ten dead.", ["2024-05-02", "2024-05-03", "2024-05-04"]),
        ("en", "Raids on 2 May and again on the 4th.", ["2024-05-02", "2024-05-04"]),
        ("en", "On 12 January 2020 a bomb exploded. On 14 January another did.", ["2020-01-12", "2020-01-14"]),
        ("fr", "Les 19 et 20 septembre, des raids.", ["2023-09-19", "2023-09-20"]),
        ("fr", "Le 2 avril, puis le 4, des raids.", ["2024-04-02", "2024-04-04"]),
        ("fr", "Le mardi 7 mai, un raid. Le jeudi suivant, un autre.", ["2024-05-07", "2024-05-09"]),
    ],
)
def test_several_days(lang: str, text: str, days: list[str]) -> None:
    assert coded(text, lang) == [(day, 1) for day in days]


@pytest.mark.parametrize(
    ("lang", "text", "offset"),
    [
        ("en", "The day before, they had met.", -1),
        ("en", "They left on the previous day.", -1),
        ("en", "They left the evening before.", -1),
        ("en", "The next day, they left.", 1),
        ("en", "The following morning they left.", 1),
        ("en", "They left the same day.", 0),
        ("en", "They left later that day.", 0),
        ("en", "They left that night.", 0),
        ("en", "They left a few hours later.", 0),
        ("en", "Two days later they left.", 2),
        ("en", "Eight days later they left.", 8),
        ("en", "A week later they left.", 7),
        ("en", "Three days earlier they had left.", -3),
        ("fr", "La veille, ils étaient partis.", -1),
        ("fr", "La veille au soir, ils étaient partis.", -1),
        ("fr", "Le lendemain, ils sont partis.", 1),
        ("fr", "Le surlendemain, ils sont partis.", 2),
        ("fr", "Le même jour, ils sont partis.", 0),
        ("fr", "Le soir même, ils sont partis.", 0),
        ("fr", "Ce jour-là, ils sont partis.", 0),
        ("fr", "Ce jour là, ils sont partis.", 0),
        ("fr", "Quelques heures plus tard, ils sont partis.", 0),
        ("fr", "Dans la nuit qui a suivi, ils sont partis.", 1),
        ("fr", "Quarante-huit heures plus tard, ils sont partis.", 2),
        ("en", "Days later they left.", 3),
        ("fr", "Deux jours plus tard, ils sont partis.", 2),
        ("fr", "Trois jours après, ils sont partis.", 3),
        ("fr", "Une semaine plus tard, ils sont partis.", 7),
    ],
)
def test_counted_from_another_event(lang: str, text: str, offset: int) -> None:
    found = one(text, lang)
    assert (found.kind, found.offset_days, found.day) == ("anchored", offset, None)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The war began in 2017."),
        ("en", "Attacks have risen in recent months."),
        ("en", "The road has been closed for years."),
        ("en", "They fled last year."),
        ("en", "They fled a year ago."),
        ("en", "They fled three months ago."),
        ("en", "They fled last spring."),
        ("en", "They fled in the first half of 2023."),
        ("en", "He has been held since January."),
        ("fr", "La guerre a commencé en 2012."),
        ("fr", "Les attaques ont augmenté ces dernières années."),
        ("fr", "Ils ont fui l'an dernier."),
        ("fr", "Ils ont fui il y a un an."),
        ("fr", "Ils ont fui il y a trois mois."),
        ("fr", "Ils ont fui l'été dernier."),
        ("fr", "Il est détenu depuis janvier."),
    ],
)
def test_vague(lang: str, text: str) -> None:
    assert one(text, lang).kind == "vague"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The army may withdraw, Theresa May said."),
        ("en", "A protest march of thousands; they march on."),
        ("en", "He told the Sunday Times about Black Friday."),
        ("en", "Checkpoints are manned 24/7 since the second coup."),
        ("en", "The G5 force lost 3/4 of its men at 2 a.m., call 0800 22 10 05."),
        ("en", "The March 23 Movement advanced."),
        ("en", "The sun sat low; they wed in secret."),
        ("en", "They meet every Friday."),
        ("en", "Score: 22-23, ratio 1,200."),
        ("fr", "Une marche a réuni des milliers de personnes vers 19h40."),
        ("fr", "Le Mouvement du 23 mars a avancé."),
        ("fr", "Rassemblés place du 1er novembre, ils chantaient."),
        ("fr", "Ils prient chaque vendredi."),
        ("fr", "Il a été tué jour après jour."),
        ("fr", "Les 5 000 hommes du 12e régiment sont sept."),
    ],
)
def test_no_date(lang: str, text: str) -> None:
    assert find_times(text, lang, WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("lang", "text", "relation"),
    [
        ("en", "since Monday", "since"),
        ("en", "until 3 May", "until"),
        ("en", "by Friday", "until"),
        ("en", "before 3 May", "before"),
        ("en", "after 22 April", "after"),
        ("en", "before dawn on Monday", "at"),
        ("fr", "depuis lundi", "since"),
        ("fr", "jusqu'au 3 mai", "until"),
        ("fr", "avant le 3 mai", "before"),
        ("fr", "après le 3 mai", "after"),
        ("fr", "depuis l'aube de ce mercredi", "since"),
    ],
)
def test_relation(lang: str, text: str, relation: str) -> None:
    found = one(f"- {text}.", lang)
    assert (found.relation, found.span.start, found.kind) == (relation, 2, "day")


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "on Monday"), ("en", "in June"), ("fr", "mardi"), ("fr", "le 3 mai")]
)
def test_without_publication_date(lang: str, text: str) -> None:
    found = one(text, lang, None)
    assert (found.kind, found.rule, found.day) == ("vague", "no-publication-date", None)


def test_complete_dates_need_no_publication_date() -> None:
    assert one("Le 3 mai 2021, un raid.", "fr", None).day == date(2021, 5, 3)
    assert one("In May 2021 villages burned.", "en", None).day == date(2021, 5, 15)


def test_name_of_the_publication_day_in_a_weekly_review() -> None:
    text = "On Wednesday a raid. On Thursday rain. On Friday a raid. On Saturday rain. On Sunday rain. On Monday none."
    assert find_times(text, "en", WEDNESDAY)[0].day == WEDNESDAY - timedelta(days=7)


def test_unknown_language_finds_nothing() -> None:
    assert find_times("Am Montag", "de", WEDNESDAY) == ()


WORDS = [
    "on", "Monday", "12", "May", "2024", "to", "the", "night", "of", "last", ",", "22/07", "ago", "two",
    "days", "in", "le", "lundi", "à", "nuit", "de", "mai", "dans", "la", "veille", "il y a", "1er", "–",
    "\n\n", "İ", "ß", "99"
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(["en", "fr"]), st.dates(date(1990, 1, 1)))
def test_any_words(words: list[str], lang: str, published: date) -> None:
    """Times lie within the text, in order, apart, and a day lies within its own bounds."""
    text = " ".join(words)
    times = find_times(text, lang, published)
    edges = [edge for time in times for edge in (time.span.start, time.span.end)]
    assert edges == sorted(edges)
    assert not edges or edges[-1] <= len(text)
    for time in times:
        assert time.span.start < time.span.end
        assert (time.kind == "day") == (time.day is not None)
        if time.day and time.first and time.last:
            assert time.first <= time.day <= time.last


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_rule_can_be_applied(lang: str) -> None:
    words = lexicon(lang)
    assert words is not None
    assert {rule.do for rule in words.rules} <= RESOLVERS.keys() | {"ignore"}


def test_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    source = (DATA / "dates_en.toml").read_text(encoding="utf-8")
    path = tmp_path / "dates_xx.toml"
    path.write_text(source.replace('"late last night"', '"late [last night"'), encoding="utf-8")
    with pytest.raises(DataError, match=r"dates_xx.toml:\d+: found the end, expected '\]'"):
        load(path)
