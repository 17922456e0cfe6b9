"""Which of a report's counts belong to which incident, and how many died in it.

In:  the Incidents of a report, its Scene and what was rejected.
Out: the `Count`s of each incident; its `Toll`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from tocsin.code.events import Incident
from tocsin.code.families import family
from tocsin.code.frames import Frame, Scene, own_place
from tocsin.code.nearby import same_place
from tocsin.code.seen import seen
from tocsin.codebook import Verdict
from tocsin.codebook.fatalities import Toll, fatalities
from tocsin.model import Count, Rejected, Span
from tocsin.read.reader import Sentence

BATTLE_CONTEXT = {"Battles": "battle", "Riots": "crowd", "Protests": "crowd"}
SUB_CONTEXT = {"Air/drone strike": "air_strike", "Shelling/artillery/missile attack": "shelling"}
QUIET = {
    "Abduction/forced disappearance",
    "Agreement",
    "Arrests",
    "Change to group/activity",
    "Headquarters or base established",
    "Looting/property destruction",
    "Non-violent transfer of territory",
    "Peaceful protest",
    "Protest with intervention",
}
UNREAL = {"background", "threatened", "planned", "denied", "hypothetical", "generic", "cumulative", "not_political"}
HARMLESS = {"agreement", "group", "base", "arrest", "power", "other"}  # families of events in which nobody dies
FEW = 3  # in a report of so few incidents, figures told later are the main one's if it has none, or replace its own
LATER = 10  # days in which the dead of an event are found, die of wounds or are counted
MODEL, MODEL_RULE = "model.", "model.fatalities"  # counts that only the model sees, and what is coded by them
BESIDE = 30  # characters between a figure and the word that tells of its dead: "killed, by its own count, nine men"
BREAK = 150  # a semicolon between a figure and a trigger keeps them apart like so many characters


def share_out(incidents: Sequence[Incident], scene: Scene, rejected: Sequence[Rejected]) -> list[list[Count]]:
    """The counts of each incident; a count that no incident or an unreal one is near goes to none."""
    giver = _Giver(incidents, scene, rejected)
    given = [(count, giver.owner(count)) for count in scene.reading.counts]
    counted = [owner for count, owner in given if owner and count.kind == "killed"]
    given = [(count, owner or giver.namesake(count, counted)) for count, owner in given]
    shares = [[giver.of_one_day(count, each) for count, owner in given if owner is each] for each in incidents]
    if 0 < len(incidents) <= FEW:
        new = not any(count.kind == "killed" for count in shares[0])
        left = [count for count, owner in given if owner is None and (new or count.revision)]
        shares[0] += [count for count in left if giver.heir(count) is incidents[0]]
    return [mine + more for mine, more in zip(shares, _seen(incidents, shares, scene), strict=True)]


def _seen(incidents: Sequence[Incident], shares: Sequence[Sequence[Count]], scene: Scene) -> Iterator[list[Count]]:
    """What the model adds for each incident, if it is one in which people die."""
    for incident, more in zip(incidents, seen(incidents, shares, scene), strict=True):
        yield more if incident.families - HARMLESS else []


class _Giver:
    """Gives each count to the incident that its sentence, paragraph or report tells."""

    def __init__(self, incidents: Sequence[Incident], scene: Scene, rejected: Sequence[Rejected]) -> None:
        self.incidents, self.scene = incidents, scene
        self.told: dict[int, list[tuple[Frame, Incident]]] = {}
        for incident in (each for each in incidents if each.families - HARMLESS):
            for frame in incident.frames:
                self.told.setdefault(frame.sentence.index, []).append((frame, incident))
        dead = [count.span for count in scene.reading.counts if count.kind == "killed" and not count.cumulative]
        self.unreal = [m.span for m in rejected if m.reason in UNREAL and not _counts(m, dead)]

    def owner(self, count: Count) -> Incident | None:
        sentence = self.scene.reading.sentence_at(count.span.start)
        if len(self.incidents) < 2:
            only = next(iter(self.incidents), None)
            told = sentence.index in self.told or (only and self._day_fits(only, sentence, LATER))
            return only if told and not self._is_unreal(sentence) and not self._stray(count, sentence) else None
        here = self.told.get(sentence.index)
        if here:
            return self._told_last(count, sentence, here) or self._nearest(count, here)
        near = list(self._paragraph(sentence))
        same_day = [incident for incident in near if self._day_fits(incident, sentence, 0)]
        late = [incident for incident in near if self._day_fits(incident, sentence, LATER)]
        fits = (incident for incident in (*same_day, *late) if self._place_fits(incident, count, sentence))
        return next(fits, None) or (None if self._of_another(count, sentence) else next(iter((*same_day, *late)), None))

    def namesake(self, count: Count, counted: Sequence[Incident]) -> Incident | None:
        """ "Six died in Dakar", told apart from the events: the only incident there, if it is not yet `counted`."""
        sentence = self.scene.reading.sentence_at(count.span.start)
        place = own_place(self.scene, count.span, sentence)
        if not place or count.kind != "killed" or self._is_unreal(sentence):
            return None
        there = [i for i in self.incidents if i.place and same_place(place, i.place) and i.families - HARMLESS]
        new = len(there) == 1 and not any(each is there[0] for each in counted)
        return there[0] if new and self._day_fits(there[0], sentence, LATER) else None

    def of_one_day(self, count: Count, owner: Incident) -> Count:
        """ "On 3 May they killed nine men, who had not eaten for months": no sum, for the sentence has the day."""
        sentence = self.scene.reading.sentence_at(count.span.start)
        times = [t for t in self.scene.times if sentence.span.covers(t.span) and t.relation == "at" and t.kind == "day"]
        dated = owner.day and any(time.first == time.last == owner.day.day for time in times)
        told = any(self._gap(count.span, f.span) <= BESIDE and family(f) not in HARMLESS for f in owner.frames)
        return replace(count, cumulative=False) if count.cumulative and dated and told else count

    def _is_unreal(self, sentence: Sentence) -> bool:
        """Does the sentence tell only what did not happen, a threat or a reproach?"""
        return sentence.index not in self.told and any(sentence.span.covers(span) for span in self.unreal)

    def heir(self, count: Count) -> Incident | None:
        """The incident of the paragraph before, if the sentence speaks of no other time, place or unreal event."""
        sentence = self.scene.reading.sentence_at(count.span.start)
        if sentence.index in self.told or not self._timeless(sentence):
            return None
        return next((i for i in self._before(sentence) if self._place_fits(i, count, sentence)), None)

    def _told_last(self, count: Count, sentence: Sentence, here: Sequence[tuple[Frame, Incident]]) -> Incident | None:
        """ "Two farmers were killed", without a day, a place or the event by name: those of the incident before."""
        bare = all(family(frame) == "killing" for frame, _ in here) and self._timeless(sentence)
        if not bare or own_place(self.scene, count.span, sentence):
            return None
        mine = {id(incident) for _, incident in here}
        above = () if self._headed(sentence) else self._before(sentence)
        told = next(iter((*self._earlier(sentence), *above)), None)
        return told if told and id(told) not in mine else None

    def _headed(self, sentence: Sentence) -> bool:
        """A sentence before it in its paragraph names a day: "27 January, Rio. A host was shot"."""
        before = [s for s in self.scene.reading.sentences[: sentence.index] if s.paragraph == sentence.paragraph]
        return any(each.span.covers(time.span) for each in before for time in self.scene.times)

    def _stray(self, count: Count, sentence: Sentence) -> bool:
        """A figure in a sentence without a subject, in a paragraph that tells no event: "Output: 500 dead"."""
        words = self.scene.reading.doc[sentence.first : sentence.last]
        said = any(token.dep_.startswith("nsubj") for token in words) or any(True for _ in self._paragraph(sentence))
        return not said and not count.revision and not count.side and count.rule.startswith("dead.")

    def _nearest(self, count: Count, told: Iterable[tuple[Frame, Incident]]) -> Incident:
        """The incident whose trigger stands nearest in the sentence."""
        return min(told, key=lambda each: self._gap(count.span, each[0].span))[1]

    def _gap(self, one: Span, other: Span) -> int:
        start, end = min(one.end, other.end), max(one.start, other.start)
        return max(0, end - start) + BREAK * self.scene.reading.text.count(";", start, max(start, end))

    def _paragraph(self, sentence: Sentence) -> Iterable[Incident]:
        """The incidents told before it in its paragraph, the last first; then those after it."""
        yield from self._earlier(sentence)
        for each in self.scene.reading.sentences[sentence.index + 1 :]:
            if each.paragraph == sentence.paragraph:
                yield from (incident for _, incident in self.told.get(each.index, []))

    def _earlier(self, sentence: Sentence, back: int = 0) -> Iterable[Incident]:
        """The incidents told before it in its paragraph, or in the one `back` paragraphs before, the last first."""
        for each in self.scene.reading.sentences[: sentence.index][::-1]:
            if each.paragraph == sentence.paragraph - back:
                yield from (incident for _, incident in reversed(self.told.get(each.index, [])))

    def _before(self, sentence: Sentence) -> Iterable[Incident]:
        """The incidents told in the paragraph before, the last first."""
        yield from self._earlier(sentence, 1)

    def _timeless(self, sentence: Sentence) -> bool:
        """Nothing in the sentence speaks of another time or of what did not happen."""
        times = [t for t in self.scene.times if sentence.span.covers(t.span)]
        return not times and not any(sentence.span.covers(span) for span in self.unreal)

    def _day_fits(self, incident: Incident, sentence: Sentence, later: int) -> bool:
        """The sentence names no day, the incident's, or one up to `later` days after it: the dead are counted then."""
        if not incident.day:
            return True
        times = [t for t in self.scene.times if sentence.span.covers(t.span) and t.relation == "at"]
        days = [(t.first, t.last) for t in times if t.kind == "day" and t.first and t.last]
        day = incident.day.day
        return not days or any(first <= day + timedelta(later) and day <= last for first, last in days)

    def _of_another(self, count: Count, sentence: Sentence) -> bool:
        """The sentence names the place of some incident; any other place may be a hospital."""
        place = own_place(self.scene, count.span, sentence)
        return bool(place) and any(each.place and same_place(place, each.place) for each in self.incidents if place)

    def _place_fits(self, incident: Incident, count: Count, sentence: Sentence) -> bool:
        place = own_place(self.scene, count.span, sentence)
        return not (place and incident.place) or same_place(place, incident.place)


def _counts(mention: Rejected, dead: Sequence[Span]) -> bool:
    """ "Eight bodies were found": taken for a sum because it counts, but nothing says that it is one."""
    return mention.reason == "cumulative" and any(
        span.start - 1 <= mention.span.end and mention.span.start <= span.end + 1 for span in dead
    )


def toll_of(incident: Incident, verdict: Verdict, counts: Sequence[Count]) -> Toll:
    """How many died, by the codebook's rules; in quiet kinds of event only those told in its own sentences."""
    if verdict.sub_event_type in QUIET:
        own = [frame.sentence.span for frame in incident.frames]
        counts = [count for count in counts if any(span.covers(count.span) for span in own)]
    toll = fatalities(counts, _context(verdict, incident))
    by_model = any(count.rule.startswith(MODEL) and count.span in toll.spans for count in counts)
    return replace(toll, rule=MODEL_RULE) if by_model else toll


def _context(verdict: Verdict, incident: Incident) -> frozenset[str]:
    """What the 3-or-10 rule for unknown plurals looks at."""
    tactics = set().union(*(frame.tactics for frame in incident.frames))
    found = {BATTLE_CONTEXT.get(verdict.event_type, ""), SUB_CONTEXT.get(verdict.sub_event_type, "")}
    return frozenset((found | ({"massacre"} & tactics)) - {""})
