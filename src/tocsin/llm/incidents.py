"""Make incidents of what a model tells: every quote is looked up in the text, and what is not there is dropped.

In:  the Scene of a report; parts of it, each with the events that the model told of it.
Out: Incidents as the rules finder gives them; the mentions that are none; every value that was dropped, and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tocsin.code.days import Calendar, Day
from tocsin.code.events import OLD_DAYS, RECENT_DAYS, Given, Incident
from tocsin.code.families import family
from tocsin.code.frames import Frame, Scene
from tocsin.code.lexicon import Entry, Match
from tocsin.code.roles import Roles
from tocsin.code.status import Judgement
from tocsin.code.unforeseen import stand_ins
from tocsin.codebook import vocabulary
from tocsin.llm.answer import Told
from tocsin.llm.meanings import Meanings
from tocsin.llm.parts import Part
from tocsin.llm.quotes import Quotes
from tocsin.locate import Located
from tocsin.model import ActorMention, Count, CountKind, Issue, Rejected, Span, Status, Time

RULE = "llm"
ROLE = "role.parse"  # a role that was read, as the parse reads it, not guessed from the order of words


@dataclass(slots=True)
class _Draft:
    """One event while its quotes are looked up."""

    told: Told
    spans: list[tuple[Span, str]] = field(default_factory=list)  # words that report it, with the tactic
    agents: list[ActorMention] = field(default_factory=list)
    targets: list[ActorMention] = field(default_factory=list)
    places: list[Located] = field(default_factory=list)
    day: Day | None = None
    time: Time | None = None
    counts: list[Count] = field(default_factory=list)
    tactics: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)

    @property
    def trigger(self) -> Span:
        return self.spans[0][0]


class Maker:
    """Makes the incidents of one report."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.incidents: list[Incident] = []
        self.rejected: list[Rejected] = []
        self.issues: list[Issue] = []
        self._quotes = Quotes(scene.reading.text)
        self._calendar = Calendar(scene)
        self._meanings = Meanings(scene, self._calendar)

    def take(self, part: Part, told: Iterable[Told]) -> None:
        """Add the events told of one part."""
        for each in told:
            draft = self._draft(part, each)
            if draft and not self._is_none(draft):
                self._add(draft)

    # -- quotes ------------------------------------------------------------------------------------------------------

    def _draft(self, part: Part, told: Told) -> _Draft | None:
        """The event with what its quotes stand for; None if the words that report it are not there."""
        draft = _Draft(told, self._reporting(part, told))
        if not draft.spans:
            return None
        draft.spans.sort()
        self._who(part, draft)
        self._when_and_where(part, draft)
        self._how_many(part, draft)
        self._what(part, draft)
        return draft

    def _reporting(self, part: Part, told: Told) -> list[tuple[Span, str]]:
        """The words that report it, where they stand nearest to the other quotes; not those of another part."""
        others = [*told.places, *(each.quote for each in (*told.agents, *told.targets)), told.date, *told.killed]
        around = [found for each in others if each and (found := self._quotes.find(each, part.shown))]

        def away(span: Span) -> tuple[int, Span]:
            return sum(min(_gap(span, other) for other in found) for found in around), span

        reporting: list[tuple[Span, str]] = []
        for each in told.what:
            found = self._quotes.find(each.quote, part.shown)
            own = [span for span in found if part.own.covers(span)]
            if own:
                reporting.append((min(own, key=away), each.name))
            elif not found:
                self._ungrounded("trigger", each.quote)
        return reporting

    def _nearest(self, part: Part, quote: str | None, draft: _Draft, name: str) -> Span | None:
        """Where the quote stands nearest to the words that report the event."""
        if quote is None:
            return None
        found = self._quotes.find(quote, part.shown)
        if not found:
            self._ungrounded(name, quote)
            return None
        return min(found, key=lambda span: (_gap(span, draft.trigger), span))

    def _ungrounded(self, name: str, quote: str) -> None:
        said = " ".join(quote.split())[:80]
        self._issue(f"{name}: the report does not say {said!r}; dropped")

    def _issue(self, message: str) -> None:
        self.issues.append(Issue("info", RULE, message, self.scene.reading.report.id))

    def _unread(self, span: Span, name: str) -> None:
        """The words are there, but they do not say what the model takes them for."""
        self.rejected.append(Rejected(span, f"no {name} in these words", RULE))

    # -- values ------------------------------------------------------------------------------------------------------

    def _who(self, part: Part, draft: _Draft) -> None:
        sides = ("agent", draft.told.agents, draft.agents), ("target", draft.told.targets, draft.targets)
        for name, quoted, into in sides:
            for each in quoted:
                if span := self._nearest(part, each.quote, draft, name):
                    into += self._meanings.actors(span, each.name)

    def _when_and_where(self, part: Part, draft: _Draft) -> None:
        for quote in draft.told.places:
            if at := self._nearest(part, quote, draft, "place"):
                place = self._meanings.place(at, draft.trigger)
                if place is None:
                    self._unread(at, "place")
                elif all((place.name, place.place) != (other.name, other.place) for other in draft.places):
                    draft.places.append(place)
        if span := self._nearest(part, draft.told.date, draft, "date"):
            draft.day, draft.time = self._meanings.day(span)
            if draft.day is None:
                self._unread(span, "day")

    def _how_many(self, part: Part, draft: _Draft) -> None:
        quoted: dict[CountKind, tuple[str, ...]] = {"killed": draft.told.killed, "injured": draft.told.injured}
        for kind, quote in ((kind, quote) for kind, quotes in quoted.items() for quote in quotes):
            if span := self._nearest(part, quote, draft, kind):
                counts = self._meanings.counts(span, kind)
                draft.counts += (count for count in counts if count not in draft.counts)
                if not counts:
                    self._unread(span, f"number of {kind}")

    def _what(self, part: Part, draft: _Draft) -> None:
        """Tactics and facts: those the model names, and those that our lexicon reads in the same words."""
        draft.tactics = {tactic for _, tactic in draft.spans}
        known, kind = vocabulary(), draft.told.sub_event_type
        if not any(kind in known.tactics[tactic].leads_to for tactic in draft.tactics):
            draft.tactics |= {word for word in stand_ins()[kind] if word in known.tactics}
            draft.facts |= {word for word in stand_ins()[kind] if word in known.facts}
        for each in draft.told.facts:
            if self._nearest(part, each.quote, draft, "fact"):
                draft.facts.add(each.name)
        for span, _ in draft.spans:
            draft.facts |= {fact for entry in self._meanings.means(span) for fact in entry.facts}
        if at := self._nearest(part, draft.told.weapon, draft, "weapon"):
            entries = self._meanings.means(at)
            draft.facts |= {fact for entry in entries for fact in entry.facts}
            draft.tactics |= {entry.tactic for entry in entries if entry.tactic}
            if not entries:
                self._unread(at, "weapon")

    # -- incidents ---------------------------------------------------------------------------------------------------

    def _is_none(self, draft: _Draft) -> bool:
        """Not an event, whatever the model says of it: rejected with the reason."""
        reason = self._reason(draft)
        if reason:
            self.rejected.append(Rejected(draft.trigger, reason, RULE))
        return bool(reason)

    def _reason(self, draft: _Draft) -> str:
        status, published = draft.told.status, self.scene.reading.report.published
        if status not in (Status.HAPPENED, Status.BACKGROUND):
            return status.value
        if status is Status.BACKGROUND and not (draft.day and draft.places):
            return status.value
        age = (published - draft.day.day).days if published and draft.day else 0
        return Status.PLANNED.value if age < -1 else Status.BACKGROUND.value if age > OLD_DAYS else ""

    def _add(self, draft: _Draft) -> None:
        frames = [self._frame(draft, span, tactic) for span, tactic in draft.spans]
        frames[0].tactics |= draft.tactics
        people = self._meanings.people((*draft.agents, *draft.targets))
        incident = Incident(
            frames,
            draft.day,
            draft.places[0] if draft.places else None,
            background=draft.told.status is Status.BACKGROUND or self._is_past(draft.day),
            families={family(frame) for frame in frames},
            given=Given(people, tuple(draft.places), tuple(draft.counts)),
        )
        self.incidents.append(incident)
        self._calendar.main = self._calendar.main or draft.day

    def _frame(self, draft: _Draft, span: Span, tactic: str) -> Frame:
        agents, targets = tuple(draft.agents), tuple(each for each in draft.targets if each not in draft.agents)
        return Frame(
            trigger=_match(span, tactic),
            sentence=self.scene.reading.sentence_at(span.start),
            judgement=Judgement(draft.told.status, RULE, span),
            tactics={tactic},
            facts=set(draft.facts),
            roles=Roles(agents, targets, ROLE if agents else "", ROLE if targets else ""),
            time=draft.time,
            place=draft.places[0] if draft.places else None,
            quoted=any(speech.kind == "quote" and speech.span.covers(span) for speech in self.scene.reading.speech),
            tense="past",
            counts=tuple(draft.counts),
        )

    def _is_past(self, day: Day | None) -> bool:
        published = self.scene.reading.report.published
        return bool(self.incidents and day and published and (published - day.day).days > RECENT_DAYS)

    def all_actors(self) -> Scene:
        """The scene with the actors that only the model saw."""
        known = set(self.scene.actors)
        new = {each for incident in self.incidents if incident.given for each in incident.given.actors} - known
        return replace(self.scene, actors=tuple(sorted({*known, *new}, key=lambda m: (m.span, m.kind, m.key))))


def _match(span: Span, tactic: str) -> Match:
    none: frozenset[str] = frozenset()
    return Match(span, Entry(f"{RULE}.{tactic}", tactic, "event", none, none, none, noun=False), 0, 0)


def _gap(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)
