"""Find numbers and vague quantities that may count people.

In:  a text and its language.
Out: `Number`s in order: "1,200", "soixante-dix-sept", "at least 37", "dozens", "entre 35 et 40", "nobody".
Numbers that date, measure, price or name something are left out. All words are in data/numbers_<lang>.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.model import Number, Span
from tocsin.toml import parse_toml

_YEAR = re.compile(r"(?:19|20)\d\d$")
_AFTER_YEAR = re.compile(r" [a-z]{4,}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language, compiled."""

    values: dict[str, int]
    scales: dict[str, int]
    phrases: dict[str, tuple[str, int]]  # folded phrase -> rule and value
    core: re.Pattern[str]
    piece: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    none: re.Pattern[str]
    unit_after: re.Pattern[str]
    name_before: re.Pattern[str]
    excluded: re.Pattern[str]
    joins: re.Pattern[str]
    between: tuple[str, str]
    shift: tuple[str, str]
    spread: str  # verbs before "from ... to" that make it a range
    decimal: str
    articles: frozenset[str]  # number words that are articles when they stand alone


def find_numbers(text: str, lang: str) -> tuple[Number, ...]:
    """All numbers of `text` that may count people, in order, without overlaps."""
    words, folded = load_words(lang), fold(text)
    excluded = [m.span() for m in words.excluded.finditer(folded) if m.end() > m.start()]
    cores = [n for n in _cores(folded, words) if not _excluded(n, folded, words, excluded)]
    found = [_bounded(n, folded, words) for n in _ranged(cores, folded, words)]
    nobody = [Number(Span(*m.span()), 0, 0, 0, "none") for m in words.none.finditer(folded)]
    return tuple(_without_overlaps([*nobody, *found]))


def every_number(text: str, lang: str) -> tuple[Number, ...]:
    """All numbers, whatever they count, without their bounds: kilometres, shares, attacks."""
    words, folded = load_words(lang), fold(text)
    return tuple(_ranged(list(_cores(folded, words)), folded, words))


def _without_overlaps(numbers: Iterable[Number]) -> Iterator[Number]:
    end = -1
    for number in sorted(numbers, key=lambda n: (n.span.start, -n.span.end)):
        if number.span.start >= end:
            yield number
            end = number.span.end


def _cores(text: str, words: Words) -> Iterator[Number]:
    """Digits, number words and vague words, without their bounds."""
    at = 0
    while match := words.core.search(text, at):
        number = _core(match, text, words)
        at = number.span.end if number else match.end()
        if number and match.group() not in words.articles:
            yield number


def _core(match: re.Match[str], text: str, words: Words) -> Number | None:
    start, end = match.span()
    if match["phrase"]:
        rule, value = words.phrases[match["phrase"]]
        high = value if rule in ("exact", "about") else None
        return Number(Span(start, end), value, None if rule == "several" else value, high, rule)
    value_end = _digits(match, text, words) if match["digits"] else _spelt(match.group(), words)
    if value_end is None:
        return None
    value, length = value_end
    return Number(Span(start, start + length), value, value, value, "exact")


def _digits(match: re.Match[str], text: str, words: Words) -> tuple[int, int] | None:
    """The value of digits with a scale behind them, and its length."""
    digits, scale = match["digits"], match["scale"]
    if "." in digits or "," in digits or " " in digits or "\u00a0" in digits:
        whole = re.fullmatch(r"\d{1,3}(?:[ .,]\d{3})+", digits)
        if whole and not (scale and digits.count(words.decimal)):
            value = float(re.sub(r"\D", "", digits))
        elif scale:
            value = float(digits.replace(words.decimal, "."))
        else:
            return None
    else:
        value = float(digits)
        after = text[match.end() : match.end() + 12]
        if _YEAR.match(digits) and not _AFTER_YEAR.match(after) and not scale:
            return None
    return round(value * words.scales.get(scale or "", 1)), len(match.group())


def _spelt(phrase: str, words: Words) -> tuple[int, int] | None:
    """The value of the longest run of number words at the start of `phrase`, and its length."""
    total, part, length = 0, None, 0
    for piece in words.piece.finditer(phrase):
        word = piece.group()
        if word in words.scales and words.scales[word] >= 1000:
            total, part = total + (part if part is not None else 1) * words.scales[word], 0
        elif word in words.scales:
            part = (part or 1) * words.scales[word]
        elif part is None or _adds(part, words.values[word]):
            part = (part or 0) + words.values[word]
        else:
            break
        length = piece.end()
    return (total + (part or 0), length) if length else None


def _adds(before: int, value: int) -> bool:
    """Whether "before value" is one number: "twenty one", "soixante-dix", "cent dix-huit"; not "two three"."""
    if before % 100 == 0:
        return value < 100
    last = before % 100
    return (last % 10 == 0 and last >= 20 and value < (20 if last in (60, 80) else 10)) or (
        last == 10 and 6 < value < 10
    )


def _excluded(number: Number, text: str, words: Words, excluded: list[tuple[int, int]]) -> bool:
    """Dates, hours, ages, distances, money, shares, magnitudes, names of roads and weapons."""
    start, end = number.span.start, number.span.end
    if any(a < end and start < b for a, b in excluded):
        return True
    before, after = text[max(0, start - 2) : start], text[end : end + 4]
    ranged = re.match(r"-\d", after) or re.search(r"\d-$", before)
    glued = re.match(r"-\w|['’]s\b|[.,]\d", after) or re.search(r"\w[-.,]?$", before)
    if glued and not ranged:
        return True
    return bool(words.unit_after.match(text, end) or words.name_before.search(text[max(0, start - 24) : start]))


def _ranged(cores: Iterable[Number], text: str, words: Words) -> Iterator[Number]:
    """Join "35 to 40", "entre 35 et 40"; leave "from 12 to 17" (a change) as two numbers."""
    last: Number | None = None
    for number in cores:
        if last is not None and (start := _range_start(last, number, text, words)) is not None:
            last = Number(Span(start, number.span.end), last.low, last.low, number.high or number.low, "range")
            continue
        if last is not None:
            yield last
        last = number
    if last is not None:
        yield last


def _range_start(first: Number, second: Number, text: str, words: Words) -> int | None:
    """Where the range of both numbers starts, or None if they are two."""
    gap = text[first.span.end : second.span.start]
    if len(gap) > 12 or first.low >= second.low or first.rule == "several":
        return None
    before = text[max(0, first.span.start - 24) : first.span.start]
    opening = re.search(rf"\b{words.between[0]} (?:\w+ )?$", before)
    if opening and gap.strip() == words.between[1]:
        return first.span.start - len(before) + opening.start()
    shift = re.search(rf"\b(?P<spread>(?:{words.spread}) )?(?:{words.shift[0]}) $", before)
    changed = shift and not shift["spread"] and gap.strip() == words.shift[1]
    return first.span.start if words.joins.fullmatch(gap) and not changed else None


def _bounded(number: Number, text: str, words: Words) -> Number:
    """Add "at least", "up to", "about" before or after the number."""
    if number.rule == "several":
        return number
    start, end = number.span.start, number.span.end
    head = text[max(0, start - 30) : start]
    if match := words.before.search(head):
        rule, start = str(match.lastgroup), start - len(head) + match.start()
    elif match := words.after.match(text, end):
        rule = str(match.lastgroup)
        end = end + len(match.group()) if not match["noun"] else end
    else:
        return number
    return _with_bound(replace(number, span=Span(start, end)), rule)


def _with_bound(number: Number, rule: str) -> Number:
    if rule == "up_to":
        return replace(number, low=0, best=None, high=number.high or number.low, rule=rule)
    if number.rule not in ("exact", "about"):
        return number
    return replace(number, high=None if rule == "at_least" else number.high, rule=rule)


@cache
def load_words(lang: str) -> Words:
    """The number words of one language, checked and compiled."""
    path = f"data/numbers_{lang}.toml"
    source = resources.files(__package__).joinpath(path).read_text(encoding="utf-8")
    data = parse_toml(source, path)
    for table in ("words", "scales", "fixed", "about_fixed"):
        for word, value in data.get(table, {}).items():
            if not isinstance(value, int) or fold(word) != word:
                line = next(
                    (i for i, text in enumerate(source.splitlines(), 1) if text.strip(' "').startswith(word)), 1
                )
                raise DataError(f"{path}:{line}: found {word!r} = {value!r}, expected a folded word and a whole number")
    return _compiled(data)


def _compiled(data: dict[str, Any]) -> Words:
    phrases = {phrase: ("exact", value) for phrase, value in data["fixed"].items()}
    phrases |= {phrase: ("about", value) for phrase, value in data["about_fixed"].items()}
    phrases |= {word: (rule, entry["value"]) for rule, entry in data["vague"].items() for word in entry["words"]}
    phrases |= dict.fromkeys(data["several"]["words"], ("several", 2))
    values, scales, exclude = data["words"], data["scales"], data["exclude"]
    word = _either([*values, *scales])
    joiner = _either(data["joiners"])
    signs = data["groups"].replace(" ", "\\s")
    digits = rf"\d{{1,3}}(?:[{signs}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)?"
    spelt = rf"{word}(?:(?:{joiner}){word}(?!\w))*"
    scaled = rf"(?P<digits>{digits})(?: (?P<scale>{_either(scales)}))?"
    core = rf"(?<!\w)(?:(?P<phrase>{_either(phrases)})|{scaled}|{spelt})(?!\w)"
    ranges = data["ranges"]
    return Words(
        values,
        scales,
        phrases,
        re.compile(core),
        re.compile(rf"(?<!\w){word}(?!\w)"),
        re.compile(rf"(?<!\w)(?:{_bounds(data['before'])})(?: the| the total of| some| quelque)?(?:(?<=')|\s)$"),
        re.compile(rf"(?P<noun>(?: [\w'-]+){{0,2}}?),? (?:{_bounds(data['after'])})(?!\w)"),
        re.compile(_from_word_starts(data["none"]["patterns"])),
        re.compile(rf"[ -]?(?:{'|'.join(exclude['after'])})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{'|'.join(exclude['before'])})\s?$"),
        re.compile(_from_word_starts(exclude["patterns"]), re.M),
        re.compile(rf" ?(?:{_either(ranges['joins'])}) ?"),
        tuple(ranges["between"]),
        tuple(ranges["shift"]),
        "|".join(ranges["spread"]),
        data["decimal"],
        frozenset(data["articles"]),
    )


def _from_word_starts(patterns: Iterable[str]) -> str:
    """Any of the patterns, none tried within a word, which is much faster."""
    return rf"(?<![a-z])(?! )(?:{'|'.join(patterns)})"


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


def _bounds(table: dict[str, list[str]]) -> str:
    return "|".join(f"(?P<{rule}>{_either(words)})" for rule, words in table.items())
