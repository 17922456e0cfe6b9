"""What the model sees in one report.

In:  the tokens of a report and their vectors, the heads.
Out: a `Sight`: any span of the text may be asked about, also those that rules found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from tocsin.finder.heads import ROLES, TAGS, Array, Heads, View, gap, paragraphs_between, softmax
from tocsin.finder.windows import Tokens
from tocsin.model import Span

LIKELY = 0.5  # a span is proposed where its tokens are more likely inside it than not
Probabilities = dict[str, float]


@dataclass(frozen=True)
class Sight:
    """Answers about one report. Probabilities are raw: they are calibrated where they are used."""

    text: str
    tokens: Tokens
    vectors: Array  # (tokens, width)
    tags: Array  # (tokens, tags): how likely a token is inside a span of each tag
    focus: Array  # (tokens,): how much a token says about the event of a span it is in
    heads: Heads
    _views: tuple[dict[Span, View], dict[Span, View]] = field(init=False, repr=False, default_factory=lambda: ({}, {}))

    @property
    def triggers(self) -> tuple[tuple[Span, float], ...]:
        """Where a mention of an event stands, codable or not, and how likely."""
        event, other = self.tags[:, TAGS.index("event")], self.tags[:, TAGS.index("other")]
        return tuple(self._runs(1 - (1 - event) * (1 - other)))

    @property
    def events(self) -> tuple[tuple[Span, float], ...]:
        """Where a mention of a codable event stands, and how likely."""
        return tuple(self._runs(self.tags[:, TAGS.index("event")]))

    def spans(self, role: str) -> tuple[tuple[Span, float], ...]:
        """Spans that have this role for some event, and how likely."""
        return tuple(self._runs(self.tags[:, TAGS.index(role)]))

    def event(self, span: Span) -> float:
        """How likely words of the span report a codable event."""
        return self.tagged("event", span)

    def tagged(self, tag: str, span: Span) -> float:
        """How likely a word of the span is one of those: reports an event, or has the role for whatever event."""
        first, last = self.tokens.of(span)
        return float(self.tags[first:last, TAGS.index(tag)].max()) if len(self.tokens) else 0.0

    def status(self, span: Span) -> Probabilities:
        """What the mention in this span is; "none" if there is none in it."""
        return _named(self.heads.statuses, self.heads.status(self._mention(span)))

    def kinds(self, span: Span) -> Probabilities:
        """Sub-event type of the event that the span tells; of the strongest one in it if it is long."""
        return _named(self.heads.kinds, self.heads.kind(self._mention(span)))

    def role(self, trigger: Span, span: Span) -> Probabilities:
        """What the span is to the event of the trigger. A span can have several roles; "none" is that it has no one."""
        one, other = self.tokens.of(trigger), self.tokens.of(span)
        between = gap(one, other), paragraphs_between(self.tokens, one, other)
        found = self.heads.role(self._asking(trigger), self._asked(span), *between)
        return {**_named(ROLES, found), "none": float(np.prod(1 - found))}

    def same(self, one: Span, other: Span) -> float:
        """How likely two triggers tell the same event."""
        a, b = self.tokens.of(one), self.tokens.of(other)
        between = gap(a, b), paragraphs_between(self.tokens, a, b)
        return self.heads.same(self._mention(one), self._mention(other), *between)

    def _asking(self, span: Span) -> View:
        if span not in self._views[0]:
            self._views[0][span] = self.heads.asking(self._mention(span))
        return self._views[0][span]

    def _asked(self, span: Span) -> View:
        if span not in self._views[1]:
            self._views[1][span] = self.heads.asked(self._mean(span))
        return self._views[1][span]

    def _mention(self, span: Span) -> Array:
        """The vector of a span, led by the tokens that say most about an event."""
        first, last = self.tokens.of(span)
        found: Array = softmax(self.focus[first:last]) @ self.vectors[first:last]
        return found

    def _mean(self, span: Span) -> Array:
        first, last = self.tokens.of(span)
        found: Array = self.vectors[first:last].mean(axis=0)
        return found

    def _runs(self, likely: Array) -> Iterator[tuple[Span, float]]:
        """Rows of whole words whose tokens are likely, within a paragraph, with their mean probability."""
        last = 0
        for first in np.flatnonzero(likely > LIKELY).tolist():
            if first < last:
                continue
            last = first + 1
            while last < len(likely) and likely[last] > LIKELY and self._joined(last):
                last += 1
            yield self._words(first, last), float(likely[first:last].mean())

    def _joined(self, token: int) -> bool:
        return self.tokens.paragraphs[token] == self.tokens.paragraphs[token - 1]

    def _words(self, first: int, last: int) -> Span:
        """The span of the tokens, grown to whole words."""
        start, end = self.tokens.starts[first], self.tokens.ends[last - 1]
        while start > 0 and self.text[start - 1].isalnum() and self.text[start].isalnum():
            start -= 1
        while end < len(self.text) and self.text[end].isalnum() and self.text[end - 1].isalnum():
            end += 1
        return Span(start, end)


def _named(names: tuple[str, ...], values: Array) -> Probabilities:
    return {name: float(value) for name, value in zip(names, values, strict=True)}
