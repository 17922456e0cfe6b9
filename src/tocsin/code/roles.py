"""Who did it to whom, around one word that reports an event.

In:  the syntactic head of that word, and the actors mentioned in its sentence.
Out: the agents and the targets, from the parse where it is clear, else from the order of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from tocsin.model import ActorMention, Span

SUBJECT = {"nsubj", "csubj"}
PASSIVE_SUBJECT = {"nsubjpass", "nsubj:pass", "csubjpass"}
OBJECT = {"dobj", "obj", "dative", "iobj"}
OF_AGENT = {"by", "par"}
ON_TARGET = {
    *("on", "against", "at", "with", "into", "targeting"),
    *("sur", "contre", "à", "au", "aux", "avec", "dans", "visant"),
}
OF = {"of", "de", "du", "des", "d'", "d’"}
BETWEEN = {"between", "entre"}
GOVERNED = {  # a verb or noun in one of these relations shares the subject of what governs it
    *("conj", "xcomp", "advcl", "ccomp", "aux", "pcomp", "prep", "pobj", "dobj", "obj"),
    *("obl", "obl:arg", "obl:mod"),
}
ARMED = {"group", "state", "armed"}
AGAIN = {"same", "this", "these", "that", "those", "même", "mêmes", "ce", "cet", "cette", "ces"}  # somebody told before
REACH = 12  # words to either side in which an actor is taken by position alone


Mentions = tuple[ActorMention, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """Agents and targets with the rule that found each side.

    `they`: "agent" or "target" if a pronoun or "the same men" is subject: whom an earlier sentence names.
    """

    agents: tuple[ActorMention, ...] = ()
    targets: tuple[ActorMention, ...] = ()
    agent_rule: str = ""
    target_rule: str = ""
    they: str = ""


def find_roles(head: Token, trigger: Span, mentions: Sequence[ActorMention]) -> Roles:
    """Agents and targets of the event that `head` reports; `mentions` are those of its sentence."""
    passive = _is_passive(head)
    nouns = _subjects(head)
    they = ("target" if passive else "agent") if any(map(_told_before, nouns)) else ""
    if not mentions:
        return Roles(they=they)
    subjects = _mentions(nouns, mentions, trigger)
    if head.pos_ in ("NOUN", "PROPN"):
        agents, targets = _noun_roles(head, mentions, trigger)
        agents = agents or tuple(m for m in subjects if m.kind in ARMED and m not in targets)
    elif passive:
        targets, agents = subjects, _mentions(_after(head, OF_AGENT), mentions, trigger)
    else:
        agents = subjects
        targets = _mentions(_objects(head), mentions, trigger) or _mentions(_after(head, ON_TARGET), mentions, trigger)
    agent_rule, target_rule = "role.parse", "role.parse"
    if not agents:
        agents, agent_rule = _by_order(head, trigger, mentions, targets, before=not passive), "role.order"
    if not targets:
        targets, target_rule = _other(trigger, mentions, agents, before=passive), "role.order"
    targets = tuple(m for m in targets if m not in agents)
    return Roles(agents, targets, agent_rule if agents else "", target_rule if targets else "", they)


def _told_before(token: Token) -> bool:
    """ "they", "les mêmes hommes"."""
    if token.pos_ == "PRON":
        return "3" in token.morph.get("Person", []) and token.dep_ in SUBJECT | PASSIVE_SUBJECT
    return any(child.lower_ in AGAIN for child in token.children)


def _is_passive(head: Token) -> bool:
    if any(child.dep_ in PASSIVE_SUBJECT or child.dep_ in ("auxpass", "aux:pass") for child in head.children):
        return True
    french = "Part" in head.morph.get("VerbForm", []) and "Past" in head.morph.get("Tense", [])
    participle = head.tag_ == "VBN" or french
    has_aux = any(child.dep_.startswith("aux") for child in head.children)
    return participle and not has_aux and head.dep_ in ("acl", "amod", "ROOT", "conj")


def _subjects(head: Token) -> list[Token]:
    """Subjects of the verb, or of the verb that governs or precedes it."""
    for _ in range(4):
        found = [child for child in head.children if child.dep_ in SUBJECT | PASSIVE_SUBJECT]
        if found:
            return [_antecedent(token) for token in found]
        if head.dep_ in ("acl", "relcl", "acl:relcl"):
            return [head.head]
        if head.dep_ not in GOVERNED:
            return []
        head = head.head
    return []


def _antecedent(token: Token) -> Token:
    """'gunmen who attacked': the relative pronoun stands for the noun above its clause."""
    if token.lower_ in ("who", "which", "that", "qui", "que") and token.head.dep_ in ("relcl", "acl:relcl", "acl"):
        return token.head.head
    return token


def _objects(head: Token) -> list[Token]:
    return [child for child in head.children if child.dep_ in OBJECT]


def undergoing(head: Token) -> list[Token]:
    """The nouns to which a verb does something: its objects, or the subject of a passive."""
    if head.pos_ not in ("VERB", "AUX"):
        return []
    passive = [child for child in head.children if child.dep_ in PASSIVE_SUBJECT]
    return [noun for token in passive or _objects(head) for noun in (token, *token.conjuncts)]


def _after(head: Token, words: set[str]) -> list[Token]:
    """Nouns after one of the prepositions: English hangs the noun on it, French hangs it on the noun."""
    found = []
    for child in head.children:
        if child.lower_ in words:
            found += [grand for grand in child.children if grand.dep_ in ("pobj", "pcomp")]
        elif child.dep_ in ("obl:agent", "obl:arg", "obl:mod", "nmod", "obl"):
            found += [child for case in child.children if case.dep_ == "case" and case.lower_ in words]
    return found


def _noun_roles(head: Token, mentions: Sequence[ActorMention], trigger: Span) -> tuple[Mentions, Mentions]:
    """'an attack by gunmen on soldiers', 'l'attaque des rebelles contre l'armée', 'Boko Haram raid'."""
    between = _mentions(_after(head, BETWEEN), mentions, trigger)
    if len(between) > 1:
        return between[:1], between[1:]
    of = _mentions(_after(head, OF), mentions, trigger)
    inner = [noun for noun in head.children if noun.dep_ == "nmod"]
    against = [token for noun in (head, *inner) for token in _after(noun, ON_TARGET)]
    targets = _mentions(against, mentions, trigger)
    agents = _mentions(_after(head, OF_AGENT), mentions, trigger)
    own = [child for child in head.children if child.dep_ in ("compound", "poss", "amod", "nmod") and child.i < head.i]
    agents = agents or tuple(m for m in _mentions(own, mentions, trigger) if m.kind in ARMED)
    if targets:
        agents = agents or tuple(m for m in of if m.kind in ARMED)
    targets = targets or between or tuple(m for m in of if head.lang_ == "en" or m.kind == "civilians")
    return agents, tuple(m for m in targets if m not in agents)


def _mentions(tokens: Iterable[Token], mentions: Sequence[ActorMention], trigger: Span) -> Mentions:
    """The actors that these nouns name: the noun itself, else what hangs on it; co-ordinated nouns too."""
    found: list[ActorMention] = []
    for token in tokens:
        for noun in (token, *token.conjuncts):
            exact = _naming(noun, mentions)
            found += [exact] if exact else _hanging(noun, mentions)
    return tuple(dict.fromkeys(m for m in found if not m.span.overlaps(trigger) or len(found) == 1))


def _hanging(noun: Token, mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """'dozens of fighters', 'members of the group': the first actor below the noun, before any clause.

    Of a thing also who used it: 'a drone launched by the rebels'.
    """
    below = [t for t in noun.subtree if t.i > noun.i and t.i - noun.i <= 7]
    for token in below:
        if token.dep_ in ("relcl", "acl", "acl:relcl"):
            users = [_naming(user, mentions) for user in _after(token, OF_AGENT)]
            return [user for user in users if user]
        if hit := _naming(token, mentions):
            return [hit, *_tied(hit, token, mentions)]
    return []


def _tied(actor: ActorMention, token: Token, mentions: Sequence[ActorMention]) -> list[ActorMention]:
    """The actor that a conjunction ties to this one: "talks between Murle and Dinka elders"."""
    rest = [t for t in token.sent if t.idx >= actor.span.end][:3]
    if not rest or rest[0].pos_ != "CCONJ":
        return []
    named = (_naming(t, mentions) for t in rest[1:])
    return [other for other in named if other][:1]


def _naming(token: Token, mentions: Sequence[ActorMention]) -> ActorMention | None:
    at = Span(token.idx, token.idx + len(token))
    return next((mention for mention in mentions if mention.span.overlaps(at)), None)


def _by_order(
    head: Token, trigger: Span, mentions: Sequence[ActorMention], taken: Mentions, *, before: bool
) -> Mentions:
    """The nearest actor that can act, before an active verb, after a passive one."""
    able = [m for m in mentions if m not in taken and m.kind in ARMED | {"crowd"}]
    near = [m for m in able if (m.span.end <= trigger.start if before else m.span.start >= trigger.end)]
    near = [m for m in near if _gap(m.span, trigger, head) <= REACH]
    return (min(near, key=lambda m: abs(m.span.start - trigger.start)),) if near else ()


def _other(trigger: Span, mentions: Sequence[ActorMention], taken: Mentions, *, before: bool) -> Mentions:
    rest = [m for m in mentions if m not in taken and not m.span.overlaps(trigger)]
    side = [m for m in rest if (m.span.end <= trigger.start if before else m.span.start >= trigger.end)]
    return (min(side, key=lambda m: abs(m.span.start - trigger.start)),) if side else ()


def _gap(span: Span, trigger: Span, head: Token) -> int:
    low, high = min(span.start, trigger.start), max(span.end, trigger.end)
    return sum(1 for token in head.sent if low <= token.idx < high)
