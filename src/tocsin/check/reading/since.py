"""Periods that begin with a happening: "since the French withdrawal", "after the coup".

In:  a Scene of code/, a sentence, the periods found by their own words.
Out: `Period`s; one that nobody dated has no day.
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from tocsin.check.reading import happenings
from tocsin.check.reading.happenings import Happening
from tocsin.check.reading.periods import Period
from tocsin.code.frames import Scene
from tocsin.model import Span

NEAR = 30  # characters after a happening in which its place stands: "the return of the Taliban to Kabul"
BESIDE = 3  # characters from a happening to its date: "the coup of July 2023"
FAR = 40  # characters from "since" to the happening
LOOSE = ("takeover", "war", "fall", "election", "intervention", "insurgency")  # words for them mean much else
CLAUSES = {"relcl", "acl:relcl", "appos"}


def begun_with(
    scene: Scene, folded: str, sentence: Span, lang: str, home: str | None, dated: list[Period]
) -> list[Period]:
    """Periods that begin with a happening: "since the French withdrawal". One that nobody dated has no day."""
    reading, found = scene.reading, list[Period]()
    for match in happenings.load(lang).after.finditer(folded, sentence.start, sentence.end):
        token = reading.tokens(Span(*match.span()))[0]
        clause = _clause(token, folded, match.end(), sentence.end)
        here, begins = Span(*match.span()), happenings.load(lang).since.fullmatch(match[0])
        if any(each.span.overlaps(here) for each in found):
            continue
        spoken = happenings.spoken_of(clause, lang, _adjectives(scene, Span(match.end(), sentence.end)))
        stop = folded.find(",", match.end(), sentence.end)
        inside = Span(match.end(), stop if stop > 0 else sentence.end)
        said = next((each for each in dated if inside.covers(each.span) and each.first and not each.open), None)
        if spoken is None:
            found += [_begun(here, "", said)] if begins else []
            continue
        around = max(match.end() + spoken.end, min(inside.end, match.end() + spoken.end + NEAR))
        known = _known(scene, spoken, Span(match.start(), around), sentence, home)
        if known is None and spoken.kind in LOOSE and not begins:
            continue
        far = spoken.start > FAR  # then other things are said between
        span = Span(match.start(), match.end() + (0 if far else spoken.end))
        if known and said and 0 <= said.span.start - span.end < BESIDE and said.first and said.last:
            within = said.first <= known.day <= said.last
            span = Span(span.start, said.span.end) if within else span
        day = Period(span, "happening", known.day, None, True, happening=spoken.kind) if known else None
        found.append(day or _begun(span, "" if spoken.kind in LOOSE else spoken.kind, said))
    return found


def _begun(span: Span, kind: str, said: Period | None) -> Period:
    """A happening that the file does not know begins when the text says: "since the offensive in March"."""
    end = max(span.end, said.span.end) if said and said.span.start - span.end < FAR else span.end
    return Period(Span(span.start, end), "happening", said.first if said else None, None, True, happening=kind)


def _clause(token: Token, folded: str, start: int, end: int) -> str:
    """The words that depend on "since", without relative clauses; each at its place from `start` on."""
    top = token.head if token.dep_ in ("mark", "case", "advmod") else token
    left = {below.i for child in top.subtree if child.dep_ in CLAUSES for below in child.subtree if child is not top}
    signs = [" "] * (end - start)
    for each in top.subtree:
        if each.idx >= start and each.i not in left and each.idx < end:
            at = each.idx - start
            signs[at : at + len(each)] = folded[each.idx : each.idx + len(each)]
    return re.sub(r"\s{40,}$", "", "".join(signs[: end - start]))


def _adjectives(scene: Scene, span: Span) -> frozenset[str]:
    """Countries named in the words: "French", "France"."""
    named = {each.place.country for each in scene.places if each.place and span.covers(each.span)}
    return frozenset(named | {each.country for each in scene.actors if each.country and span.covers(each.span)})


def _known(scene: Scene, spoken: happenings.Spoken, span: Span, sentence: Span, home: str | None) -> Happening | None:
    """The happening in the country that the words name, failing that of the sentence, then of the text."""
    named = [e for e in scene.places if e.place and e.role != "demonym" and sentence.covers(e.span)]
    inside = [e.place.country for e in named if e.place and span.covers(e.span)]
    around = [e.place.country for e in named if e.place]
    for iso3 in dict.fromkeys([*inside, *around, home]):
        if found := happenings.resolve(spoken, iso3, scene.reading.report.published):
            return found
    return None
