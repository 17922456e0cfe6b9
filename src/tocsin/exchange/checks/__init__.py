"""Check a data set: each row against the codebook, the gazetteer, the registry, its reports, and the other rows.

In:  event rows, each with `told` (its claims, see told.py) if reports are to be looked at; Known.
Out: findings by event id, in the order of the rows. checks.toml says what each code means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tocsin import codebook
from tocsin.codebook import Finding
from tocsin.exchange.checks import actors, places, together, told, values
from tocsin.exchange.checks.known import Known, Row, known
from tocsin.exchange.checks.table import Check, checks, chosen

__all__ = ["LOOKS", "Check", "Known", "checks", "chosen", "findings", "known"]

Look = Callable[[Row, Known], Iterator[Finding]]
LOOKS: Mapping[str, Look] = {
    "E5": actors.e5_kind,
    "E15": values.e15_future,
    "E16": values.e16_country,
    "E17": places.e17_outside,
    "E18": values.e18_range,
    "E19": values.e19_missing,
    "W2": together.w2_twice,
    "W3": told.w3_vague,
    "W4": places.w4_capital,
    "W6": told.w6_report,
    "W7": values.w7_crowd,
    "W8": places.w8_far,
    "W9": places.w9_admin,
    "W10": actors.w10_unknown,
    "W11": actors.w11_spelling,
    "W12": values.w12_plausible,
    "W13": values.w13_radius,
    "W14": together.w14_notes,
    "W15": values.w15_letters,
    "W16": values.w16_itself,
    "W17": values.w17_missing,
}  # the other codes are those of codebook.check


def findings(rows: Iterable[Row], codes: Sequence[str], about: Known) -> Iterator[tuple[str, Finding]]:
    """What the checks of these codes find, with the id of the event."""
    looks = [LOOKS[code] for code in codes if code in LOOKS]
    of_codebook = frozenset(codes) - set(LOOKS)
    for row in rows:
        name = str(row.get("event_id_cnty") or "")
        for finding in codebook.check(row) if of_codebook else ():
            if finding.code in of_codebook:
                yield name, finding
        for look in looks:
            yield from ((name, finding) for finding in look(row, about))
