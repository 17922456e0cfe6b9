"""Code a report: find the events it tells, and code them to the codebook.

In:  a Report and the Tools.
Out: `Coded`: the claims, the mentions that were not coded with the reason, and what was odd. A pure function.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.code.both import Both
from tocsin.code.callable import make_callable
from tocsin.code.claims import Coder
from tocsin.code.confidence import sure
from tocsin.code.events import Incident
from tocsin.code.families import families
from tocsin.code.found import Finder
from tocsin.code.frames import Scene
from tocsin.code.lexicon import load
from tocsin.code.timing import event_places, event_times
from tocsin.locate import Gazetteer, find_places
from tocsin.model import ActorMention, Claim, Coded, Issue, Rejected, Report, Span
from tocsin.read.reader import Reader, Reading
from tocsin.read.words import words
from tocsin.registry import Registry, find_actors

__all__ = ["Tools", "claims_in"]


@dataclass(frozen=True, slots=True)
class Tools:
    """What coding needs: language pipelines, gazetteer, actors, and what finds the events."""

    reader: Reader
    gazetteer: Gazetteer
    registry: Registry
    finder: Finder

    @classmethod
    def load(cls, langs: Iterable[str] = (), finder: Finder | None = None) -> Tools:
        """All tools; the pipelines of `langs` at once, others when first needed. By default rules and model."""
        reader = Reader()
        for lang in langs:
            reader.pipeline(lang)
        return cls(reader, Gazetteer.open(), Registry.load(), finder or Both())


def claims_in(report: Report, tools: Tools) -> Coded:
    """All we can say about one report. Same report and tools, same claims."""
    found = tools.finder.find(look(report, tools))
    scene, rejected = found.scene, list(found.rejected)
    coder = Coder(scene, tools.registry, found.incidents, found.rejected)
    snippet = scene.reading.is_snippet  # its type is given even without date and place
    claims: list[Claim] = []
    for incident in found.incidents:
        made = coder.claims(incident)
        if not made:
            rejected.append(_reject(incident, "no definition of the codebook is met"))
        for claim in made:
            if claim.complete or snippet:
                claims.append(claim)
            else:
                rejected.append(_reject(incident, _missing(claim)))
    rejected.sort(key=lambda mention: mention.span)
    return Coded(report, sure(claims), tuple(rejected), (*_issues(scene), *found.issues))


def look(report: Report, tools: Tools) -> Scene:
    """Read the report and find the actors and places in it."""
    reading = tools.reader.read(report)
    actors = tuple(
        mention
        for mention in _actors(report, reading, tools.registry)
        if not any(mention.span.overlaps(time.span) for time in reading.times)  # "March 13" is no march
    )
    places = find_places(reading.text, reading.lang, tools.gazetteer, doc=reading.doc, source=report.source)
    places = event_places(reading, places)
    return Scene(reading, actors, places, event_times(reading), headline(report, reading.lang), tools.gazetteer)


def _actors(report: Report, reading: Reading, registry: Registry) -> list[ActorMention]:
    """All actors; in a text in capitals also the groups named by common words: "SHINING PATH"."""
    found = find_actors(reading.text, reading.lang, registry)
    if reading.text == report.text:
        return list(found)
    shouted = find_actors(report.text, reading.lang, registry)
    groups = [m for m in shouted if m.kind == "group" and " " in m.span.of(report.text)]
    others = (m for m in found if not any(m.span.overlaps(group.span) for group in groups))
    return sorted([*groups, *others], key=lambda m: m.span)


def headline(report: Report, lang: str) -> frozenset[str]:
    """The families of events of which the title speaks."""
    matches = load(lang).find(words(report.title or ""))
    return frozenset(families().of[m.entry.tactic] for m in matches if m.entry.tactic in families().of)


def _reject(incident: Incident, reason: str) -> Rejected:
    frame = incident.frames[0]
    return Rejected(Span(frame.span.start, frame.span.end), reason, frame.trigger.entry.id)


def _missing(claim: Claim) -> str:
    parts = {"date": claim.event_date.value, "place": claim.country.value, "actor": claim.actor1.value}
    return "no " + " and no ".join(name for name, value in parts.items() if value is None)


def _issues(scene: Scene) -> tuple[Issue, ...]:
    if scene.reading.report.published:
        return ()
    message = "no publication date: 'on Monday' and the like stay open; give --published YYYY-MM-DD"
    return (Issue("warning", "code", message, scene.reading.report.id),)


make_callable(__name__)
