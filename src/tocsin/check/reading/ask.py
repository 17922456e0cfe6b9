"""A clause with who acts in it, whom, and when: what all kinds of statements share.

In:  a Clause, the registry, what the text tells.
Out: `Ask`, from which the reading of a kind starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from tocsin.check.reading import sides
from tocsin.check.reading.clause import Clause
from tocsin.check.reading.story import Story
from tocsin.check.statement import Asked
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry

NEAR_NUMBER = 25  # characters after a number in which stands whom it counts


@dataclass(frozen=True)
class Ask:
    """A clause with all that its reading looks at."""

    clause: Clause
    registry: Registry
    story: Story

    @cached_property
    def _split(self) -> tuple[list[ActorMention], list[ActorMention]]:
        return sides.split(self.clause, self.victims)

    @cached_property
    def victims(self) -> list[Span]:
        """Whom the numbers of the clause count, and whom the text says to have been killed."""
        after = [Span(n.span.end, n.span.end + NEAR_NUMBER) for n in self.clause.numbers] if self.of_dead else []
        counts = self.clause.marked.scene.reading.counts
        dead = [c.who for c in counts if c.kind == "killed" and c.who and self.clause.sentence.covers(c.span)]
        return [*(dead if self.of_dead else []), *after]

    @property
    def of_dead(self) -> bool:
        return self.clause.rule.kind == "deaths" or self.clause.is_of_deaths

    @property
    def acting(self) -> list[ActorMention]:
        return self._split[0]

    @property
    def suffering(self) -> list[ActorMention]:
        return self._split[1]

    @property
    def days(self) -> list[date | None]:
        """Days on which actors have their names: the last one first."""
        first, last = self.clause.ends
        latest = last or self.clause.marked.published
        return list(dict.fromkeys(day for day in (latest, first) if day)) or [None]

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Who acts; if the sentence does not say, for attacks the armed groups of which the text speaks."""
        found = sides.names(self.clause.marked, self.acting, self.registry, self.days)
        event, home = self.clause.event, self.clause.marked.home
        if found or not (event and event.armed) or not home or self._split[1]:
            return found
        return sides.named_rebels(self.clause.marked, self.registry, home, self.days[0])

    @cached_property
    def against(self) -> tuple[str, ...]:
        mentions = [m for m in self._split[1] if m.key != "people"]
        return sides.names(self.clause.marked, mentions, self.registry, self.days[:1])

    @property
    def event_day(self) -> date | None:
        """The day of the one happening that is spoken of."""
        if self.clause.day:
            return self.clause.day.first
        if len(self.clause.marked.scene.reading.sentences) < 2:
            return None
        named = (self.story.day_at(each.spot.name) for each in self.clause.places if each.spot.kind == "place")
        return next((day for day in named if day), None) or self.story.main

    def base(self, **facts: Any) -> Asked:
        """Kind, types, sides and place, which all kinds have."""
        event, rule = self.clause.event, self.clause.rule
        known: dict[str, Any] = {
            "kind": rule.kind,
            "event_types": event.event_types if event else (),
            "sub_event_types": event.sub_event_types if event else (),
            "actors": self.actors,
            "against": self.against,
            "where": self.clause.where(),
            "comparison": rule.comparison,
            "value": rule.value,
            "unit": rule.unit,
        }
        return Asked(**known | facts)

    def during(self, **facts: Any) -> Asked:
        first, last = self.clause.ends
        return self.base(since=iso(first), until=iso(last), **facts)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def measure(ask: Ask) -> str:
    clause = ask.clause
    if clause.rule.kind == "share":
        last = min(clause.sentence.end, clause.span.end + NEAR_NUMBER)
        counted = clause.marked.words.lists["deaths"].search(clause.marked.folded, clause.span.start, last)
        near = Span(max(clause.sentence.start, clause.span.start - NEAR_NUMBER), last)
        return "deaths" if counted or clause.is_of_killed(near) else "events"
    if ask.clause.rule.measures and ask.clause.rule.measures[0] != "topic":
        return ask.clause.rule.measures[0]
    return "deaths" if ask.of_dead else "events"


def ends(span: Span) -> tuple[int, int]:
    return span.start, span.end
