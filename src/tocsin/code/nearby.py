"""Where a mention puts its event when its own sentence does not say, and whether two places are one.

In:  a Frame and its Scene, or two located places.
Out: a Located or None; yes or no.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.code.families import family
from tocsin.code.frames import Frame, Scene
from tocsin.fold import fold
from tocsin.locate import Located, place_event
from tocsin.locate.distance import kilometres
from tocsin.model import PlaceMention

SAME_PLACE_KM = 6  # two points this near are one place unless their names differ in one sentence
ONE_POINT_KM = 1  # an unknown name so near another stands for it
TOLD_WHERE_DONE = ("agreement", "group", "power")  # politics is reported from where it happens, violence is not
AREAS = ("admin1", "admin2", "region", "area")


def in_paragraph(frame: Frame, scene: Scene) -> Located | None:
    """The place named nearest in the same paragraph."""
    sentences = scene.reading.sentences[: frame.sentence.index][::-1]
    earlier = [s.span for s in sentences if s.paragraph == frame.sentence.paragraph]
    found = place_event(frame.span, frame.sentence.span, earlier, scene.places, scene.gazetteer, *_words(scene))
    return found if found and found.rule.startswith(("paragraph", "sentence")) else None


def in_report(frame: Frame, scene: Scene) -> Located | None:
    """The dateline's town if the sentence names its country, else the place named nearest."""
    earlier = [s.span for s in scene.reading.sentences[: frame.sentence.index][::-1]]
    town = _dateline(frame, scene) if family(frame) in TOLD_WHERE_DONE else None
    return town or place_event(frame.span, frame.sentence.span, earlier, scene.places, scene.gazetteer, *_words(scene))


def _words(scene: Scene) -> tuple[str, str]:
    return scene.reading.text, scene.reading.lang


def _dateline(frame: Frame, scene: Scene) -> Located | None:
    """'PRETORIA - ... signed an accord in South Africa': the town from which it is told, in the country named."""
    named = {m.place.country for m in scene.places if m.place and _is_country(m) and frame.sentence.span.covers(m.span)}
    for mention in scene.places:
        if mention.role == "dateline" and mention.place and mention.place.country in named:
            town = replace(mention, role="at")
            found = place_event(frame.span, mention.span, (), (town,), scene.gazetteer, *_words(scene))
            return replace(found, rule=f"dateline.{mention.rule}", confidence=0.5) if found else None
    return None


def _is_country(mention: PlaceMention) -> bool:
    return mention.role == "at" and mention.place is not None and mention.place.kind == "country"


def is_weak(place: Located) -> bool:
    """Taken from elsewhere in the report, not from the words around the event."""
    return place.rule.startswith(("report", "dateline", "before", "paragraph_after"))


def parts(place: Located) -> bool:
    """Does it keep a mention apart from what is told? Not if read ahead, nor the town of a hospital or a speaker."""
    return not place.rule.startswith("paragraph_after") and "elsewhere" not in place.rule


def is_one_point(one: Located, other: Located) -> bool:
    """A name that no gazetteer knows, at the point of the other: 'the hamlet of X, near Y' after 'Y'."""
    return "unknown" in one.rule + other.rule and apart(one, other) < ONE_POINT_KM


def same_place(one: Located, other: Located) -> bool:
    """The same name, near enough, or the one lies in the area that the other names."""
    if one.place.country != other.place.country and one.place.country and other.place.country:
        return False
    if fold(one.name) == fold(other.name):
        return True
    for area, inside in ((one, other), (other, one)):
        if area.rule.endswith(".seat") or area.place.kind in AREAS:
            return _holds(area, inside)
    if "unknown" in one.rule + other.rule:
        return False  # two villages of different names, however near the points that stand for them
    return apart(one, other) <= SAME_PLACE_KM


def _holds(area: Located, inside: Located) -> bool:
    """Is the place in the district, province or region?"""
    if area.geo_precision == 2 and area.place.admin2 and inside.place.admin2:
        return area.place.admin2 == inside.place.admin2
    if area.place.admin1 and inside.place.admin1:
        return area.place.admin1 == inside.place.admin1
    return apart(area, inside) <= max(area.radius_km, inside.radius_km)


def apart(one: Located, other: Located) -> float:
    """Kilometres between the two points."""
    return kilometres(one.place.latitude, one.place.longitude, other.place.latitude, other.place.longitude)
