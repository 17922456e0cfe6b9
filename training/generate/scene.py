"""The stage of one report: country, day, names of people and towns.

In:  a country, the day of publication, a language.
Out: `Scene`, from which templates take what is not a fact of an event.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from tocsin.countries import Country, country
from training.generate.places import Atlas, atlas
from training.generate.tables import DATA, Land, Language, lands


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when a report is written."""

    language: Language
    land: Land
    home: Country
    published: date
    atlas: Atlas

    def town(self, rng: Random) -> str:
        return rng.choice(self.atlas.towns).name

    def person(self, rng: Random) -> str:
        """An invented name of the region."""
        first, last = _names(self.home.region)
        return f"{rng.choice(first)} {rng.choice(last)}"

    @property
    def capital(self) -> str:
        return self.home.capitals.get(self.language.code) or self.atlas.capital.name

    @property
    def country(self) -> str:
        return self.home.names[self.language.code][0]


def scene(language: Language, iso3: str, published: date) -> Scene:
    """The stage for a report about the country."""
    home = country(iso3)
    assert home is not None, iso3
    return Scene(language, lands()[iso3], home, published, atlas(iso3))


@cache
def _names(region: str) -> tuple[list[str], list[str]]:
    with (DATA / "names.toml").open("rb") as file:
        banks = tomllib.load(file)
    bank = next((each for each in banks.values() if region in each["regions"]), next(iter(banks.values())))
    return bank["first"], bank["last"]
