"""Follow people joined to one another: "a policeman and two civilians", "five on our side, eleven on theirs".

In:  a Scene and the `People` found first.
Out: all the `People` that "and", commas or parallel words join to them.
"""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.tokens import Token

from tocsin.read.people import Hit, People, Scene

ALONG = 60  # characters between those killed and the words that add others
_BREAKS = re.compile(r"[.;:()\n–—]")  # what follows tells something else


def is_thing(scene: Scene, people: People) -> bool:
    leads = people.number is None and scene.is_("leader", people.head)
    return scene.is_("things", people.head) and not leads


def is_part(scene: Scene, people: People) -> bool:
    """Only a part of those told before: "including two children", "six of them women"."""
    start = scene.starts[people.first]
    begin = max(scene.chars(people.first)[0], start - 60)
    if re.search(rf"{scene.lexicon.around['partof'].pattern}[^.;,:]*$", scene.text[begin:start]):
        return True
    after = scene.text[scene.end(people.last) : scene.end(people.last) + 16]
    before = scene.text[max(begin, start - 3) : start]
    return bool(
        re.match(r" (?:of them|of whom|d'entre eux|d'entre elles|des leurs)\b", after) and before.rstrip().endswith(",")
    )


def joined(scene: Scene, people: People | None) -> list[People]:
    """`people` and those joined to them: "a policeman, a soldier and two civilians"."""
    found: list[People] = []
    while people and not is_thing(scene, people) and len(found) < 8:
        found.append(people)
        people = next_joined(scene, people) or parallel(scene, people)
    return found


def next_joined(scene: Scene, people: People, verb: int = -1) -> People | None:
    """Whom "and" or a comma joins to `people`; before token `verb` a verb may follow, it is theirs too."""
    i, stop = people.last + 1, min(len(scene.forms), people.last + 9)
    near = i
    while i < stop and scene.doc[i].pos_ not in ("CCONJ", "VERB", "AUX", "PUNCT", "PRON"):
        i += 1
    if i >= stop or not (scene.doc[i].pos_ == "CCONJ" or (i == near and scene.forms[i] == ",")):
        return None
    if scene.forms[i] == "," and i + 1 < len(scene.forms) and scene.doc[i + 1].pos_ == "CCONJ":
        i += 1
    if i + 1 < len(scene.forms) and scene.is_("preposition", i + 1):
        i += 1  # "a coûté la vie à six soldats et à deux civils"
    i = _past_aside(scene, i)
    following = scene.starting(i + 1) if i + 1 < len(scene.forms) else None
    if (
        not following
        or following.form not in ("number", "singular", "definite", "named")
        or scene.is_("another", i + 1)
    ):
        return None
    if scene.forms[i] == "," and verb < 0 and _speaks(scene, following):
        return None
    if following.form in ("definite", "named") and scene.side_of(scene.forms[following.head]) == "unknown":
        return None
    return None if _clause(scene, following) and not following.last < verb else following


def _speaks(scene: Scene, people: People) -> bool:
    """ "... two guards, a spokesman said": the subject of a verb behind it."""
    noun = scene.doc[people.head]
    return noun.dep_.startswith("nsubj") and noun.head.i > people.last


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


def parallel(scene: Scene, people: People) -> People | None:
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


def elsewhere(scene: Scene, hit: Hit, people: People) -> list[People]:
    """ "Eight were found in the church and five more in the fields": further figures told by place."""
    stop, found = scene.chars(hit.last)[1], list[People]()
    at = max(scene.end(people.last), scene.end(hit.last))
    for number in sorted({n.span: n for n in scene.number_at.values()}.values(), key=lambda n: n.span):
        if number.span.start < at or number.span.start > stop or number.rule == "none":
            continue
        i, after = scene.token(number.span.start), scene.after(number)
        between, linked = scene.text[at : number.span.start], scene.is_("link", i - 1)
        after += scene.is_("another", after)
        if not linked or not scene.is_("at_place", after) or _BREAKS.search(between):
            break
        found.append(People(i, scene.after(number) - 1, after - 1, "number", number))
        at = scene.end(after - 1)
    return found


def along(scene: Scene, hit: Hit, people: People) -> list[People]:
    """ "Sixty rebels were killed on Friday, along with five soldiers": who is added behind the verb."""
    at = max(scene.end(people.last), scene.end(hit.last))
    cue = scene.lexicon.around["along"].search(scene.text, at, min(scene.chars(hit.last)[1], at + ALONG))
    if (
        not cue
        or _BREAKS.search(scene.text[at : cue.start()])
        or scene.lexicon.pattern.search(cue.string, at, cue.end())
    ):
        return []
    added = scene.starting(scene.token(cue.end() + 1))
    known = added and (added.number or scene.side(added)) and not scene.triggered(added.last + 1)
    return joined(scene, added) if known else []


def joined_left(scene: Scene, people: People, listed: bool = False) -> list[People]:
    """ "a soldier and seven attackers died": from the last to the first; `listed`: others are joined behind it."""
    found = [people]
    while (i := _joint(scene, found[0])) > 0 and _links(scene, i, listed or len(found) > 1) and scene.nominal[i - 1]:
        before = scene.at(i - 1)
        if (
            not before
            or before.form == "plural"
            or is_thing(scene, before)
            or scene.triggered(before.head)
            or not (before.number or scene.side_of(scene.forms[before.head]) != "unknown")
        ):
            break
        found.insert(0, before)
    return found


def _links(scene: Scene, i: int, listed: bool) -> bool:
    """ "and", also behind a comma; in a list of three also the comma alone."""
    return scene.doc[i].pos_ == "CCONJ" or (scene.forms[i] == "," and (listed or scene.doc[i + 1].pos_ == "CCONJ"))


def _joint(scene: Scene, people: People) -> int:
    """The comma or the word like "and" before the people: the comma if both are there."""
    i = _before(scene, people)
    return i - 1 if i > 0 and scene.doc[i].pos_ == "CCONJ" and scene.forms[i - 1] == "," else i


def _before(scene: Scene, people: People) -> int:
    """The token before the people and their article: "and | his two sons"."""
    i = people.first - 1
    return i - 1 if i > 0 and (scene.is_("definite", i) or scene.is_("possessive", i)) else i


def following(scene: Scene, people: People, verb: int) -> list[People]:
    """ "An infant and his parents did not survive": those joined to the subject before the verb."""
    found: list[People] = []
    last: People | None = people
    while last and (last := next_joined(scene, last, verb)) and last.last < verb and len(found) < 8:
        found.append(last)
    return found


def renamed(scene: Scene, token: Token) -> bool:
    """ "A marcher, Ange K., died": the name of somebody told before."""
    return token.pos_ == "PROPN" and token.i > 0 and scene.forms[token.i - 1] == ","


def without_apposed(scene: Scene, found: list[People]) -> list[People]:
    """ "The owner, a widow of 61, was killed": one person; "a soldier, a porter and a cook": a list."""
    again = [b for a, b in pairwise(found) if _one(a) and _one(b) and not b.number and _renames(scene, a, b)]
    return [people for people in found if people not in again]


def _one(people: People) -> bool:
    return people.form != "plural" and (people.number is None or people.number.best == 1)


def _renames(scene: Scene, one: People, other: People) -> bool:
    """Nothing but a comma, or an age, stands between them ("Lopez, 26, a driver"), and no list goes on."""
    between = scene.text[scene.end(one.last) : scene.starts[other.first]]
    i = other.last + 1
    i += scene.forms[i : i + 1] == [","]
    goes_on = i < len(scene.forms) and scene.doc[i].pos_ in ("CCONJ", "PART")
    goes_on = goes_on and not (i + 1 < len(scene.forms) and scene.doc[i + 1].pos_ in ("VERB", "AUX"))
    return not goes_on and re.fullmatch(r", (?:\d+(?: \w+)?, )?", between) is not None
