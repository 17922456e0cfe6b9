"""Count people: who was killed, injured, abducted, arrested, displaced or stood in a crowd.

In:  a parsed spaCy Doc (tagger and parser), its numbers, its language.
Out: `Count`s in the order of the text. `rule` is "<trigger>.<form>[.and]"; a figure that must not be added
     to the others has one of the rules "part-of", "superseded", "disputed".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from spacy.tokens import Doc

from tocsin.model import Count, Number, Side, Span
from tocsin.read.count_words import load_lexicon
from tocsin.read.joined import along, elsewhere, is_part, without_apposed
from tocsin.read.people import Hit, People, Scene
from tocsin.read.victims import victims

Sayer = Literal["perpetrator", "official", "other"]
SAYERS: tuple[Sayer, ...] = get_args(Sayer)


def find_counts(doc: Doc, numbers: Sequence[Number], lang: str, text: str | None = None) -> tuple[Count, ...]:
    """Who was killed, injured, abducted ... and how many, with side, source and whether it replaces another figure.

    `text` is the text of `doc`, if it is at hand: a Doc puts it together each time that it is asked.
    """
    scene = Scene(doc, numbers, load_lexicon(lang), text)
    hits = list(_hits(scene))
    found: dict[tuple[str, int], Count] = {}
    joined: set[tuple[str, int]] = set()  # those that only "and" joins to the people of a trigger
    for hit in sorted(hits, key=lambda hit: hit.trigger.frame == "again"):
        if _unreal(scene, hit) or (hit.trigger.frame == "again" and not _told_before(scene, hit, found.values())):
            continue
        for nth, people in enumerate(_people(scene, hit)):
            count = _count(scene, hit, people, nth > 0, _last_side(found.values(), scene.starts[hit.first]))
            key = (count.kind, people.head if people.number is None else people.number.span.start)
            if key not in found or found[key].rule.endswith(".and"):
                found[key] = count
                joined = joined | {key} if nth else joined - {key}
    direct = {count.number.span.start for key, count in found.items() if key not in joined}
    found = {k: c for k, c in found.items() if k not in joined or c.number.span.start not in direct}
    found |= {("none", n.span.start): c for n in numbers if n.rule == "none" and (c := _nobody(scene, n))}
    found |= {("bomber", c.span.start): c for c in _bomber_counted(scene)}
    return tuple(sorted(found.values(), key=lambda c: (c.span, c.kind)))


def _hits(scene: Scene) -> Iterator[Hit]:
    lexicon = scene.lexicon
    for match in lexicon.pattern.finditer(scene.text):
        trigger = lexicon.triggers[str(match.lastgroup)]
        yield Hit(trigger, scene.token(match.start()), scene.token(max(match.start(), match.end() - 1)))


def _people(scene: Scene, hit: Hit) -> list[People]:
    """Those of whom the trigger speaks, at all the places that its sentence names."""
    found = without_apposed(scene, victims(scene, hit))
    counted = found and found[-1].number and hit.trigger.kind == "killed" and hit.trigger.frame != "again"
    return [*found, *elsewhere(scene, hit, found[-1]), *along(scene, hit, found[-1])] if counted else found


def _told_before(scene: Scene, hit: Hit, found: Iterable[Count]) -> bool:
    """The sentence or the one before speaks of dead, and the figure is not one of these or of the wounded."""
    people = scene.starting(hit.last + 1)
    if not people or not people.number:
        return False
    start = scene.chars(max(0, scene.start(hit.first) - 1))[0]
    new = all(count.number.span.start != people.number.span.start for count in found)
    return new and any(c.kind == "killed" and start <= c.span.start < scene.starts[hit.first] for c in found)


def _last_side(found: Iterable[Count], before: int) -> Side | None:
    """The side of the dead told last."""
    dead = [count for count in found if count.kind == "killed" and count.span.start < before]
    return max(dead, key=lambda count: count.span).side if dead else None


def _unreal(scene: Scene, hit: Hit) -> bool:
    """Wished, feared, threatened, planned or denied."""
    sentence, _ = scene.chars(hit.first)
    before = scene.text[max(sentence, scene.starts[hit.first] - 60) : scene.starts[hit.first]]
    around = scene.lexicon.around
    wish = re.search(rf"{around['hypothetical'].pattern}(?: [\w'-]+){{0,3}} ?$", before)
    motive = hit.trigger.frame == "of" and re.search(rf"{around['motive'].pattern}(?: [\w'-]+)? ?$", before)
    denied = re.search(rf"{around['negation'].pattern}(?: [\w'-]+)? ?$", before)
    if wish and scene.doc[hit.first].tag_ == "VBD" and re.search(r" and ", wish[0]):
        wish = None  # "accused of theft and stoned to death"
    return bool(wish or motive or (denied and hit.trigger.frame != "noun" and "surv" not in scene.forms[hit.last]))


def _count(scene: Scene, hit: Hit, people: People, joined: bool, told: Side | None = None) -> Count:
    """`told`: the side of the dead told before, of whom a bare figure is another account."""
    start, end = scene.starts[people.first], scene.end(people.last)
    if people.number:
        start, end = min(start, people.number.span.start), max(end, people.number.span.end)
    span = Span(start, end)
    more = joined or _too(scene, people, hit) or _others(scene, people, hit)
    bomber = hit.trigger.id == "bomber" and not joined
    name = "with" if joined and hit.trigger.id == "bomber" else hit.trigger.id
    rule = f"{name}.{people.form}" + (".and" if more else "")
    side = "attackers" if bomber else scene.side(people)
    if (
        side is None
        and hit.trigger.frame == "of"
        and people.head < scene.after(people.number or _unnumbered(scene, people, span))
    ):
        side = _side_of_toll(scene, hit)
    if hit.trigger.frame == "again":
        side = told
    number = people.number or _unnumbered(scene, people, span)
    count = Count(span, hit.trigger.kind, number, rule, scene.who(people), side)
    return _qualified(scene, count, people, hit)


def _others(scene: Scene, people: People, hit: Hit) -> bool:
    """ "Two others", "one more victim", "a tenth", "three of the wounded": on top of the dead told before."""
    last = people.last + 3 if people.number and people.last < hit.first else people.last
    within = [i for i in range(people.first, min(last, max(hit.last, people.last)) + 1) if i not in scene.number_at]
    nth = people.form == "singular" and any(scene.is_("nth", i) for i in within)
    hurt = hit.trigger.kind == "killed" and any(scene.is_("hurt", i) for i in within)
    return nth or hurt or any(scene.is_("another", i) for i in within if i <= people.last)


def _too(scene: Scene, people: People, hit: Hit) -> bool:
    """ "His guard, too, died", "son neveu est mort avec lui": on top of those before."""
    too = scene.lexicon.around["too"]
    between = scene.text[scene.end(people.last) : scene.starts[hit.first]] if people.last < hit.first else ""
    return bool(too.search(between) or too.match(scene.text, scene.end(hit.last) + 1))


def _side_of_toll(scene: Scene, hit: Hit) -> Side | None:
    """ "taking the army's losses to three", "the number of police fatalities": the side stands before the number."""
    words = scene.forms[max(0, hit.first - 3) : hit.last + 1] if hit.last - hit.first < 8 else []
    return next((side for word in words if (side := scene.side_of(word)) in ("attackers", "state")), None)


def _unnumbered(scene: Scene, people: People, span: Span) -> Number:
    if scene.is_("pair", people.head):
        return Number(span, 2, 2, 2, "exact")
    if people.form == "plural":
        return Number(span, 2, None, None, "several")
    return Number(span, 1, 1, 1, "singular")


def _qualified(scene: Scene, count: Count, people: People, hit: Hit) -> Count:
    """Cumulative, revised, superseded, disputed, part of another figure, and who says so."""
    around, text = scene.lexicon.around, scene.text
    begin, end = _clause_bounds(text, *scene.chars(people.head), count.span)
    revised = _revised(scene, count, hit, begin, scene.end(max(hit.last, people.last)))
    rule = count.rule
    if is_part(scene, people) and not revised and not _alone(scene, people, hit):
        rule = "part-of"
    elif (
        _denied(scene, count, end)
        or _stale(scene, count, begin, around["disputed"].pattern)
        or around["or_else"].match(text, scene.end(max(hit.last, people.last)) + 1)
    ):
        rule = "disputed"
    elif _stale(scene, count, begin, around["superseded"].pattern):
        rule, revised = "superseded", False
    cumulative = count.number.best != 1 and not revised and _is_sum(around, text, begin, end)
    said_by = _said_by(scene, scene.start(people.head), count.span)
    if hit.trigger.id == "lose" and count.side is None:
        count = replace(count, side=_loser(scene, hit) or ("attackers" if said_by == "perpetrator" else None))
    elif said_by == "perpetrator" and scene.is_("enemy", people.head):
        count = replace(count, side="state")
    said_by = None if revised and said_by == "perpetrator" else said_by  # the toll is not theirs, only the sentence
    return replace(count, rule=rule, revision=revised, cumulative=cumulative, said_by=said_by)


def _is_sum(around: Mapping[str, re.Pattern[str]], text: str, begin: int, end: int) -> bool:
    """Is the figure one over a stretch of time? "The deadliest attack this year" only compares."""
    compared = [match.span() for match in around["superlative"].finditer(text, begin, end)]
    sums = around["cumulative"].finditer(text, begin, end)
    return any(not any(start <= match.start() < stop for start, stop in compared) for match in sums)


def _alone(scene: Scene, people: People, hit: Hit) -> bool:
    """ "23 men were treated, four of whom died": a part of people of whom nothing was said to have killed them."""
    start, _ = scene.chars(people.head)
    between = scene.text[scene.end(people.last) : scene.starts[hit.first]]
    before = scene.lexicon.pattern.finditer(scene.text, start, scene.starts[people.first])
    told = any(scene.lexicon.triggers[str(match.lastgroup)].kind == "killed" for match in before)
    return people.last < hit.first and not re.search(r"[,;:()–—]| - ", between) and not told


def _clause_bounds(text: str, start: int, end: int, span: Span) -> tuple[int, int]:
    """The part of a sentence between semicolons and line ends around `span`."""
    cuts = [m.start() for m in re.finditer(r"[;\n]", text[start:end])]
    begin = max((start + c + 1 for c in cuts if start + c < span.start), default=start)
    return begin, min((start + c for c in cuts if start + c >= span.end), default=end)


def _revised(scene: Scene, count: Count, hit: Hit, begin: int, end: int) -> bool:
    """ "The toll rose to 40", "taking the army's losses to three", "portant à 14 morts le bilan"."""
    if count.number.rule in ("singular", "several"):
        return False
    if hit.trigger.id == "risen":
        return True
    before = scene.text[max(begin, count.span.start - 200) : count.number.span.start]
    if not re.search(r"(?:\b(?:to|at|now|a|desormais|are|is|de|coute la vie a)|:) (?:\w+ )?$", before):
        return False
    return (
        scene.lexicon.around["revision"].search(
            scene.text, max(begin, count.span.start - 200), min(len(scene.text), end + 40)
        )
        is not None
    )


def _stale(scene: Scene, count: Count, sentence: int, cue: str) -> bool:
    """A cue shortly before the figure, with no other clause between."""
    before = scene.text[max(sentence, count.span.start - 60) : count.span.start]
    return bool(re.search(rf"{cue}[^.;,:]*$", before))


def _loser(scene: Scene, hit: Hit) -> Side | None:
    """ "The rebels admit to having lost three": the side of those named last before."""
    start = max(scene.start(hit.first), hit.first - 8)
    sides = (scene.side_of(scene.forms[i]) for i in range(hit.first - 1, start - 1, -1))
    return next((side for side in sides if side in ("attackers", "state")), None)


def _denied(scene: Scene, count: Count, end: int) -> bool:
    """ "The figure of 17 dead is not supported"."""
    denied = scene.lexicon.around["denied_after"]
    return denied.search(scene.text, count.span.end, min(end, count.span.end + 90)) is not None


def _said_by(scene: Scene, start: int, span: Span) -> Sayer | None:
    """Who gives the figure: the nearest attribution in its sentence, or a claim that goes on."""
    around, (first, last) = scene.lexicon.around, _clause_bounds(scene.text, *scene.chars(start), span)
    found: list[tuple[int, Sayer]] = []
    for sayer in SAYERS:
        for match in around[sayer].finditer(scene.text, first, last):
            if span.start <= match.start() < span.end:
                continue  # the dead themselves: "sixty soldiers, said ..."
            found.append((max(match.start() - span.end, span.start - match.end()), sayer))
    if found:
        return min(found)[1]
    goes_on = start and around["perpetrator_again"].match(scene.text, first)
    return "perpetrator" if goes_on and around["perpetrator"].search(scene.text, *scene.chars(start - 1)) else None


def _nobody(scene: Scene, number: Number) -> Count | None:
    """ "no one was killed", "aucun blessé": kind by the first such word behind."""
    behind = scene.text[number.span.start : number.span.end + 60].split(".")[0]
    if re.search(r"surv[ie]|surve", behind):
        return _none_survived(scene, number, behind)
    match = next(iter(scene.lexicon.pattern.finditer(behind)), None)
    kind = scene.lexicon.triggers[str(match.lastgroup)].kind if match else "killed"
    if not match and not re.search(r"casualt|victim|loss|perte|fatal|harm|degat", behind):
        return None
    span = Span(number.span.start, number.span.start + (match.end() if match else len(number.span.of(scene.text))))
    return Count(span, kind, number, "none") if kind in ("killed", "injured") else None


def _none_survived(scene: Scene, number: Number, behind: str) -> Count | None:
    """ "None of the eight survived", "five men were taken ... none survived": all of them died."""
    end = number.span.start + len(behind)
    near = {n.span: n for n in scene.number_at.values() if number.span.start - 200 < n.span.start < end}
    named = [n for n in near.values() if n.rule != "none" and not _of_things(scene, n)]
    after = [n for n in named if n.span.start > number.span.start]
    if not named:
        return None
    chosen = min(after or named[-1:], key=lambda n: n.span)
    return Count(chosen.span, "killed", chosen, "survive.number")


def _of_things(scene: Scene, number: Number) -> bool:
    people = scene.starting(scene.token(number.span.start))
    return people is None or scene.is_("things", people.head) or scene.side_of(scene.forms[people.head]) == "unknown"


def _bomber_counted(scene: Scene) -> Iterator[Count]:
    """ "including the bomber", "kamikaze compris": the figure before has the bomber in it."""
    for match in scene.lexicon.around["bomber_in"].finditer(scene.text):
        span = Span(*match.span())
        yield Count(span, "killed", Number(span, 1, 1, 1, "singular"), "part-of", span, "attackers")
