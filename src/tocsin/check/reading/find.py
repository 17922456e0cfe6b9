"""Find the statements of a report that events can answer, and those that they cannot.

In:  a Report, the Tools of code/.
Out: `Statement`s in the order of the text: each with its quote and how it was read, or why it cannot be checked.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.check.reading.ask import Ask
from tocsin.check.reading.asking import asked
from tocsin.check.reading.clause import Clause
from tocsin.check.reading.marked import Marked, marked
from tocsin.check.reading.periods import Period
from tocsin.check.reading.story import Story
from tocsin.check.reading.words import Marker, load
from tocsin.check.statement import Asked, Statement
from tocsin.code import Tools, look
from tocsin.model import Report, Span

NEAR_SIGN = 45  # characters before a statement in which "will" makes it a prediction
RECORDS = ("first", "deadliest", "closest", "status")
FIGURES = ("count", "deaths")
PREDICTION = "prediction"
VAGUE = "vague"


def statements(report: Report, tools: Tools) -> list[Statement]:
    """All statements of one report. Same report and tools, same statements."""
    scene = look(report, tools)
    text = marked(scene, load(scene.reading.lang), tools.registry)
    story = Story(report, tools)
    found = [each for span in text.sentences for each in _of_sentence(text, span, tools, story)]
    return sorted(found, key=lambda each: (each.start, each.end))


def _of_sentence(text: Marked, span: Span, tools: Tools, story: Story) -> Iterator[Statement]:
    taken, unread, used = list[Clause](), list[Clause](), list[Period]()
    if text.folded[span.start : span.end].rstrip("\"' )").endswith("?"):
        return
    found: list[Statement] = []
    for rule in text.words.rules:
        for match in rule.pattern.finditer(text.text, span.start, span.end):
            here = Span(*match.span())
            clause = Clause(text, span, rule, here, tuple(used))
            if _is_read(clause, taken) or _is_else(clause) or not _has_needed(clause):
                continue
            made = _made(clause, tools, story)
            if made:
                taken.append(clause)
                found += made
                used += [clause.begin] if rule.kind in RECORDS and clause.begin else []
            else:
                unread.append(clause)
    yield from found
    if not found:
        yield from _unchecked(text, span, unread)


def _made(clause: Clause, tools: Tools, story: Story) -> list[Statement]:
    if sign := _foretold(clause):
        return [_statement(clause, None, sign.why, (f"{clause.rule.id}", f"marker.{sign.id}"))]
    ask = Ask(clause, tools.registry, story)
    return [_statement(clause, each, "", _rules(clause, each)) for each in asked(ask)]


def _is_read(clause: Clause, taken: list[Clause]) -> bool:
    """Another rule has read these words; a figure may stand in a change: "50 people, 20 percent more than"."""
    over = [each for each in taken if each.span.overlaps(clause.span)]
    if clause.rule.kind in FIGURES and over and all(each.rule.kind == "change" for each in over):
        sizes = [p.pattern.finditer(clause.marked.text, *_ends(clause.sentence)) for p in clause.marked.words.sizes]
        spans = [Span(*match.span()) for found in sizes for match in found]
        sized = any(span.covers(number.span) for span in spans for number in clause.numbers)
        return (
            sized or clause.rule.value is not None or not clause.numbers or any(each.has_two_figures for each in over)
        )
    return bool(over)


def _is_else(clause: Clause) -> bool:
    """Words that make it something else overlap the match."""
    rule, text = clause.rule, clause.marked.text
    if rule.kind == "change" and clause.marked.words.cues["break"].search(text, *_ends(clause.span)):
        return True
    if rule.without is None:
        return False
    found = rule.without.finditer(text, clause.sentence.start, clause.sentence.end)
    return any(Span(*match.span()).overlaps(clause.span) for match in found)


def _has_needed(clause: Clause) -> bool:
    have = {
        "time": bool(clause.periods),
        "place": bool(clause.places),
        "actor": any(clause.sentence.covers(each.span) for each in clause.marked.actors),
        "topic": any(
            clause.marked.words.lists[name].search(clause.marked.folded, *_ends(clause.sentence))
            for name in ("topic", "acts")
        ),
    }
    have["armed"] = have["actor"] or have["topic"]
    return all(have[need] for need in clause.rule.needs)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _foretold(clause: Clause) -> Marker | None:
    """The sign that the statement is about what has not happened yet: words before it, or the tense of a verb."""
    text, span = clause.marked.folded, clause.span
    sign = next(each for each in clause.marked.words.markers if each.id == PREDICTION)
    start = max(clause.sentence.start, text.rfind(";", 0, span.start), span.start - NEAR_SIGN)
    if any(True for _ in sign.pattern.finditer(text, start, span.end)):
        return sign
    tokens = clause.marked.scene.reading.tokens(span)
    verbs = [token.morph for token in tokens if token.pos_ in ("VERB", "AUX")]
    future = any("Fut" in morph.get("Tense", []) for morph in verbs)
    return sign if future else None


def _rules(clause: Clause, read: Asked) -> tuple[str, ...]:
    """What made it be read so, and who said it."""
    reading, found = clause.marked.scene.reading, [clause.rule.id]
    found += [f"period.{each.rule}" for each in (clause.begin or clause.whole or clause.day, clause.than) if each]
    if clause.begin and clause.begin.rule == "happening" and clause.begin.first is None:
        found.append(f"the day of this {clause.begin.happening or 'happening'} is not in data/happenings.csv")
    said = next((s.speaker for s in reading.speech if s.speaker and s.span.overlaps(clause.span)), None)
    return (*found, f"said by {said.of(reading.text)}") if said else tuple(found)


def _statement(clause: Clause, read: Asked | None, why: str, rules: tuple[str, ...]) -> Statement:
    """With the words of the match, its periods, and the places and actors that stand beside it."""
    spans = [clause.span]
    if read is None or read.since or read.event or read.than_since:
        spans += [each.span for each in (clause.begin or clause.whole or clause.day, clause.than) if each]
    if read:
        spans += [each.span for each in clause.places if each.spot in (read.where, read.place, read.beyond)]
    spans += [Span(bound[1], start) for start in _figures(clause) if read and (bound := clause.bound(start))]
    start, end = min(each.start for each in spans), max(each.end for each in spans)
    text = clause.marked.scene.reading.report.text
    return Statement(text[start:end], start, end, read, why, rules)


def _figures(clause: Clause) -> list[int]:
    """Where figures start: before them stands "at least", "nearly"."""
    return [clause.span.start, *(each.span.start for each in clause.numbers)]


def _unchecked(text: Marked, span: Span, unread: list[Clause]) -> Iterator[Statement]:
    """A sentence about violence that is a prediction, an opinion or vague."""
    topic = text.words.lists["topic"].search(text.folded, *_ends(span))
    quote = text.scene.reading.report.text[span.start : span.end]
    for marker in text.words.markers:
        match = marker.pattern.search(text.folded, span.start, span.end)
        if topic and match and marker.alone:
            yield Statement(quote, span.start, span.end, None, marker.why, (f"marker.{marker.id}",))
            return
    lacking = next((each for each in unread if each.rule.kind == "change"), None)
    if lacking:
        why = next(each.why for each in text.words.markers if each.id == VAGUE)
        yield _statement(lacking, None, why, (lacking.rule.id, f"marker.{VAGUE}"))
