"""Walk the parse around one event: its verb, its clause, what governs it and what did it.

In:  spaCy tokens. Out: tokens, or yes and no. The labels are those of the English and the French pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from tocsin.model import Span

CLIMB = 5  # steps up the parse in which a governing word is looked for
NOMINAL = {"nsubj", "nsubjpass", "nsubj:pass", "dobj", "obj", "pobj", "obl:arg", "obl:agent", "expl:subj", "attr"}
CAUSES = {"nsubj", "agent", "obl:agent", "compound", "amod", "nmod", "npadvmod", "advmod"}
CLAUSES = {"ROOT", "relcl", "acl:relcl", "parataxis", "advcl"}  # a governing word is not sought above these
OWN_CLAUSES = {"relcl", "acl:relcl", "parataxis", "advcl", "ccomp", "acl", "appos"}


def verb_of(head: Token) -> Token | None:
    """The verb itself, or the verb whose subject or object the noun is."""
    while head.pos_ not in ("VERB", "AUX") and head.dep_ in NOMINAL and head.head is not head:
        head = head.head
    return head if head.pos_ in ("VERB", "AUX") else None


def first_of_row(verb: Token) -> Token:
    """ "to seize and burn": the mood of the first verb is that of the second, which has no subject of its own."""
    for _ in range(CLIMB):
        own = any(child.dep_.startswith(("nsubj", "aux", "mark")) for child in verb.children)
        if verb.dep_ != "conj" or own or verb.head.tag_ != verb.tag_ or verb.head.pos_ != "VERB":
            break
        if verb.head.morph.get("VerbForm", []) != verb.morph.get("VerbForm", []):
            break
        verb = verb.head
    return verb


def governors(head: Token) -> Iterator[Token]:
    """Words above `head` in the parse, up to the main verb; a clause of its own ends the climb."""
    for _ in range(CLIMB):
        own_clause = head.dep_ in CLAUSES or (head.dep_ == "conj" and head.pos_ == "VERB" and not _is_bare(head))
        if own_clause or head.head == head:
            return
        subject, head = head.dep_ in NOMINAL, head.head
        yield head
        if subject and head.pos_ == "AUX":  # "clashes between the two are possible"
            yield from (child for child in head.children if child.dep_ == "acomp")


def _is_bare(verb: Token) -> bool:
    """ "to seize" and the second verb of "to seize and burn"."""
    return verb.tag_ == "VB" or is_infinitive(verb)


def clause(top: Token) -> Iterator[Token]:
    """The words of the clause of a verb or of a noun phrase, without the clauses inside it."""
    yield top
    for child in top.children:
        if child.dep_ not in OWN_CLAUSES and not (child.dep_ == "conj" and child.pos_ == "VERB"):
            yield from clause(child)


def around(top: Token) -> Iterator[Token]:
    """The clause, and what it came of: "killed when a bus crashed", "a fire broke out, killing nine"."""
    yield from clause(top)
    if top.dep_ in ("advcl", "acl") and not has(top, "VerbForm", "Fin"):
        yield from clause(top.head)
    for child in top.children:
        if child.dep_ == "advcl" and any(below.dep_.startswith("nsubj") for below in child.children):
            yield from clause(child)


def causes(top: Token) -> Iterator[Token]:
    """What did it or what it was made of: "a storm killed", "the gas explosion", "killed by an elephant"."""
    for child in top.children:
        if child.dep_ in CAUSES or (child.dep_ == "prep" and top.pos_ == "NOUN"):
            yield child
            yield from (below for below in child.children if below.dep_ in CAUSES or below.dep_ in ("pobj", "conj"))


def is_infinitive(verb: Token) -> bool:
    """ "to seize", "saisir"; not "avoir saisi", which happened."""
    if verb.tag_ == "VB":
        return any(child.lower_ == "to" for child in verb.children)
    caused = any(child.dep_.startswith("aux") for child in verb.children)  # "avoir saisi", "faire sauter"
    return has(verb, "VerbForm", "Inf") and verb.pos_ == "VERB" and not caused


def is_past(verb: Token) -> bool:
    past = verb.tag_ in ("VBD", "VBN") or has(verb, "Tense", "Past") or has(verb, "Tense", "Imp")
    return past and not any(has(child, "Tense", "Fut") for child in verb.children)


def is_present(verb: Token) -> bool:
    """ "is", "are surrounded", "do we attack", "attaquent"; not "have attacked", "ont attaqué"."""
    for _ in range(CLIMB):
        if has(verb, "VerbForm", "Fin") or verb.dep_ not in ("xcomp", "pcomp", "advcl") or verb.head.pos_ != "VERB":
            break
        verb = verb.head
    if has(verb, "VerbForm", "Fin") and has(verb, "Tense", "Pres"):
        return True
    helping = [child for child in verb.children if child.dep_.startswith("aux") and child.tag_ in ("VBP", "VBZ")]
    return any(child.dep_ == "auxpass" or verb.tag_ in ("VB", "VBG") for child in helping)


def has(token: Token, feature: str, value: str) -> bool:
    return value in token.morph.get(feature, [])


def span_of(token: Token) -> Span:
    return Span(token.idx, token.idx + len(token))
