"""Which time expression dates which event, and which times and places are those of the speaking.

In:  a Reading, the places mentioned in it.
Out: the times that may date an event, for a trigger the one that belongs to it; the places, speakers' set aside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from tocsin.model import PlaceMention, Span, Time
from tocsin.read.reader import Reading, Sentence
from tocsin.read.speech import Speech

AFTER_SPEECH = 28  # characters after a verb of speech within which a time is that of the speaking
SPEAKER = 120  # characters that a speaker and the verb may take: "a prosecutor in nearby X, who was there, said"
POSSESSED = 30  # characters from "Sunday's" to the noun that it dates
STEP = 25  # characters that weigh as much as one step in the parse
DATELINE = re.compile(r"[^\n.]{2,50}?\s[-–—]{1,2}\s")  # "BAMAKO, Mali, Aug 11 - "
MISS = 6  # steps for two words that the parse does not connect within the sentence


def event_times(reading: Reading) -> tuple[Time, ...]:
    """All times but the dateline's and those of the speaking: 'police said on Monday', 'a-t-on appris mercredi'."""
    verbs = [speech.verb for speech in reading.speech if speech.verb]
    dateline = DATELINE.match(reading.text)
    body = dateline.end() if dateline else 0
    return tuple(t for t in reading.times if t.span.start >= body and not _of_speech(reading, t, verbs))


def _of_speech(reading: Reading, time: Time, verbs: Sequence[Span]) -> bool:
    if any(_follows(reading, verb, time.span) for verb in verbs):
        return True
    above = reading.head(time.span)
    above = above.head if above.dep_ in ("pobj", "npadvmod", "obl", "obl:mod", "nmod", "advmod", "prep") else above
    above = above.head if above.pos_ == "ADP" else above
    at = Span(above.idx, above.idx + len(above))
    return any(verb.overlaps(at) and not _parted(reading, time.span, verb) for verb in verbs)


def _parted(reading: Reading, span: Span, verb: Span) -> bool:
    """'killed nine on Saturday, a committee said': the comma keeps the day with what is said."""
    return span.end <= verb.start and "," in reading.text[span.end : verb.start]


def _follows(reading: Reading, verb: Span, span: Span) -> bool:
    """Does `span` come right after the verb of speech, with no other verb between?"""
    if not 0 <= span.start - verb.end <= AFTER_SPEECH or not _plain(reading.text[verb.end : span.start]):
        return False
    return span.start == verb.end or all(token.pos_ != "VERB" for token in reading.tokens(Span(verb.end, span.start)))


def event_places(reading: Reading, places: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    """The places, those where somebody spoke marked as elsewhere: 'a prosecutor in X said', 'a précisé à Paris'."""
    spoken = [_speaking(speech) for speech in reading.speech if speech.verb]
    return tuple(
        replace(place, rule=f"elsewhere.{place.rule}") if _is_speakers(reading, place, spoken) else place
        for place in places
    )


def _speaking(speech: Speech) -> tuple[int, int]:
    """From the speaker to the verb of speech, whichever stands first."""
    assert speech.verb is not None
    speaker = speech.speaker or speech.verb
    return min(speaker.start, speech.verb.start), max(speaker.end, speech.verb.end)


def _is_speakers(reading: Reading, place: PlaceMention, spoken: Sequence[tuple[int, int]]) -> bool:
    for start, end in spoken:
        if start <= place.span.start and place.span.end <= end and end - start <= SPEAKER:
            return True
        if _follows(reading, Span(start, end), place.span):
            return True
    return False


def _plain(between: str) -> bool:
    """Nothing but a few words of the same clause."""
    return not any(stop in between for stop in ',;:."«»“”') and " that " not in between and " que " not in between


def time_of(reading: Reading, times: Sequence[Time], span: Span, sentence: Sentence) -> Time | None:
    """The time that belongs to the words of `span`: a precise one before a vague one, then the nearest in the parse."""
    here = [t for t in times if sentence.span.covers(t.span) and not _is_anothers(reading, t, span)]
    if len(here) < 2:
        return here[0] if here else None
    head = reading.head(span)

    def cost(time: Time) -> tuple[int, float]:
        rank = (
            2 if time.kind == "vague" else 1 if (time.precision or 1) > 2 or time.relation in ("since", "until") else 0
        )
        characters = max(span.start - time.span.end, time.span.start - span.end, 0)
        return rank, _steps(head, reading.head(time.span)) + characters / STEP

    return min(here, key=cost)


def _is_anothers(reading: Reading, time: Time, span: Span) -> bool:
    """'after Saturday's attack': the day is that of the noun right behind it, not of the verb of its clause."""
    after = reading.text[time.span.end : time.span.end + 2]
    return after in ("'s", "’s") and not 0 <= span.start - time.span.end <= POSSESSED


def _steps(one: Token, other: Token) -> int:
    """Steps between two words of one sentence in the parse."""
    up = {token: steps for steps, token in enumerate([one, *one.ancestors])}
    for steps, token in enumerate([other, *other.ancestors]):
        if token in up:
            return steps + up[token]
    return MISS
