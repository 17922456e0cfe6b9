"""Did it happen? The status of one mention of an event.

In:  a Reading and the words that mention the event.
Out: a Status, the rule that gave it and the words it rests on. The words are data: data/cues_<lang>.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from spacy.tokens import Token

from tocsin.code.lexicon import Entry, Match, load
from tocsin.model import Span, Status, Time
from tocsin.read.reader import Reading, Sentence
from tocsin.read.words import words

NEAR = 3  # words between the event and a cue with the scope "before" or "after"
CLIMB = 5  # steps up the parse in which a governing word is looked for
REACH = 70  # characters from "if" to the event
OLD = timedelta(days=366)  # what was longer ago is history
MONTH = timedelta(days=30)
RECENT = timedelta(days=8)  # "since Monday" dates one event; "since May" opens a sum
TOPIC_OF_REPORT = 4  # different words of a topic that make it the topic of a report, those of the title counted twice
TOPIC_OF_SENTENCE = 3
STOPS = ",;:.()—–«»“”"
MARKS = {"negation", "future", "modal", "light", "happening"}
STANCE = {
    "threatens": Status.THREATENED,
    "promises": Status.PLANNED,
    "hopes": Status.PLANNED,
    "asks": Status.PLANNED,
    "warns": Status.HYPOTHETICAL,
}
NOMINAL = {"nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "pobj", "obl:arg", "obl:agent", "expl:subj", "attr"}
NEGATING = {"det", "advmod", "nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "case", "mark", "cc", "preconj"}
CAUSES = {"nsubj", "agent", "obl:agent", "compound", "amod", "nmod", "npadvmod", "advmod"}
CLAUSES = {"ROOT", "relcl", "acl:relcl", "parataxis", "advcl"}  # a governing word is not sought above these
OWN_CLAUSES = {"relcl", "acl:relcl", "parataxis", "advcl", "ccomp", "acl", "appos"}

T = TypeVar("T", Match, Time)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status with the rule that gave it and the words it rests on."""

    status: Status
    rule: str
    span: Span | None = None


class StatusJudge:
    """Judges the mentions of one report."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        lexicon = load(reading.lang, "cues")
        found = lexicon.find(reading.words)
        self.cues: dict[int, list[Match]] = _by_sentence(reading, found)
        self.times: dict[int, list[Time]] = _by_sentence(reading, reading.times)
        self.marks: dict[str, set[int]] = defaultdict(set)  # where the words of the cues without a scope stand
        for cue in found:
            for scope in cue.entry.facts & MARKS:
                self.marks[scope] |= {word.start for word in reading.words[cue.first : cue.last + 1]}
        title = [match.entry for match in lexicon.find(words(reading.report.title or ""))]
        self.topic = _topic(reading, found, title, TOPIC_OF_REPORT)

    def judge(self, trigger: Match, sentence: Sentence) -> Judgement:
        """The first of these rules that fits; else it happened. Rules named by a cue carry the cue's id.

        status.negated      the event, or the verb of happening it hangs on, is negated
        status.future       its verb is in the future tense
        status.modal        its verb has a modal: would, could, may
        status.conditional  its verb is in the conditional (French; not the past conditional, which reports)
        status.infinitive   its verb is an infinitive that nothing says came true
        status.<cue>        a cue governs it, stands close before or after it, or in its own clause: threat, plan,
                            denial, hypothesis, habit, sum, court, statement, accident, crime, ...
        status.said         it is part of a threat, promise, wish, demand or warning
        status.condition    it stands in a clause with "if"
        status.old          the times of the sentence lie more than a year back
        status.since        it is counted since a day more than a week back
        status.topic-*      the sentence, or the report as a whole, is about sport, weather, crime, a film, a trial
        """
        head = self.reading.head(trigger.span)
        verb = _verb(head)
        cues = self.cues[sentence.index]
        found = (
            self._negated(head, verb, trigger.span)
            or self._mood(verb)
            or self._governed(head, verb, trigger, cues)
            or self._said(head, trigger)
            or self._condition(trigger, cues)
            or self._old(verb, sentence)
            or _topic(self.reading, cues, (), TOPIC_OF_SENTENCE)
            or self._within_topic(sentence, cues)
        )
        return found or Judgement(Status.HAPPENED, "status.happened")

    # -- the verb ----------------------------------------------------------------------------------------------------

    def _negated(self, head: Token, verb: Token | None, own: Span) -> Judgement | None:
        """Negated itself; or a noun whose verb says no more than that it happened: "no attack took place"."""
        found = self._not(head, own)
        if found is None and verb is not None and verb is not head and self._is(verb, "light"):
            found = self._not(verb, own)
        return Judgement(Status.DENIED, "status.negated", _span(found)) if found is not None else None

    def _not(self, token: Token, own: Span) -> Token | None:
        """The word that negates `token`, if it is not one of the event's own words ("not seen since")."""
        for child in token.children:
            if child.dep_ == "neg" or (child.dep_ in NEGATING and self._is(child, "negation")):
                return None if own.start <= child.idx < own.end else child
        return None

    def _mood(self, verb: Token | None) -> Judgement | None:
        """Future, modal, conditional or infinitive: of the verb itself or of the verb it is joined to."""
        if verb is None:
            return None
        verb = _first_of_row(verb)
        for child in verb.children:
            if child.dep_.startswith("aux") and child.i < verb.i:
                if self._is(child, "future") or _has(child, "Tense", "Fut"):
                    return Judgement(Status.PLANNED, "status.future", _span(child))
                if self._is(child, "modal"):
                    return Judgement(Status.HYPOTHETICAL, "status.modal", _span(child))
        if _has(verb, "Tense", "Fut"):
            return Judgement(Status.PLANNED, "status.future", _span(verb))
        if _has(verb, "Mood", "Cnd"):
            return Judgement(Status.HYPOTHETICAL, "status.conditional", _span(verb))
        if _infinitive(verb) and not any(self._is(near, "happening") for near in (verb.head, *verb.lefts)):
            return Judgement(Status.HYPOTHETICAL, "status.infinitive", _span(verb))
        return None

    def _is(self, token: Token, mark: str) -> bool:
        marked = self.marks[mark]
        return any(at in marked for at in range(token.idx, token.idx + len(token)))

    # -- cues --------------------------------------------------------------------------------------------------------

    def _governed(self, head: Token, verb: Token | None, trigger: Match, cues: Iterable[Match]) -> Judgement | None:
        """A cue above the event in the parse, close before or after it, or in its own clause."""
        above = {token.idx for token in _governors(head)}
        clause = {token.idx for token in _clause(head if verb is None else verb)}
        harm = trigger.entry.grade == "harm"
        cause = clause if harm else {token.idx for top in {head, verb or head} for token in _causes(top)}
        political = _political(cues)
        for cue in cues:
            scopes = cue.entry.facts
            if cue.span.overlaps(trigger.span) or not _of(cue, trigger):
                continue
            if political and cue.entry.tactic == Status.NOT_POLITICAL and "governor" not in scopes:
                continue
            if (
                "sentence" in scopes
                or ("governor" in scopes and self._touches(cue, above))
                or ("clause" in scopes and self._touches(cue, clause))
                or ("cause" in scopes and self._touches(cue, cause))
                or ("before" in scopes and self._close(cue, trigger))
                or ("after" in scopes and self._close(trigger, cue))
                or ("just-before" in scopes and self._close(cue, trigger, 1))
                or ("just-after" in scopes and self._close(trigger, cue, 1))
            ):
                return _judgement(cue)
        return None

    def _touches(self, cue: Match, starts: set[int]) -> bool:
        return any(word.start in starts for word in self.reading.words[cue.first : cue.last + 1])

    def _close(self, one: Match, other: Match, most: int = NEAR) -> bool:
        """`other` follows `one` with at most `most` words and no stop between them."""
        between = self.reading.text[one.span.end : other.span.start]
        return 0 < other.first - one.last <= most + 1 and not any(stop in between for stop in STOPS)

    def _condition(self, trigger: Match, cues: Iterable[Match]) -> Judgement | None:
        """After "if", with no stop between."""
        for cue in cues:
            between = self.reading.text[cue.span.end : trigger.span.start]
            if "condition" in cue.entry.facts and 0 < len(between) < REACH and not any(s in between for s in ",;:—–"):
                return _judgement(cue)
        return None

    def _said(self, head: Token, trigger: Match) -> Judgement | None:
        """Part of a threat, a demand and the like; but what is told there in the past tense happened."""
        above = {token.idx for token in _governors(head)}
        for speech in self.reading.speech:
            status = STANCE.get(speech.stance)
            if not status or not speech.verb or not speech.span.covers(trigger.span):
                continue
            if (head.pos_ == "VERB" and not _past(head)) or speech.verb.start in above:
                return Judgement(status, "status.said", speech.verb)
        return None

    # -- when --------------------------------------------------------------------------------------------------------

    def _old(self, verb: Token | None, sentence: Sentence) -> Judgement | None:
        """History, or a sum over a long time, by the times of the sentence."""
        today, times = self.reading.report.published, self.times[sentence.index]
        if not today or not times:
            return None
        if all(_is_old(time, today) and time.relation != "since" for time in times):
            return Judgement(Status.BACKGROUND, "status.old", times[0].span)
        for time in times:
            if time.relation == "since" and time.first and time.first < today - RECENT and _counted(verb, time):
                return Judgement(Status.CUMULATIVE, "status.since", time.span)
        return None


    def _within_topic(self, sentence: Sentence, cues: Iterable[Match]) -> Judgement | None:
        """The topic of the report; but a sentence without a word of it that speaks of politics or gives a day is news."""
        if self.topic is None:
            return None
        today, times = self.reading.report.published, self.times[sentence.index]
        dated = any(time.kind != "vague" for time in times)
        on_topic = any(_rule(cue) == self.topic.rule for cue in cues)
        if not on_topic and (_political(cues) or (dated and sentence.index > 0)):
            return None
        fresh = any(today and time.day and time.day > today - MONTH for time in times)
        return None if fresh and self.topic.status is Status.BACKGROUND else self.topic


def _by_sentence(reading: Reading, found: Iterable[T]) -> dict[int, list[T]]:
    table: dict[int, list[T]] = defaultdict(list)
    for one in found:
        table[reading.sentence_at(one.span.start).index].append(one)
    return table


def _judgement(cue: Match) -> Judgement:
    return Judgement(Status(cue.entry.tactic), _rule(cue), cue.span)


def _rule(cue: Match) -> str:
    return f"status.{cue.entry.id}"


def _political(cues: Iterable[Match]) -> bool:
    return any("politics" in cue.entry.facts for cue in cues)


def _of(cue: Match, trigger: Match) -> bool:
    """A cue with a fact "of:arrest" counts for arrests only."""
    only = [fact[3:] for fact in cue.entry.facts if fact.startswith("of:")]
    return not only or trigger.entry.tactic in only


def _topic(reading: Reading, cues: Iterable[Match], title: Iterable[Entry], least: int) -> Judgement | None:
    """The topic with the most different words, if they are enough and outweigh the words of politics and war."""
    told: dict[Entry, set[str]] = defaultdict(set)
    politics: set[str] = set()
    first: dict[Entry, Match] = {}
    for cue in cues:
        if "topic" in cue.entry.facts:
            told[cue.entry].add(reading.words[cue.first].form)
            first.setdefault(cue.entry, cue)
        elif "politics" in cue.entry.facts:
            politics.add(reading.words[cue.first].form)
    for entry, forms in told.items():
        headed = 2 * sum(1 for other in title if other == entry)
        if len(forms) + headed - len(politics) >= least + (not headed and least == TOPIC_OF_REPORT):
            return _judgement(first[entry])
    return None


# -- the parse -------------------------------------------------------------------------------------------------------


def _verb(head: Token) -> Token | None:
    """The verb itself, or the verb whose subject or object the noun is."""
    while head.pos_ not in ("VERB", "AUX") and head.dep_ in NOMINAL and head.head is not head:
        head = head.head
    return head if head.pos_ in ("VERB", "AUX") else None


def _first_of_row(verb: Token) -> Token:
    """ "to seize and burn": the mood of the first verb is that of the second, which has no subject of its own."""
    for _ in range(CLIMB):
        own = any(child.dep_.startswith(("nsubj", "aux", "mark")) for child in verb.children)
        if verb.dep_ != "conj" or own or verb.head.tag_ != verb.tag_ or verb.head.pos_ != "VERB":
            break
        if verb.head.morph.get("VerbForm", []) != verb.morph.get("VerbForm", []):
            break
        verb = verb.head
    return verb


def _governors(head: Token) -> Iterator[Token]:
    """Words above `head` in the parse, up to the main verb; a clause of its own ends the climb."""
    for _ in range(CLIMB):
        own_clause = head.dep_ in CLAUSES or (head.dep_ == "conj" and head.pos_ == "VERB" and not _infinitive(head))
        if own_clause or head.head == head:
            return
        head = head.head
        yield head


def _clause(top: Token) -> Iterator[Token]:
    """The words of the clause of a verb or of a noun phrase, without the clauses inside it."""
    yield top
    for child in top.children:
        if child.dep_ not in OWN_CLAUSES and not (child.dep_ == "conj" and child.pos_ == "VERB"):
            yield from _clause(child)


def _causes(top: Token) -> Iterator[Token]:
    """What did it or what it was made of: "a storm killed", "the gas explosion", "killed by an elephant"."""
    for child in top.children:
        if child.dep_ in CAUSES or (child.dep_ == "prep" and top.pos_ == "NOUN"):
            yield child
            yield from (below for below in child.children if below.dep_ in CAUSES or below.dep_ in ("pobj", "conj"))


def _infinitive(verb: Token) -> bool:
    """ "to seize", "saisir"; not "avoir saisi", which happened."""
    if verb.tag_ == "VB":
        return any(child.lower_ == "to" for child in verb.children)
    caused = any(child.dep_.startswith("aux") for child in verb.children)  # "avoir saisi", "faire sauter"
    return _has(verb, "VerbForm", "Inf") and verb.pos_ == "VERB" and not caused


def _past(verb: Token) -> bool:
    past = verb.tag_ in ("VBD", "VBN") or _has(verb, "Tense", "Past") or _has(verb, "Tense", "Imp")
    return past and not any(_has(child, "Tense", "Fut") for child in verb.children)


def _has(token: Token, feature: str, value: str) -> bool:
    return value in token.morph.get(feature, [])


def _span(token: Token) -> Span:
    return Span(token.idx, token.idx + len(token))


# -- times -----------------------------------------------------------------------------------------------------------


def _is_old(time: Time, today: date) -> bool:
    return time.kind != "anchored" and time.last is not None and time.last < today - OLD


def _counted(verb: Token | None, time: Time) -> bool:
    """The time belongs to the verb of the event, and people or events are counted in its clause."""
    clause = list(_clause(verb)) if verb is not None else []
    own = any(time.span.start <= token.idx < time.span.end for token in clause)
    return own and any(token.like_num or token.pos_ == "NUM" for token in clause if token.idx < time.span.start)
