"""Places in texts: which names are places, which places they mean, where events happened."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.locate import Gazetteer, Located, find_places, place_event
from tocsin.locate.distance import kilometres
from tocsin.model import PlaceMention, Span

GAZETTEER = Gazetteer.open()


def mentions(text: str, lang: str = "en") -> tuple[PlaceMention, ...]:
    return find_places(text, lang, GAZETTEER)


def mention(text: str, name: str, lang: str = "en") -> PlaceMention:
    return next(m for m in mentions(text, lang) if m.name == name)


def event(text: str, trigger: str, lang: str = "en") -> Located | None:
    """Where the event of the word `trigger` happened; sentences end at ". " and at line ends."""
    at = text.index(trigger)
    starts = [0, *(i + 2 for i in range(len(text) - 1) if text[i : i + 2] in (". ", "\n\n"))]
    spans = [Span(a, b) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    here = next(i for i, s in enumerate(spans) if s.start <= at < s.end)
    found = mentions(text, lang)
    return place_event(Span(at, at + len(trigger)), spans[here], spans[:here][::-1], found, GAZETTEER, text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "name", "country"),
    [
        ("en", "Gunmen killed four people in Kati on Friday, Malian officials said.", "Kati", "MLI"),
        ("en", "Fighting broke out near Tripoli. Libyan forces shelled the road.", "Tripoli", "LBY"),
        ("en", "A shell hit Tripoli, Lebanon, on Sunday.", "Tripoli", "LBN"),
        ("en", "The attack took place at Mera, Augie local government area, Kebbi State.", "Mera", "NGA"),
        ("en", "Two bombs went off in Georgia's capital Tbilisi.", "Georgia", "GEO"),
        ("en", "A bomb exploded in Tank, Khyber Pakhtunkhwa, on Friday.", "Tank", "PAK"),
        ("fr", "Quatre civils ont été tués à Djibo, dans le nord du Burkina Faso.", "Djibo", "BFA"),
        ("fr", "Une attaque a visé le village de Diallassagou, au Mali.", "Diallassagou", "MLI"),
        ("fr", "L'armée nigérienne a repoussé un assaut à Inates.", "Inates", "NER"),
        ("fr", "Les femmes du marché de Mango ont marché mardi contre la réserve.", "Mango", "TGO"),
        ("fr", "Une barricade a brûlé mardi sur la route de Païta.", "Païta", "NCL"),
        ("en", "Gunmen shot two men in Spanish Town on Friday.", "Spanish Town", "JAM"),
        ("fr", "Un drone a frappé Koupiansk, a indiqué l'armée ukrainienne.", "Koupiansk", "UKR"),
        ("fr", "Un attentat a fait douze morts à Djowhar, en Somalie.", "Djowhar", "SOM"),
    ],
)
def test_a_name_means_the_place_of_this_report(lang: str, text: str, name: str, country: str) -> None:
    found = mention(text, name, lang)
    assert found.place is not None
    assert found.place.country == country
    assert text[found.span.start : found.span.end].endswith(name)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "President Conde spoke to reporters. Colonel Goma denied it."),
        ("en", "The Lagos Times reported in March that Ibrahim Gao was seen."),
        ("en", "Police fired tear gas. Several people were hurt, and Many fled on Monday."),
        ("fr", "Le colonel Sikasso a parlé lundi. Mardi, le ministre Kati a démenti."),
        ("en", "The 77th Light Infantry and the Reserve Police moved in. Hamas denied it."),
        ("en", "The Armoured Brigade will stay, Erdogan said."),
        ("fr", "La Primature a confirmé le bilan. Daech a revendiqué l'attaque."),
        ("fr", "Le 3e bataillon de Commandos et l'Artillerie ont ouvert le feu."),
        ("fr", "Plusieurs habitants ont fui. Selon des témoins, dix personnes sont mortes en Mars."),
    ],
)
def test_people_papers_and_days_are_no_places(lang: str, text: str) -> None:
    assert [m.name for m in mentions(text, lang) if m.role == "at"] == []


@pytest.mark.parametrize(
    ("lang", "text", "name", "role"),
    [
        ("en", "BAMAKO, Mali - Gunmen attacked a village near Mopti.", "BAMAKO", "dateline"),
        ("fr", "OUAGADOUGOU (Agence) - Des hommes armés ont attaqué Djibo.", "OUAGADOUGOU", "dateline"),
        ("en", "Moscow denied that it had shelled Kharkiv.", "Moscow", "metonym"),
        ("fr", "Bamako a condamné l'attaque de Ménaka.", "Bamako", "metonym"),
        ("en", "Malian soldiers were ambushed near Gao.", "Malian", "demonym"),
        ("fr", "Des soldats maliens sont tombés près de Gao.", "maliens", "demonym"),
        ("en", "The hamlet of Tozai, 8 km east of Goronyo in Nigeria's Sokoto state, was raided.", "Goronyo", "anchor"),
    ],
)
def test_roles(lang: str, text: str, name: str, role: str) -> None:
    assert mention(text, name, lang).role == role


@pytest.mark.parametrize(
    ("lang", "text", "name", "known", "near", "km"),
    [
        ("en", "Raiders burned Tozai, a hamlet 8 km east of Goronyo, Nigeria.", "Tozai", False, "Goronyo", 8),
        ("fr", "Bossongri, hameau à 30 km au nord de Kaya, au Burkina Faso, a brûlé.", "Bossongri", False, "Kaya", 30),
        ("en", "Soldiers were ambushed 15 km north-west of Bamako.", "Bamako", True, "Bamako", 15),
        ("fr", "Un convoi a été attaqué à 70 km au nord de Gao, au Mali.", "Gao", True, "Gao", 70),
        ("en", "The army of Mali was attacked 20 miles from the town of Gao.", "Gao", True, "Gao", 0),
    ],
)  # fmt: skip
def test_descriptions_give_a_point(lang: str, text: str, name: str, known: bool, near: str, km: float) -> None:
    found = mention(text, name, lang)
    anchor = next(
        p for p in GAZETTEER.named(near) if p.kind == "place" and found.place and p.country == found.place.country
    )
    assert found.place is not None
    assert found.known is known
    assert found.rule.startswith("described")
    away = kilometres(found.place.latitude, found.place.longitude, anchor.latitude, anchor.longitude)
    assert away == pytest.approx(km, abs=0.5)
    assert found.precision == (1 if not known else 2)


@pytest.mark.parametrize(
    "text",
    ["12:30 Kano: two killed in Nigeria.", "Place: Kano\nDead: two Nigerian soldiers.", "1. Kano. Two Nigerians died."],
)
def test_a_name_at_the_head_of_an_item_is_a_place(text: str) -> None:
    assert "Kano" in [m.name for m in mentions(text)]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "Rebel fighters overran Tazkoret on Monday, in Mali.", "Tazkoret"),
        ("en", "Malian soldiers abandoned Tazkoret after a week of fighting.", "Tazkoret"),
        ("en", "Raiders on motorbikes torched Tazkoret, a Malian officer said.", "Tazkoret"),
        ("fr", "L'armée malienne a repris Tazkoret après trois jours de combats.", "Tazkoret"),
        ("fr", "Les rebelles occupent Tazkoret, au Mali, depuis lundi.", "Tazkoret"),
        ("fr", "Les soldats maliens ont évacué Tazkoret dans la nuit.", "Tazkoret"),
    ],
)
def test_what_is_taken_or_left_is_a_place(lang: str, text: str, name: str) -> None:
    assert name in [m.name for m in mentions(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "name", "point", "km"),
    [
        ("en", "The militia burned Diafarabé, west of Mopti, in Mali.", "Diafarabé", (14.14, -5.02), 5),
        ("fr", "Des hommes armés ont attaqué Bankass, au sud-est de Mopti, au Mali.", "Bankass", (14.07, -3.52), 5),
        ("fr", "Ils ont tué deux Maliens à Tazkoret, à 30 km à l'est de Gao, au Mali.", "Tazkoret", (16.27, 0.24), 5),
    ],
)
def test_a_known_village_stays_where_it_is(
    lang: str, text: str, name: str, point: tuple[float, float], km: float
) -> None:
    place = mention(text, name, lang).place
    assert place is not None
    assert kilometres(place.latitude, place.longitude, *point) < km


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "Two died 20 km north of Sévaré in Djenné district, in Mali.", "Djenné"),
        ("fr", "Deux morts à 11 km à l'ouest d'Oicha en territoire de Beni, en RDC.", "Beni"),
    ],
)
def test_a_description_hangs_on_the_name_next_to_it(lang: str, text: str, name: str) -> None:
    assert not mention(text, name, lang).rule.startswith("described")


@pytest.mark.parametrize(
    ("lang", "text", "name", "unit"),
    [
        ("en", "Ukrainian troops entered Zaliznychne in the Kharkiv region on Monday.", "Zaliznychne", "Kharkiv"),
        (
            "fr",
            "RANCHI (Inde) - Une mine a sauté près de Pratappur, dans le district de Chatra.",
            "Pratappur",
            "Jharkhand",
        ),
    ],
)
def test_a_namesake_outside_the_unit_said_is_not_meant(lang: str, text: str, name: str, unit: str) -> None:
    found = next(m for m in find_places(text, lang, GAZETTEER) if m.name == name)
    assert not found.known
    assert found.place is not None
    assert found.place.admin1 == unit


def test_a_group_that_tells_the_country_is_no_village() -> None:
    text = "Quelque 400 jeunes de Bandiagara, au Mali, ont rejoint Dan Na Ambassagou."
    assert "Dan Na Ambassagou" not in {m.name for m in find_places(text, "fr", GAZETTEER)}


def test_an_unknown_village_stands_at_its_district() -> None:
    found = mention("Insurgents beheaded two men at Nanjabara, in Macomia district, Mozambique.", "Nanjabara")
    assert not found.known
    assert found.precision == 2
    assert found.place is not None
    assert found.place.admin1 == "Cabo Delgado"
    assert found.place.radius_km >= 25


@pytest.mark.parametrize(
    ("lang", "text", "trigger", "name", "precision"),
    [
        ("en", "BAMAKO - Gunmen killed men in Bandiagara, Mali. Troops left Sévaré.", "killed", "Bandiagara", 1),
        ("en", "Clashes erupted in Mali's Koulikoro region on Monday.", "Clashes", "Koulikoro", 3),
        ("en", "Two men died in Mogadishu's Yaqshid district on Monday.", "died", "Mogadishu - Yaqshid", 1),
        ("en", "Two men were shot in the Yaqshid district of Mogadishu.", "shot", "Mogadishu - Yaqshid", 1),
        ("en", "Rebels took the city of Najran and burned its market.", "took", "Najrān", 1),
        ("en", "Fighters hid in Sambisa Forest, Nigeria, where jets bombed them.", "bombed", "Sambisa Forest", 3),
        ("fr", "Des combats ont opposé lundi l'armée malienne à des rebelles près de Kidal.", "combats", "Kidal", 2),
        ("fr", "Lundi, Ansongo, au Mali, a été attaquée. Des tirs ont duré deux heures.", "tirs", "Ansongo", 1),
    ],
)  # fmt: skip
def test_events_get_the_most_exact_place_near_the_trigger(
    lang: str, text: str, trigger: str, name: str, precision: int
) -> None:
    found = event(text, trigger, lang)
    assert found is not None
    assert (found.name, found.geo_precision) == (name, precision)
    assert all(text[s.start : s.end] for s in found.spans)


def test_a_country_alone_is_no_place_of_an_event() -> None:
    assert event("Rebels killed six soldiers, the government of Mali said.", "killed") is None


def test_a_capital_in_the_dateline_is_no_place_of_an_event() -> None:
    assert event("BAMAKO - Rebels killed six soldiers on Monday.", "killed") is None


def test_an_unknown_language_is_read_as_english() -> None:
    assert mention("Gunmen killed four people in Kati, Mali.", "Kati", "xx").place is not None


@given(
    st.text(alphabet=st.sampled_from("Gao à in near Mali. Kati,\n25 km nord of de la 'X-é("), max_size=80),
    st.sampled_from(["en", "fr"]),
)
def test_spans_lie_in_the_text_and_results_repeat(text: str, lang: str) -> None:
    found = find_places(text, lang, GAZETTEER)
    assert found == find_places(text, lang, GAZETTEER)
    assert all(0 <= m.span.start < m.span.end <= len(text) for m in found)
    assert all(0 <= m.confidence <= 1 for m in found)


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "A spokesman based in Bamako said Malian soldiers were ambushed in Djenné.", "Bamako"),
        ("en", "The wounded were admitted to Gao hospital, Malian doctors said.", "Gao"),
        ("fr", "Les blessés maliens ont été hospitalisés à Gao après l'attaque de Djenné.", "Gao"),
        ("fr", "Les commerçants maliens se rendaient à Gao quand ils ont été attaqués.", "Gao"),
    ],
)
def test_where_people_sit_or_go_is_elsewhere(lang: str, text: str, name: str) -> None:
    assert mention(text, name, lang).rule.startswith("elsewhere")
