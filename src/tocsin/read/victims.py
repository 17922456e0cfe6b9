"""Find the people whom a trigger speaks of: the object of "killed", the subject of "died", the number before "dead".

In:  a Scene and a `Hit`, the trigger's place in it.
Out: `People`. Words next to the trigger decide first; the parse, often wrong in news style, comes second.
"""

from __future__ import annotations

import re

from tocsin.read.count_words import SIDES
from tocsin.read.joined import is_thing, joined, next_joined, parallel
from tocsin.read.people import OF, Hit, People, Scene
from tocsin.read.subjects import subjects


def victims(scene: Scene, hit: Hit) -> list[People]:
    """The people of a trigger; several if they are joined by "and"."""
    frame = hit.trigger.frame
    if _nobody(scene, hit):
        return []
    if frame == "of":
        found = [p for p in joined(scene, scene.starting(hit.last + 1)) if hit.trigger.id != "lose" or _lost(scene, p)]
        return [p for p in found if p.form != "named" or not scene.is_("of_place", hit.first)]
    if frame == "again":
        return _bare_figure(scene, hit)
    if frame == "noun":
        return _of_noun(scene, hit)
    if (
        hit.last - hit.first > 2
        and (inner := scene.starting(hit.first + 1))
        and inner.last < hit.last
        and _strong(scene, inner)
    ):
        return [inner]  # "beat two strangers to death"
    if frame == "verb" and not _passive(scene, hit):
        objects = _objects(scene, hit)
        if objects is not None:
            return objects
    if frame == "self":
        return [_bomber(scene, hit), *_with(scene, hit)]
    return _subjects(scene, hit)


def _bare_figure(scene: Scene, hit: Hit) -> list[People]:
    """ "It has since climbed to 11", "the mayor put the number at 16": no noun behind it."""
    people = scene.starting(hit.last + 1)
    if not people or not people.number:
        return []
    after = scene.after(people.number)
    ends = after >= len(scene.forms) or scene.doc[after].pos_ in ("PUNCT", "CCONJ", "SCONJ", "ADP", "ADV", "SPACE")
    return [People(people.first, after - 1, after - 1, "number", people.number)] if ends else []


def _objects(scene: Scene, hit: Hit) -> list[People] | None:
    """Whom an active verb kills; None if it has no object here and so may be a passive participle."""
    if _them(scene, hit) and (named := _antecedent(scene, hit)):
        return [named]
    if _hits_thing(scene, hit):
        return []
    right = scene.starting(hit.last + 1)
    if right and _strong(scene, right):
        return joined(scene, right)
    return _clitic(scene, hit) if _perfect(scene, hit) and not right else None


def _subjects(scene: Scene, hit: Hit) -> list[People]:
    """Those on the left of the trigger, and who is joined to them behind it."""
    left = [p for p in subjects(scene, hit) if hit.trigger.id != "fall" or p.number or scene.side(p)]
    if left and left[-1].number and left[-1].last == hit.first - 1:
        other = parallel(scene, People(left[-1].first, hit.last, hit.last, "number", left[-1].number))
        left += [other] if other else []
    if left or hit.trigger.frame != "dies":
        return left
    right = scene.starting(hit.last + 1)
    return joined(scene, right) if right and right.form == "number" else []


def _bomber(scene: Scene, hit: Hit) -> People:
    """Who dies by the own bomb: the subject if it says how many or is on a side, else one."""
    left = subjects(scene, hit)
    if any(scene.is_("reflexive_many", i) for i in range(max(0, hit.first - 2), hit.last + 1)):
        start = scene.start(hit.first)
        several = [scene.starting(i) for i in range(start, hit.first) if i in scene.number_at]
        left = [p for p in several if p and p.number and (p.number.best or 99) < 9 and not is_thing(scene, p)][
            :1
        ] or left
    known = left and (left[0].form == "number" or scene.side(left[0]) is not None)
    return left[0] if known else People(hit.first, hit.first, hit.last, "singular")


def _with(scene: Scene, hit: Hit) -> list[People]:
    """ "blew himself up with two guards", "killing himself and two guards"."""
    i = hit.last + 1
    if i + 1 >= len(scene.forms) or not scene.is_("with", i):
        return []
    people = scene.starting(i + 1)
    known = people and people.number and scene.side_of(scene.forms[people.head]) != "unknown"
    return joined(scene, people) if known else []


def _nobody(scene: Scene, hit: Hit) -> bool:
    """ "nobody died": the figure of no dead is made elsewhere."""
    i = hit.first - 1
    while i > 0 and (scene.is_("auxiliary", i) or scene.is_("skip", i)):
        i -= 1
    return i in scene.number_at and scene.number_at[i].rule == "none"


def _passive(scene: Scene, hit: Hit) -> bool:
    return any(scene.is_("auxiliary", i) for i in range(max(0, hit.first - 2), hit.first))


def _perfect(scene: Scene, hit: Hit) -> bool:
    """ "ont tué": the victims do not stand on the left."""
    return scene.lexicon.head_first and scene.forms[hit.first - 1] in ("a", "ont", "avait", "avaient", "avoir", "ayant")


def _clitic(scene: Scene, hit: Hit) -> list[People]:
    """ "l'ont abattu": one man, named before."""
    before = scene.forms[max(0, hit.first - 3) : hit.first]
    return [People(hit.first, hit.first, hit.last, "pronoun")] if "l'" in before else []


def _hits_thing(scene: Scene, hit: Hit) -> bool:
    """ "shot down two drones", "neutralised a 6 kg device": no people at all."""
    i = hit.last + 1
    determined = scene.is_("indefinite", i) or scene.is_("definite", i) or scene.is_("possessive", i)
    if not (determined or i in scene.number_at):
        return False
    for j in range(i, min(len(scene.forms), i + 6)):
        if scene.doc[j].pos_ in ("VERB", "PUNCT", "CCONJ", "SCONJ") or scene.side_of(scene.forms[j]) != "unknown":
            return False
        if scene.doc[j].pos_ == "ADP" and scene.forms[j] not in OF:
            return False
        if scene.is_("things", j):
            return True
    return False


def _them(scene: Scene, hit: Hit) -> bool:
    """ "shot them", "les ont fusillés"."""
    inside = scene.forms[hit.first + 1 : hit.last + 2]
    before = scene.forms[max(0, hit.first - 3) : hit.first]
    return "them" in inside[:1] or (_perfect(scene, hit) and "les" in before[-2:])


def _antecedent(scene: Scene, hit: Hit) -> People | None:
    """The people with a number who were named last in the sentence or the one before."""
    start = scene.start(hit.first)
    for i in range(hit.first - 1, max(0, start - 30) - 1, -1):
        number = scene.number_at.get(i)
        people = scene.starting(scene.token(number.span.start)) if number else None
        known = people and people.number and scene.side_of(scene.forms[people.head]) != "unknown"
        if people and known and not is_thing(scene, people):
            return people
    return None


def _lost(scene: Scene, people: People) -> bool:
    """ "lost nine", "lost two comrades"; not "lost two seats"."""
    side = scene.side_of(scene.forms[people.head])
    if people.number is None:
        return people.form in ("definite", "singular") and side in SIDES
    return people.head < scene.after(people.number) or side != "unknown"


def _strong(scene: Scene, people: People) -> bool:
    """A number, an article or a noun for people: really the object of the verb."""
    if people.form in ("number", "singular", "pronoun"):
        return not (people.form == "number" and is_thing(scene, people))
    return scene.side_of(scene.forms[people.head]) != "unknown" or people.form in ("definite", "named")


def _of_noun(scene: Scene, hit: Hit) -> list[People]:
    """ "two dead", "two people dead", "the bodies of two men", "des morts"."""
    after = hit.last + 1
    people = scene.at(hit.last)
    if people and people.number:
        return [people, *_beside(scene, people, hit)]
    opens = hit.first == scene.start(hit.first) or scene.doc[hit.first - 1].pos_ == "PUNCT"
    if after < len(scene.forms) and (scene.forms[after] in ("of", "de", "d'") or (scene.forms[after] == ":" and opens)):
        inner = scene.starting(after + 1)
        if inner and (inner.number or inner.form in ("singular", "named")):
            return joined(scene, inner)
    if hit.trigger.id == "bomber":
        return [people] if people and people.form in ("singular", "definite") else []
    if people and people.form == "singular" and not scene.is_("one_dead", hit.last):
        return []
    if (
        people
        and people.form == "singular"
        and not scene.lexicon.head_first
        and scene.nominal[after : after + 1] == [True]
    ):
        return []  # "a dead councillor"
    if people is None or people.form in ("definite", "named"):
        note = _bare(scene, hit)
        return [note] if note else []
    if people and people.form in ("singular", "plural") and hit.trigger.kind == "killed":
        bare = people.first == people.head or scene.forms[people.first] in (
            "des",
            "de",
            "some",
            "un",
            "une",
            "a",
            "an",
            "one",
        )
        return [people] if bare and _told(scene, people, hit) else []
    return []


def _beside(scene: Scene, people: People, hit: Hit) -> list[People]:
    """ "Fourteen dead and a corporal", "14 morts côté rebelle, 3 côté armée"."""
    end = People(people.first, people.head, max(people.last, hit.last), people.form, people.number)
    other = next_joined(scene, end) or parallel(scene, end)
    if other is None:
        return []
    sided = scene.side_of(scene.forms[other.head]) in SIDES and scene.forms[end.last + 1] != ","
    return [other] if sided or parallel(scene, end) else []


def _bare(scene: Scene, hit: Hit) -> People | None:
    """ "driver dead, two hurt": a noun without article in a note."""
    i = hit.first - 1
    noun = i >= 0 and scene.side_of(scene.forms[i]) in SIDES and not scene.is_plural(i)
    opens = noun and (i == scene.start(i) or scene.doc[i - 1].pos_ == "PUNCT")
    return People(i, i, i, "singular") if opens else None


def _told(scene: Scene, people: People, hit: Hit) -> bool:
    """A bare plural tells of dead only near a verb that makes or finds them: "faisant des morts"."""
    around = " ".join(scene.forms[max(0, people.first - 4) : hit.last + 4])
    return people.form == "singular" or bool(
        re.search(
            r"\b(?:fai[ts]|fais\w+|there (?:are|were)|found|retrouv\w+|leaving|left|several)\b",
            around,
        )
    )
