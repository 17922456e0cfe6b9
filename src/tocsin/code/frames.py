"""Find the mentions of events in one report.

In:  a Reading, the actors and the places mentioned in it.
Out: Frames in the order of the text: what is said to have happened, its status, who, when, where, how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from tocsin.code.lexicon import Match, load
from tocsin.code.roles import Roles, find_roles, undergoing
from tocsin.code.status import Judgement, StatusJudge
from tocsin.code.timing import time_of
from tocsin.code.unforeseen import unforeseen
from tocsin.finder import Sight
from tocsin.locate import Gazetteer, Located, place_in_sentence
from tocsin.model import ActorMention, Count, PlaceMention, Span, Status, Time
from tocsin.read.reader import Reading, Sentence

GRADE = {"event": 3, "weak": 2, "harm": 1, "mention": 0, "model": -1}
PLUPERFECT = {"had", "avait", "avaient", "était", "étaient", "eut"}
GOES_WITH_ANY = {"killing", "armed_attack", "explosion"}  # too general to name the tactic beside a special one


@dataclass(slots=True)
class Frame:
    """One mention of something that happened."""

    trigger: Match
    sentence: Sentence
    judgement: Judgement
    tactics: set[str]
    facts: set[str]
    roles: Roles
    time: Time | None
    place: Located | None
    quoted: bool
    tense: str  # "past", "present", "pluperfect"; "" for a noun
    counts: tuple[Count, ...] = field(default=())

    @property
    def span(self) -> Span:
        return self.trigger.span

    @property
    def grade(self) -> str:
        return self.trigger.entry.grade

    @property
    def status(self) -> Status:
        return self.judgement.status


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of a report before its events are found."""

    reading: Reading
    actors: tuple[ActorMention, ...]
    places: tuple[PlaceMention, ...]
    times: tuple[Time, ...]
    headline: frozenset[str]  # families of events that the title speaks of
    gazetteer: Gazetteer
    sight: Sight | None = None  # what the model sees, if it was asked
    lexicon: bool = True  # are events also found by the words of the lexicon?


def find_frames(scene: Scene) -> list[Frame]:
    """Every mention of an event, whatever its status, sentence by sentence, main clauses first."""
    reading = scene.reading
    judge = StatusJudge(reading)
    found: list[Frame] = []
    matches: dict[int, list[Match]] = {}
    for match in _matches(scene):
        matches.setdefault(reading.sentence_at(match.span.start).index, []).append(match)
    for index, here in sorted(matches.items()):
        sentence = reading.sentences[index]
        means = [match for match in here if match.entry.grade == "means"]
        heads = _heads([match for match in here if match.entry.grade != "means"])
        frames = [_frame(scene, judge, sentence, trigger, others, means) for trigger, others in heads]
        found += sorted((frame for frame in frames if frame), key=lambda frame: _depth(reading, frame.span))
    return found


def _matches(scene: Scene) -> Iterator[Match]:
    """Words that report events: those of the lexicon, and those that the model sees.

    A snippet tells one thing: where words of the lexicon tell it, the model is not asked for more.
    """
    reading, sight = scene.reading, scene.sight
    found = load(reading.lang).find(reading.words)
    listed = [match for match in found if scene.lexicon or match.entry.grade == "means"]
    told = reading.is_snippet and any(match.entry.grade in GRADE for match in listed)
    yield from listed
    yield from unforeseen(reading, sight) if sight and not told else ()


def _depth(reading: Reading, span: Span) -> tuple[int, int]:
    """The main clause first: what it reports is what the sentence is about."""
    return sum(1 for _ in reading.head(span).ancestors), span.start


def _heads(matches: list[Match]) -> Iterable[tuple[Match, list[Match]]]:
    """Overlapping matches make one mention: the best of them, with the others beside it."""
    ranked = sorted(matches, key=lambda m: (-GRADE[m.entry.grade], -(m.span.end - m.span.start), m.span.start))
    groups: list[tuple[Match, list[Match]]] = []
    for match in ranked:
        group = next((g for g in groups if g[0].span.overlaps(match.span)), None)
        if group:
            group[1].append(match)
        else:
            groups.append((match, []))
    return groups


def _frame(
    scene: Scene,
    judge: StatusJudge,
    sentence: Sentence,
    trigger: Match,
    others: Sequence[Match],
    means: Sequence[Match],
) -> Frame | None:
    reading = scene.reading
    head = reading.head(trigger.span)
    mentions = [m for m in scene.actors if sentence.span.covers(m.span)]
    roles = find_roles(head, trigger.span, mentions)
    takes_place = _is_place(undergoing(head), scene.places)
    options = [match for match in (trigger, *others) if fits(match, roles, takes_place=takes_place)]
    if not options:
        return None
    best = options[0]
    options = [match for match in options if match.entry.grade != "model" or best.entry.grade == "model"]
    special = (m for m in options if m.entry.tactic not in GOES_WITH_ANY and m.span.covers(best.span))
    tactics = {best.entry.tactic, *(match.entry.tactic for match in special)}
    near = [match for match in means if _same_clause(reading, match.span, best.span, sentence)]
    tactics |= {match.entry.tactic for match in near if match.entry.tactic}
    facts = set().union(*(match.entry.facts for match in (*options, *near)))
    return Frame(
        trigger=best,
        sentence=sentence,
        judgement=judge.judge(best, sentence),
        tactics=tactics,
        facts=facts,
        roles=roles,
        time=time_of(reading, scene.times, best.span, sentence),
        place=own_place(scene, best.span, sentence),
        quoted=any(s.kind == "quote" and s.span.covers(best.span) for s in reading.speech),
        tense=_tense(head),
        counts=tuple(c for c in reading.counts if sentence.span.covers(c.span)),
    )


def _tense(head: Token) -> str:
    """Of the verb that reports the event; "had attacked", "avait attaqué" is told as something earlier."""
    if head.pos_ not in ("VERB", "AUX"):
        return ""
    before = {child.lower_ for child in head.children if child.dep_.startswith("aux")}
    if before & PLUPERFECT:
        return "pluperfect"
    return (
        "present"
        if head.morph.get("Tense", []) == ["Pres"] and "Fin" in head.morph.get("VerbForm", []) and not before
        else "past"
    )


def own_place(scene: Scene, span: Span, sentence: Sentence) -> Located | None:
    """Where the sentence itself puts the event."""
    text, lang = scene.reading.text, scene.reading.lang
    found = place_in_sentence(span, sentence.span, scene.places, scene.gazetteer, text, lang)
    return None if found and found.rule.startswith("sentence.elsewhere") else found


def fits(match: Match, roles: Roles, *, takes_place: bool = False) -> bool:
    """A weak word counts only with the kinds of agent and target that its entry asks for; a target may be a place."""
    entry = match.entry
    agent = not entry.agent or any(mention.kind in entry.agent for mention in roles.agents)
    target = not entry.target or any(mention.kind in entry.target for mention in roles.targets)
    return agent and (target or (takes_place and "place" in entry.target))


def _is_place(tokens: Iterable[Token], places: Iterable[PlaceMention]) -> bool:
    starts = {token.idx for token in tokens}
    return any(place.span.start <= start < place.span.end for start in starts for place in places)


def _same_clause(reading: Reading, one: Span, other: Span, sentence: Sentence) -> bool:
    """No full stop, semicolon or 'while' between the two."""
    between = reading.text[min(one.end, other.end) : max(one.start, other.start)]
    return ";" not in between and len(between) < 160
