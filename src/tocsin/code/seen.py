"""The dead whom only the model sees: who died is told in words that no list has.

In:  the Incidents of a report, the counts that the rules gave each, the Scene with what the model makes of it.
Out: for each incident the counts to add. Only an incident of which the rules found no word about its dead gets any, and
     only if the model is `SURE` that the figure is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.code.events import Incident
from tocsin.code.frames import Scene
from tocsin.finder import Sight
from tocsin.model import Count, Span
from tocsin.read.pointed import pointed

SURE = 0.9  # of the figures of which the model is so sure, three in four are right (bench/events.py)
HURT = 0.5  # above it the model takes them for wounded as well


def seen(incidents: Sequence[Incident], shares: Sequence[Sequence[Count]], scene: Scene) -> list[list[Count]]:
    """`shares`: the counts that each incident has by the rules."""
    added: list[list[Count]] = [[] for _ in incidents]
    silent = {n for n, mine in enumerate(shares) if not any(count.kind == "killed" for count in mine)}
    if scene.sight and silent:
        for count in _unheard(scene, scene.sight):
            chances = [_chance(scene.sight, incident, count.span) for incident in incidents]
            owner = max(range(len(chances)), key=chances.__getitem__)
            if owner in silent and chances[owner] >= SURE:
                added[owner].append(count)
    return added


def _unheard(scene: Scene, sight: Sight) -> Iterator[Count]:
    """Figures of dead, by the model, that the rules did not read in any way."""
    reading = scene.reading
    heard = [span for count in reading.counts for span in (count.span, count.number.span)]
    spans = [span for span, _ in sight.spans("fatalities") if not any(span.overlaps(each) for each in heard)]
    found = pointed(reading.doc, reading.numbers, reading.lang, reading.text, spans)
    new = {c.number.span: c for c in found if not any(c.span.overlaps(each) for each in heard)}
    yield from new.values()


def _chance(sight: Sight, incident: Incident, span: Span) -> float:
    """How likely these are the dead of the incident, and not its wounded."""
    roles = [sight.role(frame.span, span) for frame in incident.frames]
    dead, hurt = (max(role[name] for role in roles) for name in ("fatalities", "injured"))
    return dead if hurt <= HURT else 0.0
