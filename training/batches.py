"""Examples as the network takes them.

In:  Examples, the table of pieces.
Out: `Batch`es of tensors: windows, questions, right answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor

from tocsin.finder.heads import GAPS, PARAGRAPHS, ROLES, TAGS, bucket, gap, paragraphs_between
from tocsin.finder.pieces import Pieces
from tocsin.finder.windows import Tokens, tokens, windows
from tocsin.model import Span
from training.examples import NONE, Example, Mention
from training.network import Questions

TOKENS = 1200  # in a batch, about
ROOM = 1.2  # how much longer the longest window laid together is than the shortest
PAIRS = 1200  # of a mention and a span in one example at most; those without a role are drawn
UNKNOWN = -100  # a class that is not known, as torch's cross entropy skips it
SHORT = 4  # words of the piece that is taken from a long span beside it, so that length tells nothing


@dataclass(frozen=True, slots=True)
class Classes:
    """The names of the classes in the order of the outputs."""

    statuses: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Batch:
    """Tensors of some examples. `known_tags` is 1 for tokens of texts that are marked throughout, `known_roles` for the
    roles that were looked for; else 0."""

    windows: list[tuple[Tensor, Tensor]]  # ids (windows, length) and lengths, windows of like length together
    places: Tensor  # of the tokens of the texts in the flattened windows
    questions: Questions
    tags: Tensor
    known_tags: Tensor
    status: Tensor
    kind: Tensor
    role: Tensor
    known_roles: Tensor
    same: Tensor


def batches(examples: Sequence[Example], pieces: Pieces, classes: Classes, random: Random) -> Iterator[Batch]:
    """All examples once, in random order."""
    order = list(examples)
    random.shuffle(order)
    made = Maker(pieces, classes, random)
    for one in order:
        made.add(one)
        if made.size >= TOKENS:
            yield made.batch()
            made = Maker(pieces, classes, random)
    if made.size:
        yield made.batch()


class Maker:
    """Collects examples for one batch."""

    def __init__(self, pieces: Pieces, classes: Classes, random: Random) -> None:
        self.pieces, self.classes, self.random = pieces, classes, random
        self.size = 0
        self.windows: list[tuple[tuple[int, ...], int, int]] = []  # ids, offset, tokens
        self.tags: list[Tensor] = []
        self.known_tags: list[Tensor] = []
        self.mentions: list[tuple[int, int]] = []
        self.classes_of: list[tuple[int, int]] = []  # status, kind
        self.spans: list[tuple[int, int]] = []
        self.roles: list[tuple[int, int, int, int]] = []
        self.role_answers: list[tuple[list[float], list[float]]] = []
        self.sames: list[tuple[int, int, int, int]] = []
        self.same_answers: list[float] = []

    def add(self, one: Example) -> None:
        found = tokens(one.text, self.pieces)
        if not len(found):
            return
        for window in windows(one.text, found, self.pieces, title=one.title, published=one.published):
            self.windows.append((window.ids, window.offset, window.last - window.first))
        self._tag(one, found)
        asked = self._ask(one, found)
        self._pair_roles(one, found, asked)
        self._pair_same(found, asked)
        self.size += len(found)

    def _tag(self, one: Example, found: Tokens) -> None:
        tags = torch.zeros(len(found), len(TAGS))
        for mention in one.mentions:
            if mention.tagged:
                first, last = found.of(mention.span)
                tags[first:last, 0 if mention.event is not None else 1] = 1
        for _, role, span in one.roles:
            first, last = found.of(span)
            tags[first:last, TAGS.index(role)] = 1
        self.tags.append(tags)
        self.known_tags.append(torch.full((len(found),), float(one.complete)))

    def _ask(self, one: Example, found: Tokens) -> list[tuple[Mention, int]]:
        """The mentions with their rows; a snippet is one mention of its type."""
        rows = list(one.mentions)
        if one.whole:
            rows.append(Mention(Span(0, len(one.text)), None, one.whole))
        elif one.complete:
            rows += [self._part(one, mention) for mention in one.mentions if mention.tagged]
            rows += self._nothing(one)
        asked = []
        for mention in rows:
            first, last = found.of(mention.span)
            asked.append((mention, len(self.mentions)))
            self.mentions.append((self.size + first, self.size + last))
            status = self.classes.statuses.index(mention.status) if mention.status else UNKNOWN
            kind = self.classes.kinds.index(mention.kind) if mention.kind else UNKNOWN
            self.classes_of.append((status, kind))
        return asked

    def _part(self, one: Example, mention: Mention) -> Mention:
        """Some words of the mention, or with a short one a word beside it: length must not tell what it is."""
        words = _words(one.text, mention.span)
        size = self.random.randint(1, SHORT)
        first = self.random.randint(0, max(0, len(words) - size))
        chosen = words[first : first + size]
        return Mention(Span(chosen[0].start, chosen[-1].end), mention.status, mention.kind, mention.event, tagged=False)

    def _nothing(self, one: Example) -> list[Mention]:
        """Words that tell no event."""
        words = _words(one.text, Span(0, len(one.text)))
        taken = [mention.span for mention in one.mentions] + [span for _, _, span in one.roles]
        made = []
        for _ in range(2 + len(words) // 60):
            first = self.random.randrange(len(words))
            last = min(len(words), first + self.random.randint(1, 2 * SHORT)) - 1
            span = Span(words[first].start, words[last].end)
            if not any(span.overlaps(other) for other in taken):
                made.append(Mention(span, NONE, NONE, tagged=False))
        return made

    def _pair_roles(self, one: Example, found: Tokens, asked: list[tuple[Mention, int]]) -> None:
        triggers = [(mention, row) for mention, row in asked if mention.event is not None]
        spans = sorted({*(span for _, _, span in one.roles), *(span for span, _ in one.others)})
        if not triggers or not spans:
            return
        wanted = {event: _wanted(one, event, spans) for event in {mention.event for mention, _ in triggers}}
        rows = [
            (mention, row, number, wanted[mention.event][number])
            for mention, row in triggers
            for number in range(len(spans))
        ]
        right = [row for row in rows if any(row[3])]
        wrong = [row for row in rows if not any(row[3])]
        room = max(0, PAIRS - len(right))
        chosen = right + (self.random.sample(wrong, room) if len(wrong) > room else wrong)
        base = len(self.spans)
        places = [found.of(span) for span in spans]
        self.spans += [(self.size + first, self.size + last) for first, last in places]
        known = [float(role in one.asked) for role in ROLES]
        for mention, row, number, answer in chosen:
            trigger = found.of(mention.span)
            self.roles.append((row, base + number, *_between(found, trigger, places[number])))
            self.role_answers.append((answer, known))

    def _pair_same(self, found: Tokens, asked: list[tuple[Mention, int]]) -> None:
        triggers = [(mention, row) for mention, row in asked if mention.event is not None]
        for place, (one, row) in enumerate(triggers):
            for other, row2 in triggers[:place]:
                a, b = found.of(one.span), found.of(other.span)
                between = bucket(abs(gap(a, b)), GAPS), bucket(abs(paragraphs_between(found, a, b)), PARAGRAPHS)
                self.sames.append((row, row2, *between))
                self.same_answers.append(float(one.event == other.event))

    def batch(self) -> Batch:
        laid, places = self._lay()
        return Batch(
            laid,
            places,
            Questions(_rows(self.mentions, 2), _rows(self.spans, 2), _rows(self.roles, 4), _rows(self.sames, 4)),
            torch.cat(self.tags),
            torch.cat(self.known_tags),
            torch.tensor([status for status, _ in self.classes_of]),
            torch.tensor([kind for _, kind in self.classes_of]),
            torch.tensor([wanted for wanted, _ in self.role_answers]).reshape(-1, len(ROLES)),
            torch.tensor([known for _, known in self.role_answers]).reshape(-1, len(ROLES)),
            torch.tensor(self.same_answers),
        )

    def _lay(self) -> tuple[list[tuple[Tensor, Tensor]], Tensor]:
        """The windows by length, little padded, and where the tokens of each window have come to lie."""
        order = sorted(range(len(self.windows)), key=lambda number: len(self.windows[number][0]))
        parts: list[list[int]] = []
        for number in order:
            length = len(self.windows[number][0])
            if not parts or length > ROOM * len(self.windows[parts[-1][0]][0]):
                parts.append([])
            parts[-1].append(number)
        laid, base = [], 0
        places: dict[int, Tensor] = {}
        for part in parts:
            length = len(self.windows[part[-1]][0])
            ids = torch.full((len(part), length), self.pieces.ids["<pad>"])
            for row, number in enumerate(part):
                window, offset, size = self.windows[number]
                ids[row, : len(window)] = torch.tensor(window)
                places[number] = torch.arange(size) + base + row * length + offset
            laid.append((ids, torch.tensor([len(self.windows[number][0]) for number in part])))
            base += ids.numel()
        return laid, torch.cat([places[number] for number in range(len(self.windows))])


def _rows(rows: Sequence[tuple[int, ...]], width: int) -> Tensor:
    return torch.tensor(rows, dtype=torch.long).reshape(-1, width)


def _between(found: Tokens, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return bucket(gap(one, other), GAPS), bucket(paragraphs_between(found, one, other), PARAGRAPHS)


def _wanted(one: Example, event: int | None, spans: Sequence[Span]) -> list[list[float]]:
    """For each span, 1 for each role it has for the event: half of it lies in a span that the coder marked so."""
    known = [(ROLES.index(role), marked) for number, role, marked in one.roles if number == event]
    found = [[0.0] * len(ROLES) for _ in spans]
    for row, span in zip(found, spans, strict=True):
        for role, marked in known:
            if 2 * (min(span.end, marked.end) - max(span.start, marked.start)) >= span.end - span.start:
                row[role] = 1.0
    return found


def _words(text: str, span: Span) -> list[Span]:
    """The words of a span."""
    found = []
    at = span.start
    for word in text[span.start : span.end].split():
        start = text.index(word, at)
        at = start + len(word)
        found.append(Span(start, at))
    return found
