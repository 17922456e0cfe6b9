"""Finds the time expressions of a text and says which days they mean.

In: text, language, publication date. Out: `Time` values in the order of the text, none overlapping another.
What the words are is data (`data/dates_<language>.toml`); what they mean is `dates_resolve`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from tocsin.fold import fold
from tocsin.model import Span, Time
from tocsin.read.dates_load import ALIASES, Lexicon, Rule, lexicon
from tocsin.read.dates_resolve import RESOLVERS, WEEK, Context, Meaning

LOOK_BACK = 48  # characters before an expression in which its preposition can begin
NEAR = 300  # characters for which a named month stays what the text talks about
REVIEW_DAYS = 6  # a text that names so many days of the week tells a week: the day of publication is then a week ago
LOOK_HOUR = 28  # characters around a night in which its hour can stand
NO_DATE = "no-publication-date"
NEVER = date(1900, 1, 1)  # stands in for a publication date while a complete date is computed
WORD = re.compile(r"\w+")
JOIN = re.compile(r"[ ,;(]{1,3}")
BROKEN_NUMBER = re.compile(r"(?:\d[.,:/-]|[$€£#])$")
SLOT = re.compile(r"([a-z]+)(\d?)")
Relation = Literal["at", "since", "until", "before", "after"]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with what is needed to read it."""

    text: str
    folded: str
    words: Lexicon
    published: date | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A template of a rule that matches at one place."""

    rule: Rule
    match: re.Match[str]


def find_times(text: str, lang: str, published: date | None) -> tuple[Time, ...]:
    """The time expressions of `text`; nothing if the language has no data file.

    Without a publication date only complete dates are resolved, the rest is vague with the rule "no-publication-date".
    """
    words = lexicon(lang)
    if words is None:
        return ()
    source = _Text(text, fold(text, lines=True), words, published)
    context = Context(published or NEVER)
    times: list[Time] = []
    done = 0
    for word in WORD.finditer(source.folded):
        if word.start() < done:
            continue
        for found in _candidates(source, word):
            if context.near and found.match.start() - context.near_at > NEAR:
                context = replace(context, near=None)
            read = _read(source, found, done, context)
            if read is not None:
                context = _remember(context, found, read)
                done = max([found.match.end(), *(time.span.end for time in read)])
                _add(times, read, source.folded)
                break
    return tuple(_review(times, published) if published else times)


def _candidates(source: _Text, word: re.Match[str]) -> list[_Found]:
    """The templates that match at a word, the longest first."""
    patterns = source.words.by_first.get("#" if word[0][0].isdigit() else word[0])
    if not patterns:
        return []
    found = [
        _Found(pattern.rule, match)
        for pattern in patterns
        if (match := pattern.regex.match(source.folded, word.start()))
    ]
    found = [one for one in found if _allowed(source, one)]
    return sorted(found, key=lambda one: -one.match.end())


def _allowed(source: _Text, found: _Found) -> bool:
    """What a template cannot say: the words before it, capital letters, words left out."""
    rule, start = found.rule, found.match.start()
    window = max(0, start - LOOK_BACK)
    if rule.precede and not rule.precede.search(source.folded, window, start):
        return False
    if rule.unless_precede and rule.unless_precede.search(source.folded, window, start):
        return False
    if source.folded[start].isdigit() and BROKEN_NUMBER.search(source.folded, max(0, start - 2), start):
        return False
    if rule.spelled and rule.spelled not in source.text[start : found.match.end()].lower():
        return False
    for name, value in found.match.groupdict().items():
        if value in rule.exclude:
            return False
        if value in source.words.capital and source.text[found.match.start(name)].islower():
            return False
    return True


def _read(source: _Text, found: _Found, done: int, context: Context) -> tuple[Time, ...] | None:
    """The times that a match means: none if it only looks like a date, None if it means nothing after all."""
    if found.rule.do == "ignore":
        return ()
    span, relation = _grow(source, found, done)
    slots = _slots(source.words, found)
    parts = _split(slots, found, span) if found.rule.do == "days" else [(slots, span)]
    if _is_late(source, span):
        context = replace(context, late_hour=True)
    times = []
    for values, part in parts:
        time = _time(source, found.rule, values, part, relation, context)
        if time is None:
            return None
        times.append(time)
    return tuple(times)


def _time(
    source: _Text, rule: Rule, slots: dict[str, int], span: Span, relation: Relation, context: Context
) -> Time | None:
    complete = {"year"} & slots.keys() or rule.do in ("anchored", "vague")
    if source.published is None and not complete:
        return Time(span, "vague", NO_DATE, relation=relation)
    meaning = RESOLVERS[rule.do](slots, rule.options, context)
    if meaning is None:
        return None
    relation = cast("Relation", rule.options.get("relation", relation))
    return _with_meaning(Time(span, meaning.kind, rule.id, relation=relation), meaning)


def _with_meaning(time: Time, meaning: Meaning) -> Time:
    return replace(
        time,
        day=meaning.day,
        first=meaning.first,
        last=meaning.last,
        precision=meaning.precision,
        offset_days=meaning.offset_days,
    )


def _slots(words: Lexicon, found: _Found) -> dict[str, int]:
    """The numbers in a match, by the common name of their slot: both "July" and "07" are a `month`."""
    slots = {}
    for name, value in found.match.groupdict().items():
        if value is None:
            continue
        kind, index = SLOT.fullmatch(name).groups()  # type: ignore[union-attr]
        table = words.values.get(kind)
        text = " ".join(value.split())
        slots[ALIASES.get(kind, kind) + index] = table[text] if table else int(re.match(r"\d+", value)[0])  # type: ignore[index]
        if kind == "few":
            slots["fuzzy"] = 1
    return slots


def _split(slots: dict[str, int], found: _Found, span: Span) -> list[tuple[dict[str, int], Span]]:
    """ "22, 23 and 24 August": one date for each day number, the last with the rest of the words."""
    match = found.match
    names = sorted((n for n in match.groupdict() if SLOT.fullmatch(n)[1] == "day" and match[n]), key=match.start)  # type: ignore[index]
    shared = {name: value for name, value in slots.items() if not name[-1].isdigit() and name not in ("day", "weekday")}
    parts = []
    start = span.start
    for name in names:
        index = SLOT.fullmatch(name)[2]  # type: ignore[index]
        own = {base: slots[base + index] for base in ("day", "weekday") if base + index in slots}
        end = span.end if name == names[-1] else match.end(name)
        parts.append((shared | own, Span(start, end)))
        start = _next_word(match.string, end)
    return parts


def _next_word(text: str, start: int) -> int:
    word = re.compile(r"\w+(?= |$)|\d").search(text, start)
    return word.start() if word else start


def _grow(source: _Text, found: _Found, done: int) -> tuple[Span, Relation]:
    """The match with its preposition ("since early on ...") and its part of day or hour ("..., around 2 a.m.")."""
    start, end = found.match.span()
    tail = source.words.tail.match(source.folded, end)
    if tail:
        end = tail.end()
    lead = source.words.lead.search(source.folded, max(done, start - LOOK_BACK), start)
    if lead is None:
        return Span(start, end), "at"
    relation = next((name for name, value in lead.groupdict().items() if value), "at")
    return Span(lead.start(), end), cast("Relation", relation)


def _is_late(source: _Text, span: Span) -> bool:
    """An hour of the evening before midnight stands in or beside the expression."""
    window = source.folded[max(0, span.start - LOOK_HOUR) : span.end + LOOK_HOUR]
    offset = min(span.start, LOOK_HOUR)
    before = re.split(r"[.!?] |\n", window[:offset])[-1]
    after = re.split(r"[.!?](?: |$)(?<![ap]\.m\. )|\n", window[offset:])[0]
    return bool(source.words.late.search(before + after))


def _remember(context: Context, found: _Found, read: tuple[Time, ...]) -> Context:
    """The context after an expression: a month named in the text, the last single day."""
    for time in read:
        if time.day is None:
            continue
        named = {"month", "nm", "mm", "month2", "mm2"} & {k for k, v in found.match.groupdict().items() if v}
        stated = {"year", "year2", "yy"} & {k for k, v in found.match.groupdict().items() if v}
        if (named and time.precision == 1) or stated:
            context = replace(context, near=time.day, near_at=time.span.end)
        if time.precision == 1:
            context = replace(context, last_day=time.day)
    return context


def _add(times: list[Time], read: tuple[Time, ...], folded: str) -> None:
    """Append, joining what says the same day twice: "yesterday, 22 February", "le lendemain dimanche"."""
    for time in read:
        last = times[-1] if times else None
        if last and JOIN.fullmatch(folded, last.span.end, time.span.start) and _same(last, time):
            better = time if time.precision == 1 and time.kind == "day" else last
            times[-1] = replace(better, span=Span(last.span.start, time.span.end))
        else:
            times.append(time)


def _same(a: Time, b: Time) -> bool:
    """Two neighbours are one time: one within the other, or one counted from an event and named as well."""
    if a.kind == "anchored" and b.kind == "day":
        return b.precision == 1 and b.rule.startswith("date.weekday")
    if a.day is None or b.day is None or a.first is None or a.last is None:
        return False
    return b.precision == 1 and a.first <= b.day <= a.last and a.rule != b.rule


def _review(times: list[Time], published: date) -> list[Time]:
    """In a review of the week, the name of the day of publication means that day a week before."""
    named = [time.rule in ("date.weekday", "date.night-to") and time.day is not None for time in times]
    if len({time.day for time, by_name in zip(times, named, strict=True) if by_name}) < REVIEW_DAYS:
        return times
    return [_week_before(t) if by_name and t.day == published else t for t, by_name in zip(times, named, strict=True)]


def _week_before(time: Time) -> Time:
    if time.day is None or time.first is None or time.last is None:
        return time
    return replace(time, day=time.day - WEEK, first=time.first - WEEK, last=time.last - WEEK, rule="date.review-day")
