"""Who a statement is about: names of actors as ACLED has them.

In:  a Marked text, the part of it that the statement stands in, the registry.
Out: those who act and those on the other side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tocsin.check.reading.clause import Clause
from tocsin.check.reading.marked import Marked
from tocsin.check.reading.patterns import MARKS
from tocsin.countries import country
from tocsin.model import ActorMention, Span
from tocsin.registry import Registry

REBELS = ("Rebel group",)
UNNAMED = ("jihadists", "rebels", "terrorists", "separatists", "fighters")  # whichever group they are of
PEOPLE = ("civilians", "crowd")
IN_PLACE = 2  # words of "in Nairobi"
REACH = 28  # characters before an actor in which the word stands that makes it the other side


def split(clause: Clause, victims: Iterable[Span]) -> tuple[list[ActorMention], list[ActorMention]]:
    """The mentions of the clause who act, and those on whom they act."""
    marked, span = clause.marked, clause.sentence
    victims, acting, suffering = list(victims), list[ActorMention](), list[ActorMention]()
    speakers = [speech.speaker for speech in marked.scene.reading.speech if speech.speaker]
    masked = [*(each.span for each in marked.periods), *(each.span for each in marked.places)]
    kept: set[ActorMention] = {*marked.actors, *(each for each in marked.scene.actors if each.kind in PEOPLE)}
    for mention in sorted(kept, key=lambda each: each.span):
        hidden = any(mention.span.overlaps(span) for span in masked)
        if (
            hidden
            or not span.covers(mention.span)
            or not clause.is_near(mention.span, subject=clause.rule.kind == "expansion")
        ):
            continue
        if any(mention.span.overlaps(each) for each in victims) or _is_target(marked, mention):
            suffering.append(mention)
        elif _records(marked, mention) or _is_denied(marked, mention):
            continue
        elif mention.kind in ("group", "armed", "state", "crowd") and not any(s.covers(mention.span) for s in speakers):
            acting.append(mention)
    return acting, suffering


def _records(marked: Marked, mention: ActorMention) -> bool:
    """ "police (in Nairobi) recorded 89 kidnappings": who counts has not done it."""
    after = marked.text[mention.span.end : mention.span.end + REACH]
    found = marked.words.cues["recorders"].search(after)
    between = after[: found.start()].split() if found else []
    return found is not None and (not between or (len(between) == IN_PLACE and MARKS["place"] in between[-1]))


def _is_denied(marked: Marked, mention: ActorMention) -> bool:
    """ "state forces, not rebels"."""
    word = marked.folded[max(0, mention.span.start - REACH) : mention.span.start].split()[-1:]
    return bool(word) and marked.words.cues["not"].fullmatch(word[0]) is not None


def _is_target(marked: Marked, mention: ActorMention) -> bool:
    before = marked.folded[max(0, mention.span.start - REACH) : mention.span.start]
    ends = [m.end() for m in marked.words.cues["against"].finditer(before)]
    rest = before[ends[-1] :] if ends else ""
    by = marked.words.cues["by"]
    blamed = bool(ends) and any(match.end() == ends[-1] for match in by.finditer(before))  # "blamed on"
    return bool(ends) and not blamed and len(rest.split()) <= 1 and not by.search(rest)


def names(
    marked: Marked, mentions: Iterable[ActorMention], registry: Registry, days: Iterable[date | None]
) -> tuple[str, ...]:
    """ACLED's names on these days; a state has a name for each of its regimes in that time."""
    found = dict.fromkeys(
        name for mention in mentions for day in days for name in _names(marked, mention, registry, day)
    )
    return tuple(found)


def _names(marked: Marked, mention: ActorMention, registry: Registry, day: date | None) -> Iterator[str]:
    home = mention.country if mention.kind == "state" and mention.country and not marked.home else marked.home
    if mention.kind == "civilians":
        yield "Civilians"
        return
    if home is None and mention.kind != "group":
        return
    actor = registry.resolve(mention, home or "", day)
    if mention.kind == "armed" and mention.key in UNNAMED and home:
        yield from rebels(marked, registry, home, day)
        yield actor.name
    else:
        yield actor.name


def rebels(marked: Marked, registry: Registry, home: str, day: date | None) -> tuple[str, ...]:
    """The rebel groups that the text names; failing that those that the registry knows in the country on that day."""
    return named_rebels(marked, registry, home, day) or tuple(_known(registry, home, day))


def named_rebels(marked: Marked, registry: Registry, home: str, day: date | None) -> tuple[str, ...]:
    """The rebel groups of the text that the registry knows in the country on that day."""
    told = (registry.resolve(m, home, day) for m in marked.scene.actors if m.kind == "group")
    known = tuple(_known(registry, home, day))
    return tuple(dict.fromkeys(actor.name for actor in told if actor.inter in REBELS and actor.name in known))


def _known(registry: Registry, home: str, day: date | None) -> Iterator[str]:
    moment = day.isoformat() if day else "9999"
    for group in registry.groups.values():
        begun = not group.valid_from or moment[: len(group.valid_from)] >= group.valid_from
        over = group.valid_to and moment[: len(group.valid_to)] > group.valid_to
        if group.inter in REBELS and home in group.countries and begun and not over:
            yield group.name


def country_name(iso3: str | None) -> str | None:
    found = country(iso3) if iso3 else None
    return found.name if found else None
