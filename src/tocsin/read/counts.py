"""Count people: who was killed, injured, abducted, arrested, displaced or stood in a crowd.

In:  a parsed spaCy Doc (tagger and parser), its numbers, its language.
Out: `Count`s in the order of the text. `rule` is "<trigger>.<form>[.and]"; a figure that must not be added
     to the others has one of the rules "part-of", "superseded", "disputed".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Doc, Token

from tocsin.model import Count, Number, Side, Span
from tocsin.read.people import People, Scene, Trigger, load_lexicon

Sayer = Literal["perpetrator", "official", "other"]
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj"})
_MODIFIERS = frozenset({"acl", "acl:relcl", "relcl"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger in the text: tokens `first` to `last`."""

    trigger: Trigger
    first: int
    last: int


def find_counts(doc: Doc, numbers: Sequence[Number], lang: str) -> tuple[Count, ...]:
    """Who was killed, injured, abducted ... and how many, with side, source and whether it replaces another figure."""
    scene = Scene(doc, numbers, load_lexicon(lang))
    hits = list(_hits(scene))
    found: dict[tuple[str, int], Count] = {}
    for hit in hits:
        if _unreal(scene, hit):
            continue
        for nth, people in enumerate(_victims(scene, hit)):
            count = _count(scene, hit, people, nth > 0)
            key = (count.kind, people.head if people.number is None else people.number.span.start)
            if key not in found or found[key].rule.endswith(".and"):
                found[key] = count
    direct = {n.start for c in found.values() if not c.rule.endswith(".and") for n in (c.number.span,)}
    found = {k: c for k, c in found.items() if not c.rule.endswith(".and") or c.number.span.start not in direct}
    found |= {("none", n.span.start): c for n in numbers if n.rule == "none" and (c := _nobody(scene, n))}
    found |= {("bomber", c.span.start): c for c in _bomber_counted(scene)}
    return tuple(sorted(found.values(), key=lambda c: (c.span, c.kind)))


def _hits(scene: Scene) -> Iterator[Hit]:
    lexicon = scene.lexicon
    for match in lexicon.pattern.finditer(scene.text):
        trigger = lexicon.triggers[str(match.lastgroup)]
        yield Hit(trigger, scene.token(match.start()), scene.token(max(match.start(), match.end() - 1)))


def _unreal(scene: Scene, hit: Hit) -> bool:
    """Wished, feared, threatened, planned or denied."""
    sentence = scene.doc[hit.first].sent.start_char
    before = scene.text[max(sentence, scene.starts[hit.first] - 60) : scene.starts[hit.first]]
    around = scene.lexicon.around
    wish = re.search(rf"{around['hypothetical'].pattern}(?: [\w'-]+){{0,3}} ?$", before)
    denied = re.search(rf"{around['negation'].pattern}(?: [\w'-]+)? ?$", before)
    return bool(wish or (denied and hit.trigger.frame != "noun" and "surv" not in scene.forms[hit.last]))


def _victims(scene: Scene, hit: Hit) -> list[People]:
    """The people of a trigger; several if they are joined by "and"."""
    frame = hit.trigger.frame
    if frame == "of":
        return [p for p in _joined(scene, scene.starting(hit.last + 1)) if hit.trigger.id != "lose" or _lost(scene, p)]
    if frame == "noun":
        return _of_noun(scene, hit)
    if hit.last - hit.first > 2 and (inner := scene.starting(hit.first + 1)) and inner.last < hit.last and _strong(scene, inner):
        return [inner]  # "beat two strangers to death"
    if frame == "verb" and not _passive(scene, hit):
        right = scene.starting(hit.last + 1)
        if right and _strong(scene, right):
            return _joined(scene, right)
        if _perfect(scene, hit) and not right:
            return _clitic(scene, hit)
    left = [p for p in _left(scene, hit) if hit.trigger.id != "fall" or p.number or scene.side(p)]
    if frame == "self" and left and left[0].form != "number" and scene.side(left[0]) is None:
        left = [People(hit.first, hit.first, hit.last, "singular")]
    if left or frame in ("verb", "noun"):
        return left
    right = scene.starting(hit.last + 1)
    if right and right.form == "number" and frame == "dies":
        return _joined(scene, right)
    return [People(hit.first, hit.first, hit.last, "singular")] if frame == "self" else []


def _passive(scene: Scene, hit: Hit) -> bool:
    return any(scene.is_("auxiliary", i) for i in range(max(0, hit.first - 2), hit.first))


def _perfect(scene: Scene, hit: Hit) -> bool:
    """"ont tué": the victims do not stand on the left."""
    return scene.lexicon.head_first and scene.forms[hit.first - 1] in ("a", "ont", "avait", "avaient", "avoir", "ayant")


def _clitic(scene: Scene, hit: Hit) -> list[People]:
    """"l'ont abattu": one man, named before."""
    before = scene.forms[max(0, hit.first - 3) : hit.first]
    return [People(hit.first, hit.first, hit.last, "pronoun")] if "l'" in before else []


def _lost(scene: Scene, people: People) -> bool:
    """"lost nine", "lost two comrades"; not "lost two seats"."""
    return people.number is not None and (people.head < scene.after(people.number) or scene.side_of(scene.forms[people.head]) != "unknown")


def _strong(scene: Scene, people: People) -> bool:
    """A number, an article or a noun for people: really the object of the verb."""
    if people.form in ("number", "singular", "pronoun"):
        return not (people.form == "number" and _thing(scene, people))
    return scene.side_of(scene.forms[people.head]) != "unknown" or people.form in ("definite", "named")


def _thing(scene: Scene, people: People) -> bool:
    return scene.is_("things", people.head)


def _joined(scene: Scene, people: People | None) -> list[People]:
    """`people` and those joined to them: "a policeman, a soldier and two civilians"."""
    found: list[People] = []
    while people and not _thing(scene, people) and len(found) < 8:
        found.append(people)
        people = _next_joined(scene, people)
    return found


def _next_joined(scene: Scene, people: People) -> People | None:
    i, stop = people.last + 1, min(len(scene.forms), people.last + 9)
    near = i
    while i < stop and scene.doc[i].pos_ not in ("CCONJ", "VERB", "AUX", "PUNCT", "PRON") :
        i += 1
    if i >= stop or not (scene.doc[i].pos_ == "CCONJ" or (i == near and scene.forms[i] == ",")):
        return None
    if scene.forms[i] == "," and scene.doc[i + 1].pos_ == "CCONJ":
        i += 1
    following = scene.starting(i + 1) if i + 1 < len(scene.forms) else None
    if not following or following.form not in ("number", "singular", "definite", "named") or scene.is_("another", i + 1):
        return None
    if following.form in ("definite", "named") and scene.side_of(scene.forms[following.head]) == "unknown":
        return None
    return None if _clause(scene, following) else following


def _clause(scene: Scene, people: People) -> bool:
    """Whether what looks joined opens a clause of its own: "... and five were wounded", "..., a spokesman said"."""
    i = people.last + 1
    if people.number is not None and people.head == people.last and scene.triggered(people.head) and people.head != scene.after(people.number) - 1:
        return True
    if i >= len(scene.forms):
        return False
    opens = scene.doc[i].pos_ in ("VERB", "AUX") or scene.triggered(i)
    return opens or scene.is_("partof", i)


def _of_noun(scene: Scene, hit: Hit) -> list[People]:
    """"two dead", "two people dead", "the bodies of two men", "des morts"."""
    after = hit.last + 1
    people = scene.at(hit.last)
    if people and people.number:
        return [people]
    if after < len(scene.forms) and scene.forms[after] in ("of", "de", "d'", ":"):
        inner = scene.starting(after + 1)
        if inner and (inner.number or inner.form in ("singular", "named")):
            return _joined(scene, inner)
    if hit.trigger.id == "bomber":
        return [people] if people and people.form in ("singular", "definite") else []
    if people and people.form == "singular" and not scene.is_("one_dead", hit.last):
        return []
    if people and people.form in ("singular", "plural") and hit.trigger.kind == "killed":
        bare = people.first == people.head or scene.forms[people.first] in ("des", "de", "some", "un", "une", "a", "an", "one")
        return [people] if bare and _told(scene, people, hit) else []
    return []


def _told(scene: Scene, people: People, hit: Hit) -> bool:
    """A bare plural tells of dead only after a verb that leaves or makes them: "faisant des morts", "bodies were found"."""
    around = " ".join(scene.forms[max(0, people.first - 4) : hit.last + 4])
    return people.form == "singular" or bool(re.search(r"\b(?:fai[ts]|fais\w+|there (?:are|were)|found|retrouv\w+|leaving|left|several|plusieurs|cause\w*|y a(?: eu)?)\b", around))


def _left(scene: Scene, hit: Hit) -> list[People]:
    """The people on the left: by the parse if it gives a subject, else the nearest ones in the clause."""
    nearest = _adjacent(scene, hit)
    if nearest:
        return _joined_left(scene, nearest)
    head = _subject(scene, hit)
    if head is not None and (people := scene.at(head.i)) and not _thing(scene, people):
        more = [scene.at(t.i) for t in head.conjuncts if t.i > head.i and t.i < hit.first]
        found = [*_joined_left(scene, people), *(m for m in more if m and not _thing(scene, m) and m.form != "plural")]
        return found + _tail(scene, hit, found)
    return _nearest(scene, hit)


def _tail(scene: Scene, hit: Hit, found: list[People]) -> list[People]:
    """"Two fighters of the Front (F) and a herder died": what the parse left out right before the verb."""
    i = hit.first - 1
    while i > 0 and scene.doc[i].pos_ in ("AUX", "ADV"):
        i -= 1
    people = scene.at(i) if scene.nominal[i] else None
    if not people or people.first <= found[-1].last or people.form not in ("number", "singular") or scene.doc[people.first - 1].pos_ != "CCONJ":
        return []
    return [] if _thing(scene, people) or _part(scene, people) else [people]


def _adjacent(scene: Scene, hit: Hit) -> People | None:
    """A number right before the trigger: "five wounded", "seven others injured", "deux officiers tués"."""
    i = hit.first - 1
    while i > 0 and (scene.is_("auxiliary", i) or scene.is_("another", i) or scene.forms[i] in ("has", "have", "had", "ont", "a", "avaient", "avait", "auraient", "aurait", *'"')):
        i -= 1
    if i < 0 or "\n" in scene.text[scene.end(i) : scene.starts[hit.first]]:
        return None
    if i in scene.number_at or scene.nominal[i]:
        people = scene.at(i)
        if people and people.number and not _thing(scene, people) and not _part(scene, people):
            return people
    return None


def _joined_left(scene: Scene, people: People) -> list[People]:
    """"a soldier and seven attackers died": from the last to the first."""
    found = [people]
    while (i := _before(scene, found[0])) > 0 and scene.doc[i].pos_ == "CCONJ" and scene.nominal[i - 1]:
        before = scene.at(i - 1)
        if not before or before.form == "plural" or _thing(scene, before) or scene.triggered(before.head) or not (before.number or scene.side_of(scene.forms[before.head]) != "unknown"):
            break
        found.insert(0, before)
    return found


def _before(scene: Scene, people: People) -> int:
    """The token before the people and their article: "and | his two sons"."""
    i = people.first - 1
    return i - 1 if i > 0 and (scene.is_("definite", i) or scene.is_("possessive", i)) else i


def _subject(scene: Scene, hit: Hit) -> Token | None:
    tokens = [t for t in scene.doc[hit.first : hit.last + 1] if t.pos_ in ("VERB", "ADJ", "AUX", "NOUN")]
    for token in tokens:
        for verb in (token, token.head) if token.dep_ in ("conj", "xcomp", "acomp", "attr", "advcl") else (token,):
            subject = next((c for c in verb.children if c.dep_ in _SUBJECTS and c.i < hit.first), None)
            if subject is not None and not (scene.forms[subject.i] in ("who", "qui", "that") and verb.dep_ in _MODIFIERS):
                return subject
            if verb.dep_ in _MODIFIERS and verb.head.i < hit.first:
                return verb.head
    return None


def _nearest(scene: Scene, hit: Hit) -> list[People]:
    """The nearest people before the trigger in its sentence, not beyond another verb with people of its own."""
    start = scene.doc[hit.first].sent.start
    for i in range(hit.first - 1, max(start, hit.first - 25) - 1, -1):
        if scene.triggered(i) or scene.forms[i] in (";", ":"):
            break
        if not (i in scene.number_at or (scene.nominal[i] and scene.side_of(scene.forms[i]) != "unknown")):
            continue
        people = scene.at(i)
        if people and people.form in ("number", "singular", "definite") and not _thing(scene, people) and not _part(scene, people):
            return _joined_left(scene, people)
    opening = scene.starting(start)
    named = opening is not None and opening.form == "named" and scene.doc[opening.head].pos_ == "PROPN" and hit.trigger.frame == "dies"
    return [opening] if opening and named and opening.last < hit.first else []


def _part(scene: Scene, people: People) -> bool:
    """Only a part of those told before: "including two children", "six of them women"."""
    start = scene.starts[people.first]
    begin = max(scene.doc[people.first].sent.start_char, start - 60)
    if re.search(rf"{scene.lexicon.around['partof'].pattern}[^.;,:]*$", scene.text[begin:start]):
        return True
    after = scene.text[scene.end(people.last) : scene.end(people.last) + 16]
    before = scene.text[max(begin, start - 3) : start]
    return bool(re.match(r" (?:of them|of whom|d'entre eux|d'entre elles|des leurs)\b", after) and before.rstrip().endswith(","))


def _count(scene: Scene, hit: Hit, people: People, joined: bool) -> Count:
    start, end = scene.starts[people.first], scene.end(people.last)
    if people.number:
        start, end = min(start, people.number.span.start), max(end, people.number.span.end)
    span = Span(start, end)
    rule = f"{hit.trigger.id}.{people.form}" + (".and" if joined else "")
    side = "attackers" if hit.trigger.id == "bomber" else scene.side(people)
    if side is None and hit.trigger.frame == "of" and people.head < scene.after(people.number or _unnumbered(scene, people, span)):
        side = _side_of_toll(scene, hit)
    number = people.number or _unnumbered(scene, people, span)
    count = Count(span, hit.trigger.kind, number, rule, scene.who(people), side)
    return _qualified(scene, count, people, hit)


def _side_of_toll(scene: Scene, hit: Hit) -> Side | None:
    """"taking the army's losses to three", "the number of police fatalities": the side stands before the number."""
    words = scene.forms[max(0, hit.first - 3) : hit.last + 1] if hit.last - hit.first < 8 else []
    return next((side for word in words if (side := scene.side_of(word)) in ("attackers", "state")), None)


def _unnumbered(scene: Scene, people: People, span: Span) -> Number:
    if people.form == "plural":
        return Number(span, 2, None, None, "several")
    if scene.forms[people.head] == "couple":
        return Number(span, 2, 2, 2, "exact")
    return Number(span, 1, 1, 1, "singular")


def _qualified(scene: Scene, count: Count, people: People, hit: Hit) -> Count:
    """Cumulative, revised, superseded, disputed, part of another figure, and who says so."""
    around, text = scene.lexicon.around, scene.text
    sentence = scene.doc[people.head].sent
    begin, end = _clause_bounds(text, sentence.start_char, sentence.end_char, count.span)
    revised = _revised(scene, count, begin, scene.end(max(hit.last, people.last)))
    rule = count.rule
    if _part(scene, people) and not revised:
        rule = "part-of"
    elif _stale(scene, count, begin, around["disputed"].pattern) or around["or_else"].match(text, scene.end(max(hit.last, people.last)) + 1):
        rule = "disputed"
    elif _stale(scene, count, begin, around["superseded"].pattern):
        rule, revised = "superseded", False
    cumulative = bool(around["cumulative"].search(text, begin, end)) and not revised
    return replace(count, rule=rule, revision=revised, cumulative=cumulative, said_by=_said_by(scene, sentence.start, count.span))


def _clause_bounds(text: str, start: int, end: int, span: Span) -> tuple[int, int]:
    """The part of a sentence between semicolons and line ends around `span`."""
    cuts = [m.start() for m in re.finditer(r"[;\n]", text[start:end])]
    begin = max((start + c + 1 for c in cuts if start + c < span.start), default=start)
    return begin, min((start + c for c in cuts if start + c >= span.end), default=end)


def _revised(scene: Scene, count: Count, begin: int, end: int) -> bool:
    """"The toll rose to 40", "taking the army's losses to three", "portant à 14 morts le bilan"."""
    if count.number.rule in ("singular", "several"):
        return False
    before = scene.text[max(begin, count.span.start - 200) : count.number.span.start]
    if not re.search(r"(?:\b(?:to|at|now|a|desormais|are|is|de|coute la vie a)|:) (?:\w+ )?$", before):
        return False
    return scene.lexicon.around["revision"].search(scene.text, max(begin, count.span.start - 200), min(len(scene.text), end + 40)) is not None


def _stale(scene: Scene, count: Count, sentence: int, cue: str) -> bool:
    """A cue shortly before the figure, with no other clause between."""
    before = scene.text[max(sentence, count.span.start - 60) : count.span.start]
    return bool(re.search(rf"{cue}[^.;,:]*$", before))


def _said_by(scene: Scene, start: int, span: Span) -> Sayer | None:
    """Who gives the figure: the nearest attribution in its sentence, or a claim that goes on from the sentence before."""
    around, sentence = scene.lexicon.around, scene.doc[start].sent
    found: list[tuple[int, Sayer]] = []
    for sayer in ("perpetrator", "official"):
        for match in around[sayer].finditer(scene.text, sentence.start_char, sentence.end_char):
            found.append((max(match.start() - span.end, span.start - match.end()), sayer))
    if found:
        return min(found)[1]
    if start and around["perpetrator_again"].match(scene.text, sentence.start_char):
        before = scene.doc[start - 1].sent
        if around["perpetrator"].search(scene.text, before.start_char, before.end_char):
            return "perpetrator"
    return None


def _nobody(scene: Scene, number: Number) -> Count | None:
    """"no one was killed", "aucun blessé": kind by the first such word behind."""
    behind = scene.text[number.span.start : number.span.end + 60].split(".")[0]
    match = next(iter(scene.lexicon.pattern.finditer(behind)), None)
    kind = scene.lexicon.triggers[str(match.lastgroup)].kind if match else "killed"
    if not match and not re.search(r"casualt|victim|loss|perte|fatal|harm|degat", behind):
        return None
    span = Span(number.span.start, number.span.start + (match.end() if match else len(number.span.of(scene.text))))
    return Count(span, kind, number, "none") if kind in ("killed", "injured") else None


def _bomber_counted(scene: Scene) -> Iterator[Count]:
    """"including the bomber", "kamikaze compris": the figure before has the bomber in it."""
    for match in scene.lexicon.around["bomber_in"].finditer(scene.text):
        span = Span(*match.span())
        yield Count(span, "killed", Number(span, 1, 1, 1, "singular"), "part-of", span, "attackers")
