"""Say "unknown" rather than guess: withhold what is less sure than asked for.

In:  a Coded report, the least confidence (docs/confidence.md).
Out: the same without the values below it, each listed in the issues with what it would have been; events that are
     themselves below it are listed with the rejected mentions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tocsin.model import NEEDED, QUESTIONS, Claim, Coded, Issue, Rejected, Value


def withhold(coded: Coded, least: float) -> Coded:
    """Every value and event that is left has at least this confidence, from 0 to 1."""
    sure = [claim for claim in coded.claims if claim.trigger.confidence >= least]
    doubtful = [_rejected(claim, least) for claim in coded.claims if claim.trigger.confidence < least]
    issues = [
        Issue("info", "confidence", f"event {position}: {name} withheld, {said.confidence:.2f}: {said.value}", where)
        for position, claim in enumerate(sure, 1)
        for where in [coded.report.id]
        for name, said in _doubtful(claim, least)
    ]
    return replace(
        coded,
        claims=tuple(_without(claim, [name for name, _ in _doubtful(claim, least)], least) for claim in sure),
        rejected=tuple(sorted((*coded.rejected, *doubtful), key=lambda mention: mention.span)),
        issues=(*coded.issues, *issues),
    )


def _doubtful(claim: Claim, least: float) -> Iterator[tuple[str, Value[Any]]]:
    """The judged field of each question whose answer is below `least`, with its value."""
    for question, (name, *_) in QUESTIONS.items():
        said: Value[Any] = getattr(claim, name)
        if question != "event" and said.value is not None and said.confidence < least:
            yield name, said


def _without(claim: Claim, names: list[str], least: float) -> Claim:
    fields = [name for shared in QUESTIONS.values() if shared[0] in names for name in shared]
    unknown: dict[str, Any] = {
        name: Value(None, f"withheld: below {least:g}", said.spans, said.confidence)
        for name in fields
        for said in [getattr(claim, name)]
    }
    return replace(claim, **unknown, complete=claim.complete and not set(names) & set(NEEDED))


def _rejected(claim: Claim, least: float) -> Rejected:
    note = f"{claim.sub_event_type.value}: confidence {claim.trigger.confidence:.2f} is below {least:g}"
    return Rejected(claim.event_type.spans[0], "doubtful", note)
