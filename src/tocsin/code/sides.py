"""Who may stand on which side of an incident, and what speaks for it.

In:  a report's Scene; an Incident's frames, its country, day and admin1; the registry.
Out: `Party`s: every actor of the report with the signs of its part in the incident.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from tocsin.code.blame import Blame
from tocsin.code.frames import Frame, Scene
from tocsin.model import Actor, ActorMention, Span
from tocsin.registry import Registry, find_actors
from tocsin.registry.introduced import MARK

CLASS_OF_INTER = {
    "State forces": "state",
    "External/Other forces": "external",
    "Rebel group": "rebel",
    "Political militia": "political_militia",
    "Identity militia": "identity_militia",
    "Rioters": "rioters",
    "Protesters": "protesters",
    "Civilians": "civilians",
}
NON_STATE = ("rebel", "political_militia", "identity_militia", "unidentified_armed")
UNKNOWN = ("gunmen", "unknown", "kidnappers", "bomber", "foreign")  # words that say that nobody knows who
SHARED = ("agent.parse", "agent.order", "target.parse", "target.order")
CROWDED = 4  # paragraphs with events from which on a report is a list of unrelated ones
PEOPLE = ("rioters", "protesters", "civilians")
SEEN = 0.5  # how much the model's log odds add to what the sentence says of an armed party
NAMED = 0.6  # added for a named group or state body: it says more than "gunmen"
OFFICIALS = "officials"  # key of the registry for those who can sign for a government
ACTORS = ("actor1", "actor2")
SURE = 0.01  # the model is never taken to be surer than this of what is not so, nor of what is so
Odds = tuple[float, ...]  # log odds


@dataclass(frozen=True)
class Party:
    """One actor of the report, the words that name it, and the signs of its part in the incident.

    `odds`: how likely the model finds it that these words name actor 1, actor 2 of the incident, actor 1, actor 2 of
    whatever event; None if it was not asked.
    """

    actor: Actor
    mentions: tuple[ActorMention, ...] = ()
    signs: frozenset[str] = frozenset()
    odds: Odds | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(mention.span for mention in self.mentions)

    @property
    def rule(self) -> str:
        """Why this name: the registry's rule, unless no words of the text name the actor."""
        if self.mentions:
            return self.actor.rule
        return "actor.title" if "title" in self.signs else "actor.default"

    @cached_property
    def side(self) -> str:
        """Its class in the words of the codebook."""
        if self.actor.name.startswith("Unidentified Armed"):
            return "unidentified_armed"
        return CLASS_OF_INTER.get(self.actor.inter, "civilians")

    @cached_property
    def kind(self) -> str:
        """The class, with police and government apart from the army."""
        if self.side != "state":
            return self.side
        return {"Police": "police", "Government": "government"}.get(self.actor.name.split()[0], "military")

    @cached_property
    def by_office(self) -> bool:
        """A government that is named by its officials alone: "the governor". In most events they are people."""
        return self.kind == "government" and {mention.key for mention in self.mentions} == {OFFICIALS}

    @cached_property
    def group(self) -> bool:
        """A named organisation that is no state's."""
        return "named" in self.signs and self.side in NON_STATE


PART = {"before", "after", "blamed", "title", "agent.parse", "agent.order", "target.parse", "target.order"}


@dataclass(frozen=True, slots=True)
class Where:
    """What the registry needs to know of the incident."""

    country: str
    day: date | None
    admin1: str | None


@dataclass(slots=True)
class _Entry:
    """What is gathered about one actor; `near` are the mentions that have a part in the incident."""

    actor: Actor
    mentions: list[ActorMention] = field(default_factory=list)
    near: list[ActorMention] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    odds: list[Odds] = field(default_factory=list)

    @property
    def party(self) -> Party:
        odds = tuple(map(max, zip(*self.odds, strict=True))) if self.odds else None
        return Party(self.actor, tuple(self.near or self.mentions), frozenset(self.signs), odds)


@dataclass(frozen=True)
class Cast:
    """All who are named in one report."""

    scene: Scene
    registry: Registry
    titled: tuple[ActorMention, ...]
    blame: Blame
    crowded: bool

    @classmethod
    def of(cls, scene: Scene, frames: Sequence[Frame], registry: Registry) -> Cast:
        """`frames` are those of all incidents of the report."""
        reading = scene.reading
        titled = find_actors(reading.report.title or "", reading.lang, registry)
        paragraphs = {frame.sentence.paragraph for frame in frames if frame.grade == "event"}
        return cls(scene, registry, titled, Blame.of(reading), len(paragraphs) >= CROWDED)

    def parties(
        self, frames: Sequence[Frame], where: Where, people: Sequence[ActorMention] | None = None
    ) -> list[Party]:
        """Every actor of the report, or those of `people`, with its signs for the incident that `frames` tell."""
        entries: dict[str, _Entry] = {}
        for mention in self.scene.actors if people is None else people:
            for actor in self._readings(mention, where):
                self._enter(entries.setdefault(actor.name, _Entry(actor)), mention, frames)
        for mention in self.titled if people is None else ():
            for actor in self._readings(mention, where)[:1]:
                entries.setdefault(actor.name, _Entry(actor)).signs.add("title")
        found = [entry for entry in entries.values() if not (self.blame.unclaimed and _in_passing(entry))]
        self._mark_latest(found, frames)
        self._mark_they(found, frames[0])
        _share(found)
        return [entry.party for entry in found]

    def _readings(self, mention: ActorMention, where: Where) -> list[Actor]:
        """Who the words are; officials are people, and their government."""
        readings = [mention]
        if mention.key == OFFICIALS:
            readings.append(replace(mention, kind="state", key="government"))
        return [self.registry.resolve(each, where.country, where.day, admin1=where.admin1) for each in readings]

    def _enter(self, entry: _Entry, mention: ActorMention, frames: Sequence[Frame]) -> None:
        signs = {*self._signs(mention, frames), *_naming(mention, entry.actor), *_fate(mention, frames)}
        entry.mentions.append(mention)
        entry.odds += self._odds(mention, frames)
        if signs & {"before", "after"}:
            entry.near.append(mention)
        entry.signs |= signs

    def _odds(self, mention: ActorMention, frames: Sequence[Frame]) -> Iterator[Odds]:
        """What the model makes of the mention, for each word that opens the incident."""
        sight = self.scene.sight
        if sight:
            anyhow = [sight.tagged(name, mention.span) for name in ACTORS]
            for frame in _opening(frames):
                role = sight.role(frame.span, mention.span)
                yield tuple(map(_log_odds, (*(role[name] for name in ACTORS), *anyhow)))

    def _signs(self, mention: ActorMention, frames: Sequence[Frame]) -> Iterator[str]:
        """What the words around one mention say about its part."""
        yield from _roles(mention, _opening(frames))
        yield "speaker" if self.blame.speaks(mention) else self._position(mention, frames)
        if self.blame.blames(mention):
            yield "blamed"

    def _position(self, mention: ActorMention, frames: Sequence[Frame]) -> str:
        """Where it stands, seen from the nearest word that tells the incident."""
        here = self.scene.reading.sentence_at(mention.span.start)
        frame = min(frames, key=lambda f: abs(f.span.start - mention.span.start))
        if frame.sentence.index == here.index:
            return "before" if mention.span.start < frame.span.start else "after"
        away = frame.sentence.paragraph - here.paragraph
        if away:
            return "paragraph.before" if away == 1 else "far" if self.crowded and abs(away) > 1 else "elsewhere"
        return {1: "sentence.before", -1: "sentence.after"}.get(frame.sentence.index - here.index, "paragraph")

    def _mark_latest(self, entries: Sequence[_Entry], frames: Sequence[Frame]) -> None:
        """The state and the other armed party that were named last when the event is told: what "they" means."""
        end = frames[0].sentence.span.end
        for sides in (("state", "external"), NON_STATE):
            last = {id(entry): self._last(entry, end) for entry in entries if entry.party.side in sides}
            for entry in entries:
                if last.get(id(entry), -1) == max(last.values(), default=-1) >= 0:
                    entry.signs.add("latest")

    def _mark_they(self, entries: Sequence[_Entry], frame: Frame) -> None:
        """Of those who can act, the first and the last of the sentence before: one of them is "they"."""
        if not frame.roles.they or frame.sentence.index == 0:
            return
        before = self.scene.reading.sentences[frame.sentence.index - 1].span
        found = [(m.span, entry) for entry in entries for m in entry.mentions if before.covers(m.span)]
        able = sorted(
            ((at, e) for at, e in found if e.party.kind not in ("civilians", "government")), key=lambda f: f[0]
        )
        for place, at in (("first", 0), ("last", -1)):
            if able:
                able[at][1].signs.add(f"they.{frame.roles.they}.{place}")

    def _last(self, entry: _Entry, end: int) -> int:
        places = (m.span.end for m in entry.mentions if m.span.end <= end and not self.blame.speaks(m))
        return max(places, default=-1)


def _opening(frames: Sequence[Frame]) -> list[Frame]:
    return [frame for frame in frames if frame.sentence is frames[0].sentence]


def _log_odds(likely: float) -> float:
    likely = min(max(likely, SURE), 1 - SURE)
    return math.log(likely / (1 - likely))


def by_roles(parties: Sequence[Party]) -> tuple[list[Party], list[Party]]:
    """Agents and targets as the sentences put them, best first; each stays where it weighs more."""
    parties = [party for party in parties if not party.by_office]
    agents = {party: _weight(party, "agent") for party in parties}
    targets = {party: _weight(party, "target") for party in parties}
    first = [party for party in parties if agents[party] >= targets[party] and agents[party] > 0]
    second = [party for party in parties if targets[party] > agents[party] and targets[party] > 0]
    return sorted(first, key=lambda p: -agents[p]), sorted(second, key=lambda p: -targets[p])


def _weight(party: Party, role: str) -> float:
    weight: float = 2 * (f"{role}.parse" in party.signs) + (f"{role}.order" in party.signs)
    if weight and party.odds and party.side not in PEOPLE:  # with crowds, actor 1 may be those whom force is used on
        weight += SEEN * party.odds[role == "target"]
    return weight + NAMED if weight and "named" in party.signs else weight


def _roles(mention: ActorMention, frames: Sequence[Frame]) -> Iterator[str]:
    for frame in frames:
        if mention in frame.roles.agents[1:]:
            yield "agent.next"
        if mention in frame.roles.agents:
            yield frame.roles.agent_rule.replace("role", "agent")
        if mention in frame.roles.targets:
            yield frame.roles.target_rule.replace("role", "target")


def _naming(mention: ActorMention, actor: Actor) -> Iterator[str]:
    """How the words name it: as a group of the registry or of the report, or as armed people without a name."""
    if mention.kind == "group" and (actor.id or mention.key.startswith(MARK)):
        yield "named"
    elif mention.kind in ("group", "armed") and not actor.id and actor.inter != "State forces":
        yield "unknown" if mention.key in UNKNOWN else "unnamed"


def _fate(mention: ActorMention, frames: Sequence[Frame]) -> Iterator[str]:
    """Whether the sentences that tell the incident count it among the dead, the hurt, the abducted."""
    for frame in frames:
        for count in frame.counts:
            if not count.cumulative and count.number.best != 0 and (count.who or count.span).overlaps(mention.span):
                yield f"counted.{count.kind}"


def _in_passing(entry: _Entry) -> bool:
    """A named armed group that neither acts where the incident is told, nor is blamed, nor stands in the headline."""
    return entry.party.group and not entry.signs & PART


def _share(entries: Sequence[_Entry]) -> None:
    """What "the rebels" do, a named group of the report may have done."""
    named = [entry for entry in entries if entry.party.group]
    unnamed = [entry for entry in entries if entry.signs & {"unnamed", "unknown"}]
    for entry in named:
        entry.signs.add("only" if len(named) == 1 else "several")
        for other in unnamed:
            like = "like" if "unnamed" in other.signs else "like.unknown"
            entry.signs |= {f"{like}.{sign}" for sign in other.signs & set(SHARED)}
