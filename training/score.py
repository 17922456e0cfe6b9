"""How good a finder is, on examples that it has not seen, beside a naive baseline.

In:  a Finder, Examples with candidates.
Out: rows of figures by language.

triggers       F1: a proposed span is right if it overlaps a marked mention, codable or not, and the other way round.
events         the same of codable events alone. Naive for both: every trigger of the rules.
status         share right on the coder's own spans, and of happened or not. Naive: everything happened.
sub-event type share right on the triggers of events. Naive: the most frequent type.
snippets       share right on whole snippets, "none" among the types. Naive: the most frequent one.
role           F1 over pairs of an event's first trigger and a span, marked or proposed by rules. Naive: what the rules
               find goes to the nearest trigger; an actor before it is actor1, one after it actor2.
place of verb  share of the verbs of event_location with the right place, or rightly none. Naive: the nearest place.
same           F1 over pairs of triggers of one report. Naive: within 40 tokens is the same event.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tocsin.finder import Finder, Sight
from tocsin.finder.heads import ROLES, gap
from tocsin.model import Span
from training.examples import NONE, Example, Mention

NEAR = 40  # tokens


@dataclass
class Tally:
    """Right, found and wanted; for shares `found` and `wanted` are the same number."""

    right: float = 0
    found: float = 0
    wanted: float = 0

    def count(self, found: bool, wanted: bool) -> None:
        self.right += found and wanted
        self.found += found
        self.wanted += wanted

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 0.0


@dataclass
class Scores:
    """Tallies by name and language, ours and the naive ones."""

    ours: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    naive: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))

    def rows(self) -> Iterator[str]:
        names = sorted({name for name, _ in self.ours}, key=ORDER.index)
        for name in names:
            for lang in ("en", "fr"):
                one, other = self.ours[name, lang], self.naive[name, lang]
                if one.wanted or one.found:
                    yield f"{name:<17} {lang}  {one.f1:.3f}  naive {other.f1:.3f}  n {one.wanted:.0f}"


ORDER = (
    "triggers",
    "events",
    "status",
    "happened or not",
    "sub-event type",
    "snippets",
    *ROLES,
    "place of verb",
    "same",
)
CODED = ("happened", "background")


def score(finder: Finder, examples: Sequence[Example], naive_kind: str = "Armed clash") -> Scores:
    """All figures over the examples."""
    scores = Scores()
    for one in examples:
        sight = finder.look(one.text, title=one.title, published=one.published)
        if one.whole:
            _snippet(scores, one, sight)
        elif one.asked == ("place",):
            _verbs(scores, one, sight)
        elif one.complete:
            _spans(scores, one, sight)
            _classes(scores, one, sight, naive_kind)
            _roles(scores, one, sight)
            _sames(scores, one, sight)
    return scores


def _verbs(scores: Scores, one: Example, sight: Sight) -> None:
    places = [span for span, kind in one.others if kind == "place"]
    for mention in one.mentions:
        wanted = [span for event, _, span in one.roles if event == mention.event]
        likely = {span: sight.role(mention.span, span)["place"] for span in places}
        found = max(likely, key=likely.__getitem__, default=None)
        nearest = min(places, key=lambda span: _distance(sight, mention.span, span), default=None)
        _share(scores.ours["place of verb", one.lang], _at(found if found and likely[found] > LIKELY else None, wanted))
        _share(scores.naive["place of verb", one.lang], _at(nearest, wanted))


def _at(found: Span | None, wanted: Sequence[Span]) -> bool:
    """The place found is one of those wanted; nothing is right where none is."""
    return any(found.overlaps(span) for span in wanted) if found else not wanted


def _snippet(scores: Scores, one: Example, sight: Sight) -> None:
    kinds = sight.kinds(Span(0, len(one.text)))
    scores.ours["snippets", one.lang].count(True, best(kinds) == one.whole)
    scores.ours["snippets", one.lang].wanted += best(kinds) != one.whole
    scores.naive["snippets", one.lang].count(True, one.whole == NONE)
    scores.naive["snippets", one.lang].wanted += one.whole != NONE


def _spans(scores: Scores, one: Example, sight: Sight) -> None:
    rules = [mention.span for mention in one.mentions if not mention.tagged]
    everything = [mention.span for mention in one.mentions if mention.tagged]
    events = [mention.span for mention in one.mentions if mention.tagged and mention.event is not None]
    _overlaps(scores.ours["triggers", one.lang], [span for span, _ in sight.triggers], everything)
    _overlaps(scores.naive["triggers", one.lang], rules, everything)
    _overlaps(scores.ours["events", one.lang], [span for span, _ in sight.events], events)
    _overlaps(scores.naive["events", one.lang], rules, events)


def _overlaps(tally: Tally, found: Sequence[Span], wanted: Sequence[Span]) -> None:
    """Precision over what was found, recall over what is wanted; kept as one F1 by their harmonic mean's parts."""
    right = sum(any(span.overlaps(other) for other in wanted) for span in found)
    hit = sum(any(span.overlaps(other) for other in found) for span in wanted)
    tally.right += (right + hit) / 2
    tally.found += len(found)
    tally.wanted += len(wanted)


def _classes(scores: Scores, one: Example, sight: Sight, naive_kind: str) -> None:
    for mention in one.mentions:
        if not mention.tagged or mention.status is None:
            continue
        status = best({name: p for name, p in sight.status(mention.span).items() if name != NONE})
        _share(scores.ours["status", one.lang], status == mention.status)
        _share(scores.naive["status", one.lang], mention.status == "happened")
        coded = sight.status(mention.span)["happened"] > LIKELY
        _share(scores.ours["happened or not", one.lang], coded == (mention.status == "happened"))
        _share(scores.naive["happened or not", one.lang], mention.status == "happened")
        if mention.event is not None:
            kind = best({name: p for name, p in sight.kinds(mention.span).items() if name != NONE})
            _share(scores.ours["sub-event type", one.lang], kind == mention.kind)
            _share(scores.naive["sub-event type", one.lang], naive_kind == mention.kind)


LIKELY = 0.5


def _share(tally: Tally, right: bool) -> None:
    tally.right += right
    tally.found += 1
    tally.wanted += 1


def _roles(scores: Scores, one: Example, sight: Sight) -> None:
    triggers = first_triggers(one.mentions)
    kinds = dict(one.others)
    for span in sorted({*(span for _, _, span in one.roles), *kinds}):
        nearest = min(triggers, key=lambda event: _distance(sight, triggers[event].span, span), default=None)
        for event, trigger in triggers.items():
            wanted = {role for number, role, marked in one.roles if number == event and _half(span, marked)}
            found = sight.role(trigger.span, span)
            guess = _naive_role(kinds.get(span), trigger.span, span) if event == nearest else None
            for role in ROLES:
                scores.ours[role, one.lang].count(found[role] > LIKELY, role in wanted)
                scores.naive[role, one.lang].count(role == guess, role in wanted)


def _naive_role(kind: str | None, trigger: Span, span: Span) -> str | None:
    """The usual role of what the rules found, for the nearest trigger."""
    if kind == "actor":
        return "actor1" if span.start < trigger.start else "actor2"
    return {"killed": "fatalities"}.get(kind or "", kind)


def first_triggers(mentions: Iterable[Mention]) -> dict[int, Mention]:
    """The best trigger of each event."""
    found: dict[int, Mention] = {}
    for mention in mentions:
        if mention.tagged and mention.event is not None:
            found.setdefault(mention.event, mention)
    return found


def _sames(scores: Scores, one: Example, sight: Sight) -> None:
    triggers = [mention for mention in one.mentions if mention.tagged and mention.event is not None]
    for place, a in enumerate(triggers):
        for b in triggers[:place]:
            scores.ours["same", one.lang].count(sight.same(a.span, b.span) > LIKELY, a.event == b.event)
            scores.naive["same", one.lang].count(_distance(sight, a.span, b.span) <= NEAR, a.event == b.event)


def _distance(sight: Sight, a: Span, b: Span) -> int:
    return abs(gap(sight.tokens.of(a), sight.tokens.of(b)))


def _half(span: Span, marked: Span) -> bool:
    return 2 * (min(span.end, marked.end) - max(span.start, marked.start)) >= span.end - span.start


def best(named: dict[str, float]) -> str:
    return max(named, key=lambda name: (named[name], name))


def most_frequent(examples: Iterable[Example]) -> str:
    """The most frequent sub-event type of the events."""
    return Counter(m.kind for one in examples for m in one.mentions if m.event is not None and m.kind).most_common(1)[
        0
    ][0]
