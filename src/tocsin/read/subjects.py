"""Find the people on the left of a trigger: the subject of "died", the number before "wounded".

In:  a Scene and a `Hit`.
Out: `People`. Words next to the trigger decide first; the parse, often wrong in news style, comes second.
"""

from __future__ import annotations

from spacy.tokens import Token

from tocsin.read.count_words import SIDES
from tocsin.read.joined import following, is_part, is_thing, joined_left, renamed
from tocsin.read.people import OF, Hit, People, Scene

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj"})
ASIDE = {",": ",", "-": "-", "–": "–", "—": "—", ")": "("}  # how an aside ends, how it begins
_MODIFIERS = frozenset({"acl", "acl:relcl", "relcl"})


def subjects(scene: Scene, hit: Hit) -> list[People]:
    """The people on the left: by the parse if it gives a subject, else the nearest ones in the clause."""
    nearest = _adjacent(scene, hit) or _before_aside(scene, hit)
    if nearest:
        return joined_left(scene, nearest)
    head = _subject(scene, hit)
    if head is not None and (people := scene.at(head.i)) and not is_thing(scene, people):
        more = [scene.at(t.i) for t in head.conjuncts if t.i > head.i and t.i < hit.first and not renamed(scene, t)]
        right = [p for p in following(scene, people, hit.first) if all(m is None or m.head != p.head for m in more)]
        joined = [m for m in more if m and not is_thing(scene, m) and m.form != "plural"]
        found = [*joined_left(scene, people, bool(joined or right)), *joined, *right]
        return found + _tail(scene, hit, sorted(found, key=lambda p: p.last))
    return _nearest(scene, hit)


def _before_aside(scene: Scene, hit: Hit) -> People | None:
    """ "Eight passengers, mostly women, died", "nine people - four of them children - were killed"."""
    i = hit.first - 1
    start = max(scene.start(hit.first), hit.first - 25)
    while i > start and (scene.is_("auxiliary", i) or scene.is_("skip", i) or scene.doc[i].pos_ in ("AUX", "ADV")):
        i -= 1
    opening = ASIDE.get(scene.forms[i])
    if opening is None:
        return None
    i -= 1
    while i > start and scene.forms[i] != opening:
        i -= 1
    people = scene.at(i - 1) if i > start and (scene.nominal[i - 1] or i - 1 in scene.number_at) else None
    if not people or people.form != "number" or is_thing(scene, people) or is_part(scene, people):
        return None
    return None if scene.triggered(people.head) else people


def _tail(scene: Scene, hit: Hit, found: list[People]) -> list[People]:
    """ "Two fighters of the Front (F) and a herder died": what the parse left out right before the verb."""
    i = hit.first - 1
    while i > 0 and scene.doc[i].pos_ in ("AUX", "ADV"):
        i -= 1
    people = scene.at(i) if scene.nominal[i] else None
    if (
        not people
        or people.first <= found[-1].last
        or people.form not in ("number", "singular")
        or scene.doc[people.first - 1].pos_ != "CCONJ"
    ):
        return []
    return [] if is_thing(scene, people) or is_part(scene, people) else [people]


def _adjacent(scene: Scene, hit: Hit) -> People | None:
    """A number right before the trigger: "five wounded", "seven others injured", "deux officiers tués"."""
    i = hit.first - 1
    while i > 0 and (
        scene.is_("auxiliary", i)
        or scene.is_("another", i)
        or scene.forms[i] in ("has", "have", "had", "ont", "a", "avaient", "avait", "auraient", "aurait", *'"')
    ):
        i -= 1
    if i < 0 or "\n" in scene.text[scene.end(i) : scene.starts[hit.first]]:
        return None
    if scene.lexicon.head_first and scene.forms[i] in ("un", "une") and i == hit.first - 1:
        return People(i, i, hit.last, "singular")  # "un tué, trois blessés"
    if scene.is_("theirs", i) and i > 1 and (number := scene.number_at.get(i - 2) or scene.number_at.get(i - 3)):
        return People(scene.token(number.span.start), scene.after(number) - 1, i, "number", number)
    if i in scene.number_at or scene.nominal[i]:
        people = scene.at(i)
        if people and people.number and not is_thing(scene, people) and not is_part(scene, people):
            return _parent(scene, people) or people
    return None


def _parent(scene: Scene, people: People) -> People | None:
    """ "A mother of three died": one person."""
    i = people.first - 2
    bare = people.number is not None and people.head < scene.after(people.number)
    of = bare and i >= 0 and scene.forms[i + 1] in OF and scene.side_of(scene.forms[i]) in SIDES
    return scene.at(i) if of and not scene.is_plural(i) else None


def _subject(scene: Scene, hit: Hit) -> Token | None:
    tokens = [t for t in scene.doc[hit.first : hit.last + 1] if t.pos_ in ("VERB", "ADJ", "AUX", "NOUN")]
    for token in tokens:
        for verb in (token, token.head) if token.dep_ in ("conj", "xcomp", "acomp", "attr", "advcl") else (token,):
            subject = next((c for c in verb.children if c.dep_ in _SUBJECTS and c.i < hit.first), None)
            if subject is not None and not (
                scene.forms[subject.i] in ("who", "qui", "that") and verb.dep_ in _MODIFIERS
            ):
                return subject
            if verb.dep_ in _MODIFIERS and verb.head.i < hit.first:
                return verb.head
    return None


def _nearest(scene: Scene, hit: Hit) -> list[People]:
    """The nearest people before the trigger in its sentence, not beyond another verb with people of its own."""
    start = scene.start(hit.first)
    for i in range(hit.first - 1, max(start, hit.first - 25) - 1, -1):
        if scene.forms[i] in (";", ":") or (scene.triggered(i) and scene.side_of(scene.forms[i]) not in SIDES):
            break
        modifies = scene.nominal[i] and scene.is_("things", i + 1) and i not in scene.number_at
        if modifies and not scene.lexicon.head_first:
            continue  # "an anti-personnel mine"
        if not (i in scene.number_at or (scene.nominal[i] and scene.side_of(scene.forms[i]) != "unknown")):
            continue
        people = scene.starting(i) if i in scene.number_at and i - 1 not in scene.number_at else scene.at(i)
        if (
            people
            and people.form in ("number", "singular", "definite")
            and not is_thing(scene, people)
            and not is_part(scene, people)
        ):
            return joined_left(scene, people)
    opening = scene.starting(start)
    named = (
        opening is not None
        and opening.form == "named"
        and scene.doc[opening.head].pos_ == "PROPN"
        and hit.trigger.frame == "dies"
    )
    return [opening] if opening and named and opening.last < hit.first else []
