"""groups.csv as data: well-formed, complete over the continents, and right where we can spot-check it."""

import csv
import re
from pathlib import Path

import pytest

from tocsin.countries import countries

FILE = Path(__file__).parents[1] / "src/tocsin/registry/data/groups.csv"
COLUMNS = ["id", "name", "aliases_en", "aliases_fr", "inter", "countries", "valid_from", "valid_to", "parent", "note"]
INTER = {"State forces", "Rebel group", "Political militia", "Identity militia", "External/Other forces"}
COUNTRIES = {country.iso3 for country in countries()}
CONTINENTS = {
    "West Africa": "MLI BFA NER NGA CIV SEN LBR SLE GHA GIN", "Central Africa": "CMR CAF COD COG TCD BDI AGO RWA",
    "East Africa": "SOM KEN ETH ERI SDN SSD UGA DJI", "Southern Africa": "MOZ ZWE ZAF LSO NAM MDG",
    "North Africa": "DZA LBY EGY TUN", "Middle East": "ISR PSE LBN SYR IRQ IRN YEM TUR BHR",
    "Europe": "GBR IRL ESP FRA GRC ITA DEU UKR RUS XKX MKD", "Caucasus": "GEO AZE",
    "South Asia": "AFG PAK IND BGD NPL LKA",
    "South-East Asia": "MMR THA PHL IDN", "Pacific": "PNG FJI SLB", "North America": "USA CAN MEX",
    "Central America and Caribbean": "SLV GTM HND HTI JAM TTO", "South America": "COL VEN ECU PER BRA CHL PRY",
}  # fmt: skip


def read() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = read()
BY_ID = {row["id"]: row for row in ROWS}


def aliases(row: dict[str, str]) -> list[str]:
    return [alias for column in ("aliases_en", "aliases_fr") for alias in row[column].split("|") if alias]


def months(text: str, *, last: bool) -> int:
    """Months since year 0; a year alone starts in January and ends in December."""
    year, _, month = text.partition("-")
    return int(year) * 12 + (int(month) if month else 12 if last else 1)


def faults(check: str) -> list[str]:
    """The ids of the rows that break one rule."""
    rules = {
        "id": lambda row: not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["id"]),
        "name": lambda row: not row["name"] or row["name"] != row["name"].strip() or "  " in row["name"],
        "inter": lambda row: row["inter"] not in INTER,
        "countries": lambda row: not set(row["countries"].split("|")) <= COUNTRIES,
        "repeated country": lambda row: len(set(row["countries"].split("|"))) != len(row["countries"].split("|")),
        "from": lambda row: not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", row["valid_from"]),
        "to": lambda row: not re.fullmatch(r"(\d{4}(-(0[1-9]|1[0-2]))?)?", row["valid_to"]),
        "period": lambda row: (
            row["valid_to"] and months(row["valid_from"], last=False) > months(row["valid_to"], last=True)
        ),
        "parent": lambda row: row["parent"] and (row["parent"] not in BY_ID or row["parent"] == row["id"]),
        "short alias": lambda row: any(len(alias) < 2 for alias in aliases(row)),
        "short word as alias": lambda row: any(len(alias) < 4 and not alias.isupper() for alias in aliases(row)),
        "untidy alias": lambda row: any(alias != alias.strip() or "’" in alias for alias in aliases(row)),
        "repeated alias": lambda row: any(
            len(set(row[column].split("|"))) != len(row[column].split("|")) for column in ("aliases_en", "aliases_fr")
        ),
        "long note": lambda row: len(row["note"]) > 100,
        "no alias": lambda row: not aliases(row) and "(" in row["name"],
    }
    return [row["id"] for row in ROWS if rules[check](row)]


@pytest.mark.parametrize(
    "check",
    ["id", "name", "inter", "countries", "repeated country", "from", "to", "period", "parent",
     "short alias", "short word as alias", "untidy alias", "repeated alias", "long note", "no alias"],
)  # fmt: skip
def test_every_row_keeps_the_rule(check: str) -> None:
    """No row breaks the rule; the message names those that do."""
    assert faults(check) == []


def test_columns_and_order() -> None:
    """The header is as documented and rows are sorted by id."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == COLUMNS
    assert [row["id"] for row in ROWS] == sorted(BY_ID)


def test_enough_groups() -> None:
    """The register names at least 550 groups."""
    assert len(ROWS) >= 550


@pytest.mark.parametrize("region", CONTINENTS)
def test_region_is_covered(region: str) -> None:
    """Each of the region's countries has a group, and the region has at least eight."""
    wanted = set(CONTINENTS[region].split())
    here = [wanted & set(row["countries"].split("|")) for row in ROWS]
    assert wanted - set().union(*here) == set()
    assert sum(bool(found) for found in here) >= 8


@pytest.mark.parametrize("column", ["id", "name"])
def test_no_two_groups_share(column: str) -> None:
    """Ids and names are unique."""
    values = [row[column] for row in ROWS]
    assert sorted(values) == sorted(set(values))


# Words that a report uses of anybody; as an alias they would make every mention this group.
TOO_GENERAL = (
    """
the movement, the front, the group, rebels, the rebels, insurgents, militants, militia, gunmen, bandits,
terrorists, fighters, jihadists, separatists, guerrillas, le mouvement, le front, le groupe, rebelles, les
rebelles, insurgés, miliciens, bandits armés, combattants, jihadistes, djihadistes, séparatistes, terroristes,
gang, le gang, armed group, groupe armé, army, police, armée, islamists, islamistes, guérilla, cartel,
peacekeepers, casques bleus, blue helmets, self-defence group, groupe d'autodéfense, vigilantes, mercenaries,
mercenaires
""".strip()
    .replace("\n", " ")
    .split(", ")
)


def test_no_alias_is_too_general() -> None:
    """No alias is a word for anybody."""
    found = {alias for row in ROWS for alias in aliases(row) if alias.lower() in TOO_GENERAL}
    assert found == set()


def test_aliases_are_not_countries() -> None:
    """No alias is the bare name of a country."""
    names = {country.name.lower() for country in countries()}
    assert {alias for row in ROWS for alias in aliases(row) if alias.lower() in names} == set()


SPOT_CHECKS = [
    ("GSIM", "MLI", 2023, "JNIM: Group for Support of Islam and Muslims", "Rebel group"),
    ("Groupe de soutien à l'islam et aux musulmans", "BFA", 2022,
     "JNIM: Group for Support of Islam and Muslims", "Rebel group"),
    ("Ansar Eddine", "MLI", 2012, "Ansar Dine", "Rebel group"),
    ("EIGS", "NER", 2021, "Islamic State Sahel Province (ISSP)", "Rebel group"),
    ("ISWAP", "NGA", 2022, "Islamic State West Africa Province (ISWAP)", "Rebel group"),
    ("VDP", "BFA", 2022, "VDP: Volunteers for the Defense of Homeland", "Political militia"),
    ("Amba Boys", "CMR", 2019, "Ambazonian Separatists (Cameroon)", "Rebel group"),
    ("M23", "COD", 2024, "M23: March 23 Movement", "Rebel group"),
    ("ADF", "COD", 2021, "ADF: Allied Democratic Forces", "Rebel group"),
    ("ADF", "CMR", 2021, "ADF: Ambazonia Defense Forces", "Rebel group"),
    ("UPC", "COD", 2003, "UPC: Union of Congolese Patriots", "Political militia"),
    ("UPC", "CAF", 2019, "UPC: Union for Peace in the Central African Republic", "Rebel group"),
    ("Forces de soutien rapide", "SDN", 2024, "Rapid Support Forces", "Rebel group"),
    ("Shebab", "SOM", 2017, "Al Shabaab", "Rebel group"),
    ("groupe Wagner", "MLI", 2022, "Wagner Group", "External/Other forces"),
    ("Daech", "IRQ", 2015, "Islamic State (Iraq)", "Rebel group"),
    ("Daech", "SYR", 2019, "Islamic State (Syria)", "Rebel group"),
    ("ISIS-K", "AFG", 2021, "Islamic State Khorasan Province (ISKP)", "Rebel group"),
    ("Houthis", "YEM", 2014, "Houthi Movement - Ansar Allah", "Rebel group"),
    ("Houthis", "YEM", 2020, "Military Forces of Yemen (2016-) Supreme Political Council", "State forces"),
    ("coalition arabe", "YEM", 2017, "Operation Restoring Hope", "External/Other forces"),
    ("Hizbullah", "LBN", 2024, "Hezbollah", "Rebel group"),
    ("Hashd al-Shaabi", "IRQ", 2017, "Popular Mobilization Forces", "Political militia"),
    ("Naxalites", "IND", 2024, "CPI (Maoist): Communist Party of India (Maoist)", "Rebel group"),
    ("talibans", "AFG", 2012, "Taliban", "Rebel group"),
    ("Tamil Tigers", "LKA", 2008, "LTTE: Liberation Tigers of Tamil Eelam", "Rebel group"),
    ("Arakan Army", "MMR", 2024, "ULA/AA: United League of Arakan/Arakan Army", "Rebel group"),
    ("BIFF", "PHL", 2020, "BIFM: Bangsamoro Islamic Freedom Movement", "Rebel group"),
    ("ELN", "COL", 2023, "ELN: National Liberation Army", "Rebel group"),
    ("CJNG", "MEX", 2023, "Jalisco New Generation Cartel", "Political militia"),
    ("gang de Savien", "HTI", 2024, "Gran Grif Gang", "Political militia"),
    ("Sentier lumineux", "PER", 2000, "Shining Path", "Rebel group"),
    ("UCK", "XKX", 1998, "KLA: Kosovo Liberation Army", "Rebel group"),
    ("White Army", "SSD", 2014, "Nuer Ethnic Militia (South Sudan)", "Identity militia"),
    ("Naparama", "MOZ", 2023, "Naparama Militia", "Identity militia"),
    ("Somaliland forces", "SOM", 2023, "Military Forces of Somaliland (1991-)", "State forces"),
    ("MINUSMA", "MLI", 2016,
     "MINUSMA: United Nations Multidimensional Integrated Stabilization Mission in Mali (2013-2023)",
     "External/Other forces"),
]  # fmt: skip


def named(alias: str, country: str, year: int) -> set[str]:
    """The groups that a word can mean in one country and year."""
    return {
        row["id"]
        for row in ROWS
        if alias in [row["name"], *aliases(row)]
        and country in row["countries"].split("|")
        and row["valid_from"][:4] <= str(year) <= (row["valid_to"][:4] or "9999")
    }


@pytest.mark.parametrize(("alias", "country", "year", "name", "inter"), SPOT_CHECKS)
def test_known_group(alias: str, country: str, year: int, name: str, inter: str) -> None:
    """A word of the press, in a country and year, means the group we know."""
    found = {(BY_ID[group]["name"], BY_ID[group]["inter"]) for group in named(alias, country, year)}
    assert (name, inter) in found


@pytest.mark.parametrize(
    ("alias", "country", "year"),
    [("Taliban", "AFG", 2022), ("MINUSMA", "MLI", 2024), ("LTTE", "LKA", 2012), ("Ansar Dine", "MLI", 2020)],
)
def test_ended_group_is_not_meant(alias: str, country: str, year: int) -> None:
    """A group that ended is not what its name means years later."""
    assert named(alias, country, year) <= {"jnim"}
