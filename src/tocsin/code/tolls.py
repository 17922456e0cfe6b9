"""Which of a report's counts belong to which incident, and how many died in it.

In:  the Incidents of a report, its Scene and what was rejected.
Out: the `Count`s of each incident; its `Toll`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.code.events import Incident, same_place
from tocsin.code.frames import Frame, Scene, own_place
from tocsin.codebook import Verdict
from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.model import Count, Rejected, Span
from tocsin.read.reader import Sentence

BATTLE_CONTEXT = {"Battles": "battle", "Riots": "crowd", "Protests": "crowd"}
SUB_CONTEXT = {"Air/drone strike": "air_strike", "Shelling/artillery/missile attack": "shelling"}
UNREAL = {"background", "threatened", "planned", "denied", "hypothetical", "generic", "cumulative", "not_political"}
MANY = 4  # a report of more incidents is a round-up: what no incident is near belongs to none
BREAK = 150  # a semicolon between a figure and a trigger keeps them apart like so many characters


def share_out(incidents: Sequence[Incident], scene: Scene, rejected: Sequence[Rejected]) -> list[list[Count]]:
    """The counts of each incident; a count that no incident or an unreal one is near goes to none."""
    shares: list[list[Count]] = [[] for _ in incidents]
    giver = _Giver(incidents, scene, rejected)
    for count in scene.reading.counts:
        owner = giver.owner(count)
        for incident, share in zip(incidents, shares, strict=True):
            if incident is owner:
                share.append(count)
    return shares


class _Giver:
    """Gives each count to the incident that its sentence, paragraph or report tells."""

    def __init__(self, incidents: Sequence[Incident], scene: Scene, rejected: Sequence[Rejected]) -> None:
        self.incidents, self.scene = incidents, scene
        self.told: dict[int, list[tuple[Frame, Incident]]] = {}
        for incident in incidents:
            for frame in incident.frames:
                self.told.setdefault(frame.sentence.index, []).append((frame, incident))
        self.unreal = [mention.span for mention in rejected if mention.reason in UNREAL]

    def owner(self, count: Count) -> Incident | None:
        if len(self.incidents) < 2:
            return self.incidents[0] if self.incidents else None
        sentence = self.scene.reading.sentence_at(count.span.start)
        here = self.told.get(sentence.index)
        if here:
            return self._nearest(count, here)
        return next((i for i in self._around(sentence) if self._agrees(i, count, sentence)), None)

    def _nearest(self, count: Count, told: Iterable[tuple[Frame, Incident]]) -> Incident:
        """The incident whose trigger stands nearest in the sentence."""
        return min(told, key=lambda each: self._gap(count.span, each[0].span))[1]

    def _gap(self, one: Span, other: Span) -> int:
        start, end = min(one.end, other.end), max(one.start, other.start)
        return max(0, end - start) + BREAK * self.scene.reading.text.count(";", start, max(start, end))

    def _around(self, sentence: Sentence) -> Iterable[Incident]:
        """The incidents told before it in its paragraph, the last first; then those after it; then the main one."""
        sentences = self.scene.reading.sentences
        before = [s.index for s in sentences[: sentence.index][::-1] if s.paragraph == sentence.paragraph]
        after = [s.index for s in sentences[sentence.index + 1 :] if s.paragraph == sentence.paragraph]
        for index in before:
            yield from (incident for _, incident in reversed(self.told.get(index, [])))
        for index in after:
            yield from (incident for _, incident in self.told.get(index, []))
        if len(self.incidents) <= MANY:
            yield self.incidents[0]

    def _agrees(self, incident: Incident, count: Count, sentence: Sentence) -> bool:
        """Neither another day nor another place is named in the count's sentence."""
        if incident.day:
            times = [t for t in self.scene.times if sentence.span.covers(t.span)]
            days = [t for t in times if t.kind == "day" and t.relation == "at" and t.first and t.last]
            if days and not any(t.first <= incident.day.day <= t.last for t in days if t.first and t.last):
                return False
        place = own_place(self.scene, count.span, sentence)
        return not (place and incident.place) or same_place(place, incident.place)


def toll_of(incident: Incident, verdict: Verdict, counts: Sequence[Count]) -> Toll:
    """How many died, by the codebook's rules."""
    return fatalities(counts, _context(verdict, incident))


def _context(verdict: Verdict, incident: Incident) -> frozenset[str]:
    """What the 3-or-10 rule for unknown plurals looks at."""
    tactics = set().union(*(frame.tactics for frame in incident.frames))
    found = {BATTLE_CONTEXT.get(verdict.event_type, ""), SUB_CONTEXT.get(verdict.sub_event_type, "")}
    return frozenset((found | ({"massacre"} & tactics)) - {""})
