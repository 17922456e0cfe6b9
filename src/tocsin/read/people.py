"""Find the people that a piece of a sentence names, and how many they are.

In:  a spaCy Doc with its numbers, and the word lists of its language (data/counts_<lang>.toml).
Out: `People`: "seven attackers", "a 22-year-old", "trois de ses hommes", "the driver", each with a number or without.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from tocsin.fold import fold
from tocsin.model import Number, Side, Span
from tocsin.read.count_words import SIDES, Lexicon, Trigger, side_of

Form = Literal["number", "singular", "definite", "named", "pronoun", "plural"]
NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
OF = frozenset({"of", "de", "d'", "des"})
# fmt: off
_PLAIN = frozenset({  # determiners without a number
    "the", "its", "their", "his", "her", "our", "my", "les", "ses", "leurs", "nos", "ces", "des", "these", "those",
    "du",
})
# fmt: on
_ENDS = re.compile(r"[.!?…:;\"'»”’)\]\-–—\n]\s*$")  # only behind these a sentence can begin
_QUOTES = frozenset("\"'()[]*«»")


@dataclass(frozen=True, slots=True)
class People:
    """Tokens `first` up to and including `last`; `head` is the noun, or the number if there is no noun."""

    first: int
    head: int
    last: int
    form: Form
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger in the text: tokens `first` to `last`."""

    trigger: Trigger
    first: int
    last: int


def _openings(doc: Doc) -> list[int]:
    """The tokens that open a sentence; what the parser cuts off behind a comma or a word is still the same one."""
    begins = [sentence.start for sentence in doc.sents]
    return [i for n, i in enumerate(begins) if not n or _ENDS.search(doc[i - 1].text_with_ws) is not None] or [0]


class Scene:
    """A Doc with its folded text, its numbers by token, and its word lists."""

    def __init__(self, doc: Doc, numbers: Sequence[Number], lexicon: Lexicon, text: str | None = None) -> None:
        self.doc, self.lexicon = doc, lexicon
        self.text = fold(doc.text if text is None else text)
        rows = doc.to_array(["IDX", "LENGTH", "POS"]).tolist()  # much faster than asking token by token
        nominal = {doc.vocab.strings[name] for name in NOMINAL}
        self.starts: list[int] = [start for start, _, _ in rows]
        self.forms = [self.text[start : start + length] for start, length, _ in rows]
        self.nominal = [
            pos in nominal or self.side_of(form) in SIDES for (_, _, pos), form in zip(rows, self.forms, strict=True)
        ]
        self.opens = _openings(doc)
        self.number_at: dict[int, Number] = {}
        for number in numbers:
            for i in range(self.token(number.span.start), self.token(number.span.end - 1) + 1):
                self.number_at[i] = number

    def token(self, offset: int) -> int:
        """The token at a character."""
        return max(0, bisect_right(self.starts, offset) - 1)

    def end(self, i: int) -> int:
        return self.starts[i] + len(self.forms[i])

    def start(self, i: int) -> int:
        """The first token of the sentence of token `i`."""
        return self.opens[bisect_right(self.opens, i) - 1]

    def chars(self, i: int) -> tuple[int, int]:
        """Where the sentence of token `i` starts and ends, in characters."""
        n = bisect_right(self.opens, i)
        last = self.opens[n] if n < len(self.opens) else len(self.forms)
        return self.starts[self.opens[n - 1]], self.end(last - 1)

    def is_(self, what: str, i: int) -> bool:
        return 0 <= i < len(self.forms) and self.lexicon.around[what].fullmatch(self.forms[i]) is not None

    def after(self, number: Number) -> int:
        return self.token(number.span.end - 1) + 1

    def starting(self, i: int) -> People | None:
        """The people named from token `i` on, after adverbs and quotation marks."""
        i = self._skip(i)
        if i >= len(self.forms):
            return None
        number = self.number_at.get(i)
        if number:
            return self._numbered(i, number) if number.rule != "none" else None
        if self.is_("pronouns_one", i) and not self._owns(i):
            return People(i, i, i, "pronoun")
        determined = self.is_("indefinite", i) or self.is_("definite", i) or self.forms[i] in _PLAIN
        first = i + 1 if determined else i
        if determined and (inner := self.number_at.get(first)):
            return self._numbered(i, inner) if inner.rule != "none" else None
        run = self._run(first)
        if not run:
            return None
        return self._described(i, run)

    def _owns(self, i: int) -> bool:
        """ "her two daughters", "her son": a pronoun that says whose."""
        known = i + 1 < len(self.forms) and self.side_of(self.forms[i + 1]) in SIDES
        return self.forms[i] in _PLAIN and (i + 1 in self.number_at or known)

    def _skip(self, i: int) -> int:
        stop = min(len(self.forms), i + 4)
        while i < stop and i not in self.number_at and self._skipped(i):
            i += 1
        return i

    def _skipped(self, i: int) -> bool:
        """Quotation marks, adverbs, a day put between: "ont exécuté samedi 6 le maire"."""
        date = i > 0 and self.forms[i].isdigit() and self.is_("weekday", i - 1)
        return self.forms[i] in _QUOTES or self.is_("skip", i) or self.is_("weekday", i) or date

    def _numbered(self, first: int, number: Number) -> People:
        """A number with the noun behind it, if there is one: "nine", "nine (9) men", "five of its men"."""
        i = last = self.after(number) - 1
        i += 1
        while i < len(self.forms) and self._between(i):
            i += 1
        run = self._run(i)
        head = self._head(run) if run else last
        return People(first, head, run[-1] if run else last, "number", number)

    def _between(self, i: int) -> bool:
        """What may stand between a number and its noun: "of its", quotation marks, "(9)"."""
        form, before = self.forms[i], self.forms[i - 1]
        repeated = form.isdigit() and before == "("
        possessive = form in _PLAIN and before in OF
        return form in OF or form in _QUOTES or repeated or possessive

    def _run(self, i: int) -> list[int]:
        """Nouns and adjectives in a row."""
        run: list[int] = []
        while i < len(self.forms) and len(run) < 8:
            hyphen = self.forms[i] == "-" or (self.forms[i] in _QUOTES and self.forms[i] not in "()" and not run)
            participle = (
                self.doc[i].tag_ in ("VBN", "VBG")
                and i + 1 < len(self.forms)
                and self.nominal[i + 1]
                and not self.triggered(i)
            )
            prefix = not run and self.forms[i + 1 : i + 2] == ["-"] and self.doc[i].pos_ in ("ADP", "ADV")  # "off-duty"
            if (
                not (self.nominal[i] or hyphen or participle or prefix)
                or self.is_("auxiliary", i)
                or (run and i in self.number_at)
            ):
                break
            if run and self.triggered(i) and (self.lexicon.head_first or self.doc[i].pos_ != "NOUN"):
                break
            run.append(i)
            i += 1
        while run and not self.nominal[run[-1]]:
            run.pop()
        return run

    def triggered(self, i: int) -> bool:
        return self.lexicon.pattern.fullmatch(self.forms[i]) is not None

    def _head(self, run: list[int]) -> int:
        nouns = [i for i in run if self.doc[i].pos_ in ("NOUN", "PROPN")] or run
        listed = [i for i in nouns if self.side_of(self.forms[i]) != "unknown"]
        if self.lexicon.head_first:
            return (listed or nouns)[0]
        return nouns[-1] if nouns[-1] in listed or not listed else listed[-1]

    def _described(self, first: int, run: list[int]) -> People | None:
        """People without a number: "a man", "the driver", "soldiers", "Captain Nasser"."""
        head = self._head(run)
        if self.is_("things", head) and not self.is_("leader", head):
            return None
        token = self.doc[head]
        form: Form
        if self.is_("indefinite", first):
            form = "singular"
        elif token.pos_ == "PROPN" and not self.is_plural(head):
            form = "named"
        elif self.is_("ordinal", head) or (first + 1 < head and self.is_("ordinal", first + 1)):
            form = "singular"
        elif self.is_("definite", first) or self.forms[first] in _PLAIN:
            form = "definite" if not self.is_plural(head) or self.is_("pair", head) else "plural"
        else:
            form = "plural" if self.is_plural(head) else "named"
        return People(first, head, run[-1], form)

    def is_plural(self, i: int) -> bool:
        form, number = self.forms[i], self.doc[i].morph.to_dict().get("Number")
        if form in ("people", "men", "women", "children", "police", "troops", "policemen", "gens"):
            return True
        if self.lexicon.head_first and i and self.forms[i - 1] in ("les", "des", "ses", "leurs", "ces", "nos", "aux"):
            return True
        return number == "Plur" if number else form.endswith("s")

    def at(self, head: int) -> People | None:
        """The people whose noun is token `head`: look left for its number or article."""
        first = head
        while first > 0 and head - first < 8:
            i = first - 1
            if i in self.number_at or self.is_("indefinite", i) or self.is_("definite", i) or self.forms[i] in _PLAIN:
                first = i
                if i in self.number_at:
                    break
                if i - 1 not in self.number_at:
                    break
            elif (self.forms[i] in OF and i - 1 in self.number_at) or (
                self.nominal[i]
                or self.forms[i] in _QUOTES
                or self.doc[i].tag_ in ("VBN", "VBG")
                or self.forms[i] == "-"
            ):
                first = i
            else:
                break
        return self._from_left(first, head)

    def _from_left(self, first: int, head: int) -> People | None:
        number = next((self.number_at[i] for i in range(first, head + 1) if i in self.number_at), None)
        if number:
            start = self.token(number.span.start)
            if number.rule == "none":
                return None
            if head != self.after(number) - 1 and self.is_("things", head):
                return None
            return People(min(first, start) if first >= start else start, head, head, "number", number)
        if self.is_("pronouns_one", head):
            return People(head, head, head, "pronoun")
        if not self.nominal[head] or self.is_("pronouns_many", head):
            return None
        while first < head and (self.forms[first] in _QUOTES or self.forms[first] == "-"):
            first += 1
        return (
            self._described(first, list(range(first, head + 1))[-1:] if self.lexicon.head_first else [head])
            if first <= head
            else None
        )

    def side_of(self, form: str) -> Side | Literal["unknown"] | None:
        return side_of(form, self.lexicon.lang)

    def side(self, people: People) -> Side | None:
        """Attackers, state or civilians, by the noun and then by the words around it; None: people in general."""
        if people.head != people.first or people.number is None:
            side = self.side_of(self.forms[people.head])
            if side in SIDES:
                return side
        stop = people.last + 1
        for _ in range(5):
            if stop >= len(self.forms) or self.doc[stop].pos_ in ("VERB", "AUX", "CCONJ", "PUNCT", "SCONJ", "PRON"):
                break
            stop += 1
        words = [self.forms[i] for i in (*range(people.last, people.first - 1, -1), *range(people.last + 1, stop))]
        found = next((side for word in words if (side := self.side_of(word)) in SIDES), None)
        return found or self._side_before(people)

    def _side_before(self, people: People) -> Side | None:
        """ "Of the attackers, fourteen corpses", "dans les rangs des soldats, trois morts"."""
        clause = re.split(r"[;:.]", self.text[max(0, self.starts[people.first] - 60) : self.starts[people.first]])[-1]
        match = re.search(self.lexicon.around["among"].pattern + r"(?: |(?<='))([\w-]+)", clause)
        side = self.side_of(match[1]) if match else None
        return side if side in SIDES else None

    def who(self, people: People) -> Span | None:
        if people.number and self.starts[people.head] < people.number.span.end:
            return None
        return Span(self.starts[people.head], self.end(people.last))
