"""Find what is said by somebody: quotations and reported speech.

In:  a parsed spaCy Doc and its language.
Out: `Speech`es in the order of the text, each with its speaker, its verb and the stance of the verb, if told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from spacy.tokens import Doc, Token

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.model import Span
from tocsin.toml import read_toml

Stance = Literal["says", "claims", "denies", "threatens", "promises", "accuses", "asks", "warns", "hopes"]
STANCES: tuple[str, ...] = ("says", "claims", "denies", "threatens", "promises", "accuses", "asks", "warns", "hopes")
_CLOSING = {"“": "”", "«": "»", "„": "“", "‹": "›", "‘": "’"}
_CLAUSE = frozenset({"ccomp", "xcomp", "obj", "dobj"})
_LOOSE = frozenset({"relcl", "acl", "acl:relcl", "appos", "conj", "punct", "ccomp", "parataxis", "advcl"})
_OPENING = re.compile("[\"'" + "".join(_CLOSING) + "]")
_PARAGRAPH = re.compile(r"\n\s*\n")
_REACH = 90  # characters between a quotation and the verb that introduces it


@dataclass(frozen=True, slots=True)
class Speech:
    """What somebody said. `span` is the words said, without quotation marks."""

    span: Span
    kind: Literal["quote", "indirect"]
    speaker: Span | None = None
    verb: Span | None = None
    stance: Stance = "says"


@dataclass(frozen=True, slots=True)
class SpeechWords:
    verbs: re.Pattern[str]
    before: re.Pattern[str]
    conjunctions: frozenset[str]


@dataclass(frozen=True, slots=True)
class SaidBy:
    """A verb of speech in the text with its subject."""

    verb: Span
    stance: Stance
    token: Token
    speaker: Span | None


def find_speech(doc: Doc, lang: str, text: str | None = None) -> tuple[Speech, ...]:
    """All quotations and all reported speech outside them.

    `text` is the text of `doc`, if it is at hand: a Doc puts it together each time that it is asked.
    """
    words, text = load_speech(lang), doc.text if text is None else text
    folded, starts = fold(text), {at: i for i, at in enumerate(doc.to_array("IDX").tolist())}
    quotes = list(_quotes(text))
    said = [s for s in _verbs(doc, starts, folded, words) if not any(q.covers(s.verb) for q in quotes)]
    spoken = [
        *_quoted(text, quotes, said),
        *_reported(doc, said, words, quotes),
        *_attributed(doc, starts, folded, words, quotes),
    ]
    return tuple(sorted(set(spoken), key=lambda s: (s.span, s.kind, s.verb or s.span)))


def _quotes(text: str) -> Iterator[Span]:
    """The insides of quotation marks; a quotation may run over paragraphs that each open anew."""
    at = 0
    while opening := _OPENING.search(text, at):
        at, mark = opening.start(), opening[0]
        closing = '"' if mark == '"' else "'" if mark == "'" and _opens(text, at) else _CLOSING.get(mark)
        if closing is None or (mark == "‘" and not _opens(text, at)):
            at += 1
            continue
        end = _closed(text, at, mark, closing)
        if end is None:
            at += 1
            continue
        if inside := text[at + 1 : end].strip():
            start = text.index(inside, at + 1)
            yield Span(start, start + len(inside))
        at = end + 1


def _opens(text: str, at: int) -> bool:
    """Whether a sign that may be an apostrophe opens a quotation."""
    before = text[at - 1] if at else " "
    return not before.isalnum() and at + 1 < len(text) and text[at + 1].isalnum()


def _closed(text: str, start: int, mark: str, closing: str) -> int | None:
    """Where the quotation that opens at `start` ends."""
    depth = 0
    for at in range(start + 1, len(text)):
        sign = text[at]
        if sign == closing and not (closing in "'’" and (at + 1 < len(text) and text[at + 1].isalnum())):
            if depth == 0:
                return at
            depth -= 1
        elif sign == mark and mark != closing:
            depth += not text[:at].rstrip(" ").endswith("\n")
        elif sign == "\n" and (gap := _PARAGRAPH.match(text, at)):
            if text[gap.end() : gap.end() + 1] == mark and mark == closing:
                rest = _closed(text, gap.end(), mark, closing)
                return rest
            if text[gap.end() : gap.end() + 1] != mark:
                return at if closing not in "'’" else None
    return None


def _verbs(doc: Doc, starts: dict[int, int], folded: str, words: SpeechWords) -> Iterator[SaidBy]:
    for match in words.verbs.finditer(folded):
        token = doc[starts[match.start()]] if match.start() in starts else None
        if token is None or token.pos_ in ("NOUN", "PROPN", "ADP", "DET"):
            continue
        yield SaidBy(Span(*match.span()), cast("Stance", match.lastgroup), token, _subject(token))


def _subject(token: Token) -> Span | None:
    """The subject of a verb, or of the verb that it is joined to."""
    for verb in (token, token.head) if token.dep_ in ("conj", "xcomp", "advcl") else (token,):
        for child in verb.children:
            if child.dep_.startswith("nsubj"):
                return _phrase(child)
    return None


def _phrase(token: Token) -> Span:
    """The words of a noun phrase, without the clauses that hang on it."""
    inside = {token.i}
    for child in token.subtree:
        path, ok = child, True
        while path.i != token.i:
            ok = ok and path.dep_ not in (
                "relcl",
                "acl",
                "acl:relcl",
                "appos",
                "conj",
                "punct",
                "ccomp",
                "parataxis",
                "advcl",
            )
            path = path.head
        if ok:
            inside.add(child.i)
    first = last = token.i
    while first - 1 in inside:
        first -= 1
    while last + 1 in inside:
        last += 1
    doc = token.doc
    return Span(doc[first].idx, doc[last].idx + len(doc[last]))


def _quoted(text: str, quotes: list[Span], said: list[SaidBy]) -> Iterator[Speech]:
    """Quotations with the nearest verb of speech; a short piece in quotation marks without one is a mere term."""
    last: SaidBy | None = None
    end = -1
    for quote in quotes:
        near = _near(text, quote, said)
        if near is None and last and "\n" not in text[end : quote.start] and quote.start - end < 200:
            near = last  # "...", he said. "..."
        elif near is None and len(quote.of(text).split()) < 4:
            continue
        last, end = near, quote.end
        yield Speech(quote, "quote", near.speaker, near.verb, near.stance) if near else Speech(quote, "quote")


def _near(text: str, quote: Span, said: list[SaidBy]) -> SaidBy | None:
    """The verb of speech right after the quotation or right before it."""
    after = [
        s
        for s in said
        if 0 <= s.verb.start - quote.end <= _REACH and not re.search(r"[.\n]", text[quote.end + 1 : s.verb.start])
    ]
    if after:
        return after[0]
    before = [
        s
        for s in said
        if 0 <= quote.start - s.verb.end <= _REACH and not re.search(r"[.;\n]", text[s.verb.end : quote.start])
    ]
    return before[-1] if before else None


def _reported(doc: Doc, said: list[SaidBy], words: SpeechWords, quotes: list[Span]) -> Iterator[Speech]:
    """The clause that depends on a verb of speech, or the one before ", the army said"."""
    for one in said:
        span = _clause(doc, one, words)
        if span and not any(q.start - 2 <= span.start < q.end for q in quotes):
            yield Speech(span, "indirect", one.speaker, one.verb, one.stance)


def _clause(doc: Doc, one: SaidBy, words: SpeechWords) -> Span | None:
    token, sent = one.token, one.token.sent
    after = doc[token.i + 1] if token.i + 1 < sent.end else None
    if after is not None and fold(after.text) in words.conjunctions:
        return _trimmed(doc, after.i + 1, sent.end)
    for child in token.children:
        if child.dep_ in _CLAUSE and len(list(child.subtree)) > 2:
            inside = [t.i for t in child.subtree]
            return _trimmed(doc, max(inside[0], sent.start), inside[-1] + 1)
    start = min(one.speaker.start, one.verb.start) if one.speaker else one.verb.start
    comma = next((t.i for t in reversed(doc[sent.start : token.i]) if t.text == "," and t.idx <= start), None)
    if comma is not None and comma - sent.start > 3 and start - doc[comma].idx < 40:
        return _trimmed(doc, sent.start, comma)
    return None


def _trimmed(doc: Doc, first: int, end: int) -> Span | None:
    """Tokens `first` to `end` without the punctuation around them."""
    while first < end and (doc[first].is_punct or doc[first].is_space):
        first += 1
    while end > first and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    return Span(doc[first].idx, doc[end - 1].idx + len(doc[end - 1])) if end > first else None


def _attributed(
    doc: Doc, starts: dict[int, int], folded: str, words: SpeechWords, quotes: list[Span]
) -> Iterator[Speech]:
    """ "According to X, ...": the sentence is what X says."""
    for match in words.before.finditer(folded):
        token = doc[starts[match.start()]] if match.start() in starts else None
        if token is None or any(q.covers(Span(*match.span())) for q in quotes):
            continue
        noun = next(
            (t for t in doc[token.i + 1 : token.sent.end] if t.idx >= match.end() and t.pos_ in ("NOUN", "PROPN")), None
        )
        opens = token.i - token.sent.start < 2
        comma = next((t.i for t in doc[token.i : token.sent.end] if t.text == ","), token.sent.end)
        span = _trimmed(doc, comma, token.sent.end) if opens else _trimmed(doc, token.sent.start, token.i)
        if span:
            yield Speech(span, "indirect", _phrase(noun) if noun else None, Span(*match.span()))


@cache
def load_speech(lang: str) -> SpeechWords:
    """The words of speech of one language, checked and compiled."""
    path = resources.files(__package__).joinpath(f"data/speech_{lang}.toml")
    data = read_toml(path)
    for stance in data["verbs"]:
        if stance not in STANCES:
            raise DataError(f"{path}:1: found the stance {stance!r}, expected one of {', '.join(STANCES)}")
    verbs = "|".join(f"(?P<{stance}>{words})" for stance, words in data["verbs"].items())
    before = data["attribution"]["before"]
    return SpeechWords(
        re.compile(rf"(?<![\w'-])(?:{verbs})(?![\w'])"),
        re.compile(rf"(?<![\w'])(?:{before})(?!\w)"),
        frozenset(data["attribution"]["conjunctions"]),
    )
