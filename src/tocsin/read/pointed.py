"""Count people whom a trained model, not a word of the lists, says died.

In:  a parsed spaCy Doc, its numbers, its language; spans of its text that tell of dead.
Out: a `Count` for each span at whose start people are counted ("six men", "un berger"); its rule is "model.<form>".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacy.tokens import Doc

from tocsin.model import Count, Number, Span
from tocsin.read.count_words import load_lexicon
from tocsin.read.people import People, Scene

BEFORE = 2  # tokens that may stand between a number and the words marked: "a dozen old | fishermen"


def pointed(doc: Doc, numbers: Sequence[Number], lang: str, text: str, spans: Iterable[Span]) -> Iterator[Count]:
    """The dead of the spans, in their order; those of whom no number is told are left out."""
    scene = Scene(doc, numbers, load_lexicon(lang), text)
    for span in spans:
        people = _people(scene, scene.token(span.start))
        if people and (people.form == "singular" or (people.number and people.number.rule != "none")):
            number = people.number or Number(span, 1, 1, 1, "singular")
            start = min(scene.starts[people.first], number.span.start) if people.number else scene.starts[people.first]
            end = max(scene.end(people.last), number.span.end) if people.number else scene.end(people.last)
            yield Count(Span(start, end), "killed", number, f"model.{people.form}", None, scene.side(people))


def _people(scene: Scene, first: int) -> People | None:
    """The people named from a token on, with a number that stands right before it."""
    near = (scene.number_at.get(i) for i in range(first, max(-1, first - BEFORE - 1), -1))
    number = next((found for found in near if found), None)
    return scene.starting(scene.token(number.span.start) if number else first)
