"""Did it happen? The status of one mention of an event.

In:  a Reading and the words that mention the event.
Out: a Status, the rule that gave it and the words it rests on. The words are data: data/cues_<lang>.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from spacy.tokens import Token

from tocsin.code.clauses import (
    around,
    causes,
    clause,
    first_of_row,
    governors,
    has,
    is_infinitive,
    is_past,
    is_present,
    span_of,
    verb_of,
)
from tocsin.code.lexicon import Match, load
from tocsin.code.topics import is_civil, topic_of_report, topic_of_sentence
from tocsin.model import Span, Status, Time
from tocsin.read.reader import Reading, Sentence
from tocsin.read.words import words

NEAR = 3  # words between the event and a cue with the scope "before" or "after"
REACH = 70  # characters from "if" to the event
OLD = timedelta(days=366)  # what was longer ago is history
MONTH = timedelta(days=30)
RECENT = timedelta(days=8)  # "since Monday" dates one event; "since May" opens a sum
MANY = 5  # fewer people than this are no sum
STOPS = ",;:.()—–«»“”"
FIRM = {"governor", "just-before", "just-after"}  # scopes so close that words of politics do not outweigh the cue
MARKS = {"negation", "future", "modal", "light", "happening", "gathering"}
STANCE = {
    "threatens": Status.THREATENED,
    "promises": Status.PLANNED,
    "hopes": Status.PLANNED,
    "asks": Status.PLANNED,
    "warns": Status.HYPOTHETICAL,
}
NEGATING = {"det", "advmod", "nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "case", "mark", "cc", "preconj"}

T = TypeVar("T", Match, Time)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A status with the rule that gave it and the words it rests on."""

    status: Status
    rule: str
    span: Span | None = None


NO_CONFLICT = Judgement(Status.NOT_POLITICAL, "status.no-conflict")


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
        topic = topic_of_report(reading, found, title)
        self.topic = _judgement(topic) if topic else None
        self.civil = is_civil(reading, found, title)
        self.told: set[int] = set()  # the sentences that told of something that happened

    def judge(self, trigger: Match, sentence: Sentence) -> Judgement:
        """The first of these rules that fits; else it happened. Rules named by a cue carry the cue's id.

        Mentions are judged in the order of the text: what a trial or a memorial recalls goes on in the next sentences.

        status.negated      the event, or the verb of happening it hangs on, is negated
        status.count        the people counted with it are a sum over months or many attacks, or it is itself many
        status.<cue>        a cue governs it, stands close before or after it, or in its own clause: threat, plan,
                            denial, hypothesis, habit, sum, court, statement, accident, crime, ...; the nearest counts
        status.said         it is part of a threat, promise, wish, demand or warning
        status.future       its verb is in the future tense
        status.modal        its verb has a modal: would, could, may
        status.conditional  its verb is in the conditional (French; not the past conditional, which reports)
        status.infinitive   its verb is an infinitive that nothing says came true
        status.condition    it stands in a clause with "if"
        status.quoted       a quotation tells it in the present tense: how things are, not what happened
        status.old          the times of the sentence lie more than a year back
        status.since        it is counted since a day more than a week back
        status.recall       part of what a trial, a memorial, a film recalls, or told after it without a new day
        status.topic-*      the sentence, or the report as a whole, is about sport, weather, crime, a film, a trial
        status.no-conflict  hardly a word of the report belongs to politics or war: local news of crime, fire, councils
        """
        head = self.reading.head(trigger.span)
        verb = verb_of(head)
        cues = self.cues[sentence.index]
        found = (
            self._negated(head, verb, trigger.span)
            or self._governed(head, verb, trigger, cues)
            or self._said(head, trigger)
            or self._mood(verb)
            or self._summed(head, verb, sentence)
            or self._many(trigger, sentence)
            or self._condition(trigger, cues)
            or self._quoted(head, trigger)
            or self._old(verb, sentence)
            or self._retold(head, sentence)
            or self._on_topic(cues)
            or self._within_topic(sentence, cues)
            or (NO_CONFLICT if self.civil else None)
        )
        if found is None:
            self.told.add(sentence.index)
        return found or Judgement(Status.HAPPENED, "status.happened")

    # -- the verb ----------------------------------------------------------------------------------------------------

    def _negated(self, head: Token, verb: Token | None, own: Span) -> Judgement | None:
        """Negated itself; or a noun whose verb says no more than that it happened: "no attack took place"."""
        found = self._not(head, own)
        if found is None and verb is not None and verb is not head and self._is(verb, "light"):
            found = self._not(verb, own)
        return Judgement(Status.DENIED, "status.negated", span_of(found)) if found is not None else None

    def _not(self, token: Token, own: Span) -> Token | None:
        """The word that negates `token`, if it is not one of the event's own words ("not seen since")."""
        for child in token.children:
            if child.dep_ == "neg" or (child.dep_ in NEGATING and self._is(child, "negation")):
                return None if own.start <= child.idx < own.end else child
        return next((t for t in self.reading.tokens(own) if t.dep_ == "det" and self._is(t, "negation")), None)

    def _mood(self, verb: Token | None) -> Judgement | None:
        """Future, modal, conditional or infinitive: of the verb itself or of the verb it is joined to."""
        if verb is None:
            return None
        verb = first_of_row(verb)
        for child in verb.children:
            if child.dep_.startswith("aux") and child.i < verb.i:
                if self._is(child, "future") or has(child, "Tense", "Fut"):
                    return Judgement(Status.PLANNED, "status.future", span_of(child))
                if self._is(child, "modal"):
                    return Judgement(Status.HYPOTHETICAL, "status.modal", span_of(child))
        if has(verb, "Tense", "Fut"):
            return Judgement(Status.PLANNED, "status.future", span_of(verb))
        if has(verb, "Mood", "Cnd"):
            return Judgement(Status.HYPOTHETICAL, "status.conditional", span_of(verb))
        if is_infinitive(verb) and not any(self._is(near, "happening") for near in (verb.head, *verb.lefts)):
            return Judgement(Status.HYPOTHETICAL, "status.infinitive", span_of(verb))
        return None

    def _is(self, token: Token, mark: str) -> bool:
        marked = self.marks[mark]
        return any(at in marked for at in range(token.idx, token.idx + len(token)))

    # -- cues --------------------------------------------------------------------------------------------------------

    def _governed(self, head: Token, verb: Token | None, trigger: Match, cues: Iterable[Match]) -> Judgement | None:
        """The nearest cue above the event in the parse, close before or after it, or in its own clause."""
        above = {token.idx for token in governors(head)}
        own = {token.idx for token in clause(head if verb is None else verb)}
        harm = trigger.entry.grade == "harm"
        did = {token.idx for one in {head, verb or head} for token in (around(one) if harm else causes(one))}
        political = _political(cues)
        found = [
            cue
            for cue in cues
            if not trigger.span.covers(cue.span)
            and _of(cue, trigger)
            and not ("undated" in cue.entry.facts and self._dated(trigger))
            and not ("in-protest" in cue.entry.facts and not self._gathered(cue))
            and not (political and cue.entry.tactic == Status.NOT_POLITICAL and not cue.entry.facts & FIRM)
            and self._in_scope(cue, trigger, above, own, did)
        ]
        nearest = min(found, key=lambda cue: abs(cue.first - trigger.first), default=None)
        return _judgement(nearest) if nearest else None

    def _dated(self, trigger: Match) -> bool:
        index = self.reading.sentence_at(trigger.span.start).index
        return any(time.kind != "vague" for time in self.times[index])

    def _gathered(self, cue: Match) -> bool:
        """Does the sentence speak of a protest before the cue? What it is against is its subject, not an event."""
        sentence = self.reading.sentence_at(cue.span.start)
        return any(sentence.span.start <= at < cue.span.start for at in self.marks["gathering"])

    def _in_scope(self, cue: Match, trigger: Match, above: set[int], own: set[int], did: set[int]) -> bool:
        scopes = cue.entry.facts
        return (
            "sentence" in scopes
            or ("governor" in scopes and self._touches(cue, above))
            or ("clause" in scopes and self._touches(cue, own))
            or ("cause" in scopes and self._touches(cue, did))
            or ("before" in scopes and self._close(cue, trigger, NEAR))
            or ("after" in scopes and self._close(trigger, cue, NEAR))
            or ("just-before" in scopes and self._close(cue, trigger, 1))
            or ("just-after" in scopes and self._close(trigger, cue, 1))
        )

    def _touches(self, cue: Match, starts: set[int]) -> bool:
        return any(word.start in starts for word in self.reading.words[cue.first : cue.last + 1])

    def _close(self, one: Match, other: Match, most: int) -> bool:
        """`other` follows `one` with at most `most` words and no stop between them."""
        between = self.reading.text[one.span.end : other.span.start]
        return one.first < other.first <= one.last + most + 1 and not any(stop in between for stop in STOPS)

    def _condition(self, trigger: Match, cues: Iterable[Match]) -> Judgement | None:
        """After "if", with no stop between."""
        for cue in cues:
            between = self.reading.text[cue.span.end : trigger.span.start]
            if "condition" in cue.entry.facts and 0 < len(between) < REACH and not any(s in between for s in ",;:—–"):
                return _judgement(cue)
        return None

    def _quoted(self, head: Token, trigger: Match) -> Judgement | None:
        """ "when you see a car bomb", "the military is our target", said by somebody."""
        verb = next((token for token in (head, *head.ancestors) if token.pos_ in ("VERB", "AUX")), None)
        if verb is None or not is_present(verb):
            return None
        quoted = any(speech.kind == "quote" and speech.span.covers(trigger.span) for speech in self.reading.speech)
        return Judgement(Status.GENERIC, "status.quoted", span_of(verb)) if quoted else None

    def _said(self, head: Token, trigger: Match) -> Judgement | None:
        """Part of a threat, a demand and the like; but what is told there in the past tense happened."""
        above = {token.idx for token in governors(head)}
        for speech in self.reading.speech:
            status = STANCE.get(speech.stance)
            if not status or not speech.verb or not speech.span.covers(trigger.span):
                continue
            if (head.pos_ == "VERB" and not is_past(head)) or speech.verb.start in above:
                return Judgement(status, "status.said", speech.verb)
        return None

    # -- when --------------------------------------------------------------------------------------------------------

    def _old(self, verb: Token | None, sentence: Sentence) -> Judgement | None:
        """History, or a sum over a long time, by the times of the sentence."""
        today, times = self.reading.report.published, self._times_near(sentence)
        if not today or not times:
            return None
        if all(_is_old(time, today) and time.relation != "since" for time in times):
            return Judgement(Status.BACKGROUND, "status.old", times[0].span)
        for time in times:
            if time.relation == "since" and time.first and time.first < today - RECENT and self._counted(verb, time):
                return Judgement(Status.CUMULATIVE, "status.since", time.span)
        return None

    def _times_near(self, sentence: Sentence) -> list[Time]:
        """The times of the sentence, else of the nearest before it in its paragraph, unless that tells an event."""
        for near in self.reading.sentences[: sentence.index + 1][::-1]:
            if near.paragraph != sentence.paragraph or near.index in self.told:
                break
            if self.times[near.index]:
                return self.times[near.index]
        return []

    def _counted(self, verb: Token | None, time: Time) -> bool:
        """The time belongs to the verb of the event, and people or events are counted in its clause."""
        own = [token.idx for token in clause(verb)] if verb is not None else []
        numbers = [n.span for n in self.reading.numbers if not n.span.overlaps(time.span)]
        return _in(time.span, own) and any(_in(number, own) for number in numbers)

    def _summed(self, head: Token, verb: Token | None, sentence: Sentence) -> Judgement | None:
        """Counted in its clause by a sum; but a day of its own makes it one event."""
        if any(time.kind == "day" and time.relation == "at" for time in self.times[sentence.index]):
            return None
        own = [token.idx for token in clause(head if verb is None else verb)]
        for count in self.reading.counts:
            many = count.number.best is None or count.number.best >= MANY
            if count.cumulative and many and sentence.span.covers(count.span) and _in(count.span, own):
                return Judgement(Status.CUMULATIVE, "status.count", count.span)
        return None

    def _many(self, trigger: Match, sentence: Sentence) -> Judgement | None:
        """ "at least 15 attacks", "dozens of raids" without a day; of two or three each may be told."""
        nouns = (token for token in self.reading.tokens(trigger.span) if token.pos_ == "NOUN")
        noun = next((token for token in nouns if not token.dep_.startswith("nsubj")), None)  # not those who act
        if noun is None or any((time.precision or 3) < 3 for time in self.times[sentence.index]):
            return None
        above = noun.head.head if noun.head.pos_ == "ADP" else noun.head
        at = [child.idx for child in noun.children if child.dep_ == "nummod"] + [above.idx]
        for number in self.reading.numbers:
            many = number.best is None or number.best >= MANY
            if many and _in(number.span, at) and number.span.end <= trigger.span.start:
                return Judgement(Status.CUMULATIVE, "status.count", number.span)
        return None

    def _retold(self, head: Token, sentence: Sentence) -> Judgement | None:
        """Part of what a sentence recalls ("remember those killed when ..."), or told after one, without a new day."""
        above = {token.idx for token in head.ancestors}
        own = next((cue for cue in self._recalling(sentence) if self._touches(cue, above)), None)
        if own or self._fresh(sentence):
            return _judgement(own) if own else None
        for earlier in self.reading.sentences[: sentence.index][::-1]:
            if earlier.paragraph != sentence.paragraph or earlier.index in self.told:
                return None
            if recalls := self._recalling(earlier):
                return _judgement(recalls[0])
        return None

    def _recalling(self, sentence: Sentence) -> list[Match]:
        return [cue for cue in self.cues[sentence.index] if "recalls" in cue.entry.facts]

    def _fresh(self, sentence: Sentence) -> bool:
        """Does the sentence give a day of the last month, or one by another event ("the same day")?"""
        today, times = self.reading.report.published, self.times[sentence.index]
        return any(t.kind == "anchored" or bool(today and t.day and t.day > today - MONTH) for t in times)

    def _on_topic(self, cues: Iterable[Match]) -> Judgement | None:
        cue = topic_of_sentence(self.reading, cues)
        return _judgement(cue) if cue else None

    def _within_topic(self, sentence: Sentence, cues: Iterable[Match]) -> Judgement | None:
        """The topic of the report; but not for a dated or political sentence without a word of it."""
        if self.topic is None:
            return None
        dated = any(time.kind != "vague" for time in self.times[sentence.index])
        on_topic = any(_rule(cue) == self.topic.rule for cue in cues)
        if not on_topic and (_political(cues) or (dated and sentence.index > 0)):
            return None
        return None if self._fresh(sentence) and self.topic.status is Status.BACKGROUND else self.topic


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


# -- times -----------------------------------------------------------------------------------------------------------


def _is_old(time: Time, today: date) -> bool:
    return time.kind != "anchored" and time.last is not None and time.last < today - OLD


def _in(span: Span, starts: Iterable[int]) -> bool:
    return any(span.start <= at < span.end for at in starts)
