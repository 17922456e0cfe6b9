"""Find the people whom a trigger speaks of: the object of "killed", the subject of "died", the number before "dead".

In:  a Scene and a `Hit`, the trigger's place in it.
Out: `People`. Words next to the trigger decide first; the parse, often wrong in news style, comes second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Token

from tocsin.read.count_words import SIDES, Trigger
from tocsin.read.people import People, Scene

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "csubj"})
PREPOSITIONS = frozenset({"a", "aux", "de", "d'", "of", "to"})
ASIDE = {",": ",", "-": "-", "–": "–", "—": "—", ")": "("}  # how an aside ends, how it begins
_MODIFIERS = frozenset({"acl", "acl:relcl", "relcl"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A trigger in the text: tokens `first` to `last`."""

    trigger: Trigger
    first: int
    last: int


def victims(scene: Scene, hit: Hit) -> list[People]:
    """The people of a trigger; several if they are joined by "and"."""
    frame = hit.trigger.frame
    if _nobody(scene, hit):
        return []
    if frame == "of":
        found = [p for p in _joined(scene, scene.starting(hit.last + 1)) if hit.trigger.id != "lose" or _lost(scene, p)]
        return [p for p in found if p.form != "named" or not scene.is_("of_place", hit.first)]
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
        if _them(scene, hit) and (named := _antecedent(scene, hit)):
            return [named]
        if _hits_thing(scene, hit):
            return []
        right = scene.starting(hit.last + 1)
        if right and _strong(scene, right):
            return _joined(scene, right)
        if _perfect(scene, hit) and not right:
            return _clitic(scene, hit)
    if frame == "self":
        return [_bomber(scene, hit), *_with(scene, hit)]
    left = [p for p in _left(scene, hit) if hit.trigger.id != "fall" or p.number or scene.side(p)]
    if left and left[-1].number and left[-1].last == hit.first - 1:
        other = _parallel(scene, People(left[-1].first, hit.last, hit.last, "number", left[-1].number))
        left += [other] if other else []
    if left or frame in ("verb", "noun"):
        return left
    right = scene.starting(hit.last + 1)
    if right and right.form == "number" and frame == "dies":
        return _joined(scene, right)
    return []


def _bomber(scene: Scene, hit: Hit) -> People:
    """Who dies by the own bomb: the subject if it says how many or is on a side, else one."""
    left = _left(scene, hit)
    if any(scene.is_("reflexive_many", i) for i in range(max(0, hit.first - 2), hit.last + 1)):
        start = scene.doc[hit.first].sent.start
        several = [scene.starting(i) for i in range(start, hit.first) if i in scene.number_at]
        left = [p for p in several if p and p.number and (p.number.best or 99) < 9 and not _thing(scene, p)][:1] or left
    known = left and (left[0].form == "number" or scene.side(left[0]) is not None)
    return left[0] if known else People(hit.first, hit.first, hit.last, "singular")


def _with(scene: Scene, hit: Hit) -> list[People]:
    """ "blew himself up with two guards", "killing himself and two guards"."""
    i = hit.last + 1
    if i + 1 >= len(scene.forms) or scene.forms[i] not in ("and", "with", "et", "avec"):
        return []
    people = scene.starting(i + 1)
    known = people and people.number and scene.side_of(scene.forms[people.head]) != "unknown"
    return _joined(scene, people) if known else []


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
        if scene.doc[j].pos_ in ("VERB", "PUNCT", "CCONJ") or scene.side_of(scene.forms[j]) in SIDES:
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
    start = scene.doc[hit.first].sent.start
    for i in range(hit.first - 1, max(0, start - 30) - 1, -1):
        if i in scene.number_at and (people := scene.starting(scene.token(scene.number_at[i].span.start))):
            if people.number and scene.side_of(scene.forms[people.head]) != "unknown" and not _thing(scene, people):
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
        return not (people.form == "number" and _thing(scene, people))
    return scene.side_of(scene.forms[people.head]) != "unknown" or people.form in ("definite", "named")


def _thing(scene: Scene, people: People) -> bool:
    return scene.is_("things", people.head)


def _joined(scene: Scene, people: People | None) -> list[People]:
    """`people` and those joined to them: "a policeman, a soldier and two civilians"."""
    found: list[People] = []
    while people and not _thing(scene, people) and len(found) < 8:
        found.append(people)
        people = _next_joined(scene, people) or _parallel(scene, people)
    return found


def _next_joined(scene: Scene, people: People, verb: int = -1) -> People | None:
    """Whom "and" or a comma joins to `people`; before token `verb` a verb may follow, it is theirs too."""
    i, stop = people.last + 1, min(len(scene.forms), people.last + 9)
    near = i
    while i < stop and scene.doc[i].pos_ not in ("CCONJ", "VERB", "AUX", "PUNCT", "PRON"):
        i += 1
    if i >= stop or not (scene.doc[i].pos_ == "CCONJ" or (i == near and scene.forms[i] == ",")):
        return None
    if scene.forms[i] == "," and scene.doc[i + 1].pos_ == "CCONJ":
        i += 1
    if i + 1 < len(scene.forms) and scene.forms[i + 1] in PREPOSITIONS:
        i += 1  # "a coûté la vie à six soldats et à deux civils"
    i = _past_aside(scene, i)
    following = scene.starting(i + 1) if i + 1 < len(scene.forms) else None
    if (
        not following
        or following.form not in ("number", "singular", "definite", "named")
        or scene.is_("another", i + 1)
    ):
        return None
    if following.form in ("definite", "named") and scene.side_of(scene.forms[following.head]) == "unknown":
        return None
    return None if _clause(scene, following) and not following.last < verb else following


def _past_aside(scene: Scene, i: int) -> int:
    """ "... and, by the mayor's account, a vendor": the second comma."""
    if scene.doc[i].pos_ != "CCONJ" or scene.forms[i + 1 : i + 2] != [","]:
        return i
    return next((j for j in range(i + 3, min(len(scene.forms) - 1, i + 10)) if scene.forms[j] == ","), i)


def _clause(scene: Scene, people: People) -> bool:
    """Whether what looks joined opens a clause of its own: "... and five were wounded", "..., a spokesman said"."""
    i = people.last + 1
    if (
        people.number is not None
        and people.head == people.last
        and scene.triggered(people.head)
        and people.head != scene.after(people.number) - 1
    ):
        return True
    if i >= len(scene.forms):
        return False
    opens = scene.doc[i].pos_ in ("VERB", "AUX") or scene.triggered(i)
    return opens or scene.is_("partof", i)


def _of_noun(scene: Scene, hit: Hit) -> list[People]:
    """ "two dead", "two people dead", "the bodies of two men", "des morts"."""
    after = hit.last + 1
    people = scene.at(hit.last)
    if people and people.number:
        return [people, *_beside(scene, people, hit)]
    opens = hit.first == scene.doc[hit.first].sent.start or scene.doc[hit.first - 1].pos_ == "PUNCT"
    if after < len(scene.forms) and (scene.forms[after] in ("of", "de", "d'") or (scene.forms[after] == ":" and opens)):
        inner = scene.starting(after + 1)
        if inner and (inner.number or inner.form in ("singular", "named")):
            return _joined(scene, inner)
    if hit.trigger.id == "bomber":
        return [people] if people and people.form in ("singular", "definite") else []
    if people and people.form == "singular" and not scene.is_("one_dead", hit.last):
        return []
    if people and people.form == "singular" and not scene.lexicon.head_first and scene.nominal[after : after + 1] == [True]:
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
    other = _next_joined(scene, end) or _parallel(scene, end)
    if other is None:
        return []
    sided = scene.side_of(scene.forms[other.head]) in SIDES and scene.forms[end.last + 1] != ","
    return [other] if sided or _parallel(scene, end) else []


def _parallel(scene: Scene, people: People) -> People | None:
    """The second of two numbers told by side or place: "five on our side, eleven on theirs", "one here, two there"."""
    i, stop = people.last + 1, min(len(scene.forms) - 2, people.last + 9)
    if i >= stop or not scene.is_("parallel", i):
        return None
    while i < stop and scene.forms[i] not in (",", "and", "et"):
        i += 1
    i += scene.forms[i + 1] in ("and", "et", '"', "«")
    other = scene.number_at.get(i + 1)
    if i >= stop or other is None or other.rule == "none" or not scene.is_("parallel", scene.after(other)):
        return None
    return People(i + 1, scene.after(other) - 1, scene.after(other) - 1, "number", other)


def _bare(scene: Scene, hit: Hit) -> People | None:
    """ "driver dead, two hurt": a noun without article in a note."""
    i = hit.first - 1
    noun = i >= 0 and scene.side_of(scene.forms[i]) in SIDES and not scene.is_plural(i)
    opens = noun and (i == scene.doc[i].sent.start or scene.doc[i - 1].pos_ == "PUNCT")
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


def _left(scene: Scene, hit: Hit) -> list[People]:
    """The people on the left: by the parse if it gives a subject, else the nearest ones in the clause."""
    nearest = _adjacent(scene, hit) or _before_aside(scene, hit)
    if nearest:
        return _joined_left(scene, nearest)
    head = _subject(scene, hit)
    if head is not None and (people := scene.at(head.i)) and not _thing(scene, people):
        more = [scene.at(t.i) for t in head.conjuncts if t.i > head.i and t.i < hit.first and not _renamed(scene, t)]
        right = [p for p in _following(scene, people, hit) if all(m is None or m.head != p.head for m in more)]
        joined = (m for m in more if m and not _thing(scene, m) and m.form != "plural")
        found = [*_joined_left(scene, people), *joined, *right]
        return found + _tail(scene, hit, sorted(found, key=lambda p: p.last))
    return _nearest(scene, hit)


def _following(scene: Scene, people: People, hit: Hit) -> list[People]:
    """ "An infant and his parents did not survive": those joined to the subject before the verb."""
    found: list[People] = []
    last: People | None = people
    while last and (last := _next_joined(scene, last, hit.first)) and last.last < hit.first and len(found) < 8:
        found.append(last)
    return found


def _renamed(scene: Scene, token: Token) -> bool:
    """ "A marcher, Ange K., died": the name of somebody told before."""
    return token.pos_ == "PROPN" and token.i > 0 and scene.forms[token.i - 1] == ","


def _before_aside(scene: Scene, hit: Hit) -> People | None:
    """ "Eight passengers, mostly women, died", "nine people - four of them children - were killed"."""
    i = hit.first - 1
    start = max(scene.doc[hit.first].sent.start, hit.first - 25)
    while i > start and (scene.is_("auxiliary", i) or scene.is_("skip", i) or scene.doc[i].pos_ in ("AUX", "ADV")):
        i -= 1
    opening = ASIDE.get(scene.forms[i])
    if opening is None:
        return None
    i -= 1
    while i > start and scene.forms[i] != opening:
        i -= 1
    people = scene.at(i - 1) if i > start and (scene.nominal[i - 1] or i - 1 in scene.number_at) else None
    if not people or people.form != "number" or _thing(scene, people) or part(scene, people):
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
    return [] if _thing(scene, people) or part(scene, people) else [people]


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
        if people and people.number and not _thing(scene, people) and not part(scene, people):
            return people
    return None


def _joined_left(scene: Scene, people: People) -> list[People]:
    """ "a soldier and seven attackers died": from the last to the first."""
    found = [people]
    while (i := _before(scene, found[0])) > 0 and _links(scene, i, found) and scene.nominal[i - 1]:
        before = scene.at(i - 1)
        if (
            not before
            or before.form == "plural"
            or _thing(scene, before)
            or scene.triggered(before.head)
            or not (before.number or scene.side_of(scene.forms[before.head]) != "unknown")
        ):
            break
        found.insert(0, before)
    return found


def _links(scene: Scene, i: int, found: list[People]) -> bool:
    """ "and"; in a list of three also the comma."""
    return scene.doc[i].pos_ == "CCONJ" or (scene.forms[i] == "," and len(found) > 1)


def _before(scene: Scene, people: People) -> int:
    """The token before the people and their article: "and | his two sons"."""
    i = people.first - 1
    return i - 1 if i > 0 and (scene.is_("definite", i) or scene.is_("possessive", i)) else i


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
    start = scene.doc[hit.first].sent.start
    for i in range(hit.first - 1, max(start, hit.first - 25) - 1, -1):
        if scene.forms[i] in (";", ":") or (scene.triggered(i) and scene.side_of(scene.forms[i]) not in SIDES):
            break
        if not (i in scene.number_at or (scene.nominal[i] and scene.side_of(scene.forms[i]) != "unknown")):
            continue
        people = scene.starting(i) if i in scene.number_at and i - 1 not in scene.number_at else scene.at(i)
        if (
            people
            and people.form in ("number", "singular", "definite")
            and not _thing(scene, people)
            and not part(scene, people)
        ):
            return _joined_left(scene, people)
    opening = scene.starting(start)
    named = (
        opening is not None
        and opening.form == "named"
        and scene.doc[opening.head].pos_ == "PROPN"
        and hit.trigger.frame == "dies"
    )
    return [opening] if opening and named and opening.last < hit.first else []


def part(scene: Scene, people: People) -> bool:
    """Only a part of those told before: "including two children", "six of them women"."""
    start = scene.starts[people.first]
    begin = max(scene.doc[people.first].sent.start_char, start - 60)
    if re.search(rf"{scene.lexicon.around['partof'].pattern}[^.;,:]*$", scene.text[begin:start]):
        return True
    after = scene.text[scene.end(people.last) : scene.end(people.last) + 16]
    before = scene.text[max(begin, start - 3) : start]
    return bool(
        re.match(r" (?:of them|of whom|d'entre eux|d'entre elles|des leurs)\b", after) and before.rstrip().endswith(",")
    )
