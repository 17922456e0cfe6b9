"""Finding actors in sentences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import Span
from tocsin.registry import Registry, find_actors, suggest

REGISTRY = Registry.load()

# text, language, [(words, kind, key, country)]
CASES = [
    ("Malian soldiers fired on a bus.", "en", [("Malian soldiers", "state", "military", "MLI")]),
    ("L'armée malienne a bombardé la colline.", "fr", [("L'armée malienne", "state", "military", "MLI")]),
    ("Nigeria's army shelled the camp.", "en", [("Nigeria's army", "state", "military", "NGA")]),
    ("The army of Chad withdrew.", "en", [("The army of Chad", "state", "military", "TCD")]),
    ("L'armée du Tchad s'est retirée.", "fr", [("L'armée du Tchad", "state", "military", "TCD")]),
    ("La police nigérienne a tiré.", "fr", [("La police nigérienne", "state", "police", "NER")]),
    ("Syrian government forces struck at dawn.", "en", [("Syrian government forces", "state", "military", "SYR")]),
    ("A Russian attack drone fell.", "en", [("Russian attack drone", "state", "military", "RUS")]),
    ("Un drone russe s'est écrasé.", "fr", [("drone russe", "state", "military", "RUS")]),
    ("A drone fell.", "en", []),
    ("Thai and Cambodian soldiers met.", "en",
     [("Thai", "state", "military", "THA"), ("Cambodian soldiers", "state", "military", "KHM")]),
    ("Des soldats russes et ukrainiens discutent.", "fr",
     [("soldats russes", "state", "military", "RUS"), ("ukrainiens", "state", "military", "UKR")]),
    ("Des hommes armés non identifiés à moto.", "fr", [("hommes armés non identifiés", "armed", "gunmen", None)]),
    ("Unidentified gunmen fled.", "en", [("Unidentified gunmen", "armed", "gunmen", None)]),
    ("Riot police chased protesters.", "en",
     [("Riot police", "state", "police", None), ("protesters", "crowd", "protesters", None)]),
    ("Nine Palestinians were hurt.", "en", [("Palestinians", "civilians", "nationals", "PSE")]),
    ("Le cortège passait devant la CRS.", "fr",
     [("cortège", "crowd", "protesters", None), ("CRS", "state", "police", "FRA")]),
    ("They asked us to leave.", "en", []),
    ("Talks between Kusasi and Mamprusi went on.", "en",
     [("Kusasi", "armed", "people:Kusasi", None), ("Mamprusi", "armed", "people:Mamprusi", None)]),
    ("Des heurts entre les Peuls et les Dogons.", "fr",
     [("Peuls", "armed", "people:Fulani", None), ("Dogons", "armed", "people:Dogon", None)]),
    ("Fulani and Berom songs were sung.", "en", []),
    ("Al-Qaida-affiliated fighters fled.", "en", [("Al-Qaida-affiliated fighters", "armed", "jihadists", None)]),
    ("The Sinaloa cartel denied it.", "en", [("Sinaloa cartel", "group", "sinaloa-cartel", None)]),
    ("Des shebab ont fui.", "fr", [("shebab", "group", "al-shabaab", None)]),
    ("Bokkos Local Government is far.", "en", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lang", "wanted"), CASES)
def test_mentions(text: str, lang: str, wanted: list[tuple[str, str, str, str | None]]) -> None:
    found = find_actors(text, lang, REGISTRY)
    assert [(m.span.of(text), m.kind, m.key, m.country) for m in found] == wanted


def test_a_noun_beside_a_name_is_that_name() -> None:
    """ "M23 rebels", "rebels of the M23" and "combattants du M23" are all the M23."""
    for text, lang in (("M23 rebels fled", "en"), ("rebels of the M23 fled", "en"), ("des combattants du M23", "fr")):
        found = find_actors(text, lang, REGISTRY)
        assert [(m.kind, m.key) for m in found] == [("group", "m23")]
        assert "M23" in found[0].span.of(text)
        assert len(found[0].span.of(text)) > 3


def test_opposition_to_a_group_is_not_the_group() -> None:
    assert not [m for m in find_actors("An anti-Taliban alliance met.", "en", REGISTRY) if m.kind == "group"]


def test_countries_only_on_demand() -> None:
    text = "Israel bombed the port and the Kremlin protested."
    assert not find_actors(text, "en", REGISTRY)
    found = find_actors(text, "en", REGISTRY, places=True)
    assert [(m.key, m.country) for m in found] == [("country", "ISR"), ("metonym", "RUS")]


@given(st.text(alphabet="soldiersM23 ofthe.'-éÀ\n(rebels)", max_size=80), st.sampled_from(["en", "fr"]))
def test_spans_lie_in_the_text_in_order(text: str, lang: str) -> None:
    found = find_actors(text, lang, REGISTRY)
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "lang", "name"),
    [
        ("The Sunrise Liberation Front (SLF) said so.", "en", "Sunrise Liberation Front"),
        ("Fighters of the Movement for the Rebirth of Zamora left.", "en", "Movement for the Rebirth of Zamora"),
        ("Le Front pour la Renaissance du Zamora (FRZ) revendique.", "fr", "Front pour la Renaissance du Zamora"),
    ],
)
def test_unknown_organisations_are_suggested(text: str, lang: str, name: str) -> None:
    assert name in [each.name for each in suggest(text, [], lang)]
    assert not suggest(text, [Span(0, len(text))], lang)


# text, language, country, [(words, name)]: groups that only the report names
INTRODUCED = [
    ("Fighting between the Orvo clan and the Teska clan left six dead.", "en", "PNG",
     [("Orvo", "Orvo Clan Militia (Papua New Guinea)"), ("Teska", "Teska Clan Militia (Papua New Guinea)")]),
    ("Later, the Orvo clan struck again, and two Orvo men were held.", "en", "PNG",
     [("Orvo", "Orvo Clan Militia (Papua New Guinea)"), ("Orvo men", "Orvo Clan Militia (Papua New Guinea)")]),
    ("At dawn, Beni Zorak tribesmen cut the road.", "en", "YEM",
     [("Beni Zorak tribesmen", "Beni Zorak Tribal Militia (Yemen)")]),
    ("Des combats ont opposé les clans Orvo et Teska.", "fr", "SOM",
     [("Orvo", "Orvo Clan Militia (Somalia)"), ("Teska", "Teska Clan Militia (Somalia)")]),
    ("The Dry River Liberation Front (DRLF) attacked. The DRLF fled.", "en", "IND",
     [("Dry River Liberation Front (DRLF", "DRLF: Dry River Liberation Front"),
      ("DRLF", "DRLF: Dry River Liberation Front")]),
    ("They met fighters of the Dry River Union.", "en", "IND",
     [("fighters of the Dry River Union", "Dry River Union")]),
    ("The Dry River Union met.", "en", "IND", []),
    ("Rival clans met.", "en", "SOM", [("Rival clans", "Unidentified Clan Militia (Somalia)")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lang", "country", "wanted"), INTRODUCED)
def test_groups_that_only_the_report_names(text: str, lang: str, country: str, wanted: list[tuple[str, str]]) -> None:
    found = find_actors(text, lang, REGISTRY)
    assert [(m.span.of(text), REGISTRY.resolve(m, country, None).name) for m in found] == wanted
