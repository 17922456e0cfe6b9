"""Did it happen? The status of one mention of an event.

In:  a Reading and the words that mention the event.
Out: a Status and the rule that gave it. The cues are data: data/cues_<lang>.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from tocsin.code.lexicon import Match, load
from tocsin.model import Span, Status
from tocsin.read.reader import Reading, Sentence

NEAR = 3  # words before the event in which a "before" cue counts
CLIMB = 4  # steps up the parse in which a governing verb is looked for
FUTURE = {"will", "shall", "'ll", "wo"}
MODAL = {"would", "could", "may", "might", "should", "can", "must", "ca"}
NOT = {"not", "n't", "never", "neither", "nor", "pas", "jamais", "nul", "nulle", "aucun", "aucune", "point", "no", "without", "sans"}
NOMINAL = {"nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "pobj", "obl:arg"}
HAPPENING_GOVERNORS = {
    "begin", "start", "continue", "manage", "come", "go", "try", "attempt", "appear", "seem", "happen", "force", "help", "lead",
}  # "began to shoot", "tried to storm" happened; other infinitives are aims


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
        self.cues: dict[int, list[Match]] = defaultdict(list)
        for match in load(reading.lang, "cues").find(reading.words):
            self.cues[reading.sentence_at(match.span.start).index].append(match)

    def judge(self, trigger: Match, sentence: Sentence) -> Judgement:
        """The first of: negation, mood, governing words, words of the sentence; else it happened."""
        head = self.reading.head(trigger.span)
        cues = self.cues[sentence.index]
        for found in (
            _negated(head, trigger.span),
            _mood(head),
            self._governed(head, trigger, cues),
            _in_scope(cues, "clause", Span(sentence.span.start, trigger.span.start), gap=60),
            _in_scope(cues, "sentence", sentence.span),
        ):
            if found:
                return found
        return Judgement(Status.HAPPENED, "status.happened")

    def _governed(self, head: Token, trigger: Match, cues: Iterable[Match]) -> Judgement | None:
        above = {token.idx for token in _governors(head)}
        for cue in cues:
            facts = cue.entry.facts
            if "governor" in facts and not cue.span.overlaps(trigger.span) and _starts(cue.span, above, self.reading):
                return _judgement(cue)
            if "before" in facts and cue.span.end <= trigger.span.start and trigger.first - cue.last <= NEAR:
                between = self.reading.text[cue.span.end : trigger.span.start]
                if not any(stop in between for stop in ",;:.—–"):
                    return _judgement(cue)
        return None


def _judgement(cue: Match) -> Judgement:
    return Judgement(Status(cue.entry.tactic), f"status.{cue.entry.id}", cue.span)


def _starts(span: Span, above: set[int], reading: Reading) -> bool:
    return any(token.idx in above for token in reading.tokens(span))


def _governors(head: Token) -> Iterable[Token]:
    """Words above `head` in the parse, up to the main verb; a relative clause or a co-ordination ends the climb."""
    for _ in range(CLIMB):
        if head.dep_ in ("ROOT", "conj", "relcl", "acl:relcl", "parataxis", "advcl") or head.head == head:
            return
        head = head.head
        yield head


def _negated(head: Token, span: Span) -> Judgement | None:
    for child in head.children:
        if child.lower_ in NOT and (child.dep_ in ("neg", "advmod", "det") or child.lower_ in ("aucun", "aucune", "no")):
            return Judgement(Status.DENIED, "status.negated", Span(child.idx, child.idx + len(child)))
    return None


def _mood(head: Token) -> Judgement | None:
    """Future, modal or infinitive: of the verb itself, or of the verb whose subject or object the noun is."""
    verb = head
    while verb.pos_ not in ("VERB", "AUX") and verb.dep_ in NOMINAL and verb.head is not verb:
        verb = verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    for child in verb.children:
        if child.dep_.startswith("aux") and child.i < verb.i:
            span = Span(child.idx, child.idx + len(child))
            if child.lower_ in FUTURE or child.morph.get("Tense") == ["Fut"]:
                return Judgement(Status.PLANNED, "status.future", span)
            if child.lower_ in MODAL:
                return Judgement(Status.HYPOTHETICAL, "status.modal", span)
    if verb.morph.get("Tense") == ["Fut"]:
        return Judgement(Status.PLANNED, "status.future", Span(verb.idx, verb.idx + len(verb)))
    if verb.tag_ == "VB" and any(child.lower_ == "to" for child in verb.children):
        if verb.head.lemma_.lower() not in HAPPENING_GOVERNORS:
            return Judgement(Status.HYPOTHETICAL, "status.infinitive", Span(verb.idx, verb.idx + len(verb)))
    return None


def _in_scope(cues: Iterable[Match], scope: str, span: Span, gap: int | None = None) -> Judgement | None:
    for cue in cues:
        if scope in cue.entry.facts and span.covers(cue.span) and (gap is None or span.end - cue.span.end <= gap):
            return _judgement(cue)
    return None
