"""Which words of a sentence are those of one mention: its own clause, and whether two mentions are one statement.

In:  a Frame, a span of its sentence, the Reading. Out: yes or no.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from tocsin.code.clauses import clause, first_of_row
from tocsin.code.frames import Frame
from tocsin.model import Span
from tocsin.read.reader import Reading

ARGUMENTS = {"nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "obl:agent", "agent"}


def says(frame: Frame, spans: tuple[Span, ...], reading: Reading) -> bool:
    """Does one of the spans stand in the clause of the mention itself, not in another clause of the sentence?"""
    own = [Span(token.idx, token.idx + len(token)) for token in clause(reading.head(frame.span))]
    return any(word.overlaps(span) for word in own for span in spans)


def is_one_statement(one: Frame, other: Frame, reading: Reading) -> bool:
    """'The raid left nine dead', 'a tué neuf personnes lors d'une attaque': the noun is what the verb is said of."""
    first, second = reading.head(one.span), reading.head(other.span)
    return first == second or first in _arguments(second) or second in _arguments(first)


def _arguments(verb: Token) -> Iterator[Token]:
    for child in first_of_row(verb).children if verb.pos_ == "VERB" else ():
        if child.dep_ in ARGUMENTS:
            yield child
