"""Countries by code, name and demonym."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.countries import by_name, countries, country, demonym
from tocsin.fold import fold

NAMES = [
    ("DRC", "en", "COD"),
    ("RDC", "fr", "COD"),
    ("the Democratic Republic of the Congo", "en", "COD"),
    ("Congo-Brazzaville", "fr", "COG"),
    ("Côte d'Ivoire", "fr", "CIV"),
    ("cote d’ivoire", "en", "CIV"),
    ("Centrafrique", "fr", "CAF"),
    ("CAR", "en", "CAF"),
    ("Türkiye", "en", "TUR"),
    ("la Birmanie", "fr", "MMR"),
    ("États-Unis", "fr", "USA"),
    ("les Etats-Unis", "fr", "USA"),
    ("UK", "en", "GBR"),
    ("Kosovo", "en", "XKX"),
    ("Gaza", "en", "PSE"),
    ("Somaliland", "en", "SOM"),
    ("Swaziland", "en", "SWZ"),
    ("Bamako", "en", None),
]
DEMONYMS = [
    ("Nigerian", "en", "NGA"), ("Nigerien", "en", "NER"), ("nigérienne", "fr", "NER"), ("nigérians", "fr", "NGA"),
    ("Burkinabè", "en", "BFA"), ("burkinabé", "fr", "BFA"), ("maliennes", "fr", "MLI"), ("turque", "fr", "TUR"),
    ("US", "en", "USA"), ("us", "en", None), ("polish", "en", None), ("Polish", "en", "POL"),
    ("Congolese", "en", "COD"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "lang", "iso3"), NAMES)
def test_a_name_gives_its_country(name: str, lang: str, iso3: str | None) -> None:
    found = by_name(name, lang)
    assert (found.iso3 if found else None) == iso3


@pytest.mark.parametrize(("word", "lang", "iso3"), DEMONYMS)
def test_a_demonym_gives_its_country(word: str, lang: str, iso3: str | None) -> None:
    found = demonym(word, lang)
    assert (found.iso3 if found else None) == iso3


def test_acled_names_and_regions() -> None:
    """The spellings that ACLED uses and others do not."""
    wanted = {"COD": "Democratic Republic of Congo", "COG": "Republic of Congo", "SWZ": "eSwatini", "CPV": "Cape Verde"}
    assert {code: found.name for code in wanted if (found := country(code))} == wanted
    afghanistan = country("afg")
    assert afghanistan
    assert afghanistan.region == "Caucasus and Central Asia"
    assert len({each.region for each in countries()}) == 17


def test_every_name_finds_its_own_country() -> None:
    """No name or demonym is lost to another country."""
    for each in countries():
        assert country(each.iso3) is each
        for lang, names in each.names.items():
            assert all(by_name(name, lang) is each for name in names)
            assert all(demonym(word, lang) is each for word in each.demonyms[lang])


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
