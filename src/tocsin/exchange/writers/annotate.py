"""Evidence as W3C Web Annotations: which words of which report support which value.

In:  event rows with `evidence` as `evidence_of` gives it; a row without has none.
Out: one JSON-LD AnnotationPage, an annotation on each line. Offsets count Unicode code points of the report's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, BinaryIO

from tocsin.exchange.formats import json_line
from tocsin.exchange.writers.files import AnyRow, Row, as_dict

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LINE = ("field", "value", "quote", "start", "end", "report", "url", "published")
AROUND = 32  # characters before and after the words, so that they are found in an edited text


def evidence_of(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows that have `told` (see told.py), with each piece of evidence, its report and the words around it."""
    for row in rows:
        pieces = [_piece(claim, each) for claim in row["told"] for each in claim["evidence"] or ()]
        yield {name: value for name, value in row.items() if name != "told"} | {"evidence": pieces}


def _piece(claim: Row, found: Row) -> Row:
    text, start, end = claim["text"] or "", found["start"], found["end"]
    return {**found, "value": claim["values"].get(found["field"]), "claim": claim["key"], "report": claim["report_id"],
            "url": claim["url"], "published": claim["published"], "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND]}  # fmt: skip


def write_page(rows: Iterable[AnyRow], out: BinaryIO, about: Mapping[str, Any]) -> int:
    """All annotations as one page."""
    head = {"@context": CONTEXT, "id": f"urn:tocsin:annotations:{about.get('as_of') or 'now'}"}
    out.write((json_line(head)[:-1] + ', "type": "AnnotationPage", "items": [\n').encode())
    count = 0
    for row in map(as_dict, rows):
        for piece in row.get("evidence") or ():
            line = json_line(annotation(str(row["event_id_cnty"]), piece))
            out.write(((",\n" if count else "") + line).encode("utf-8", "replace"))
            count += 1
    out.write(b"\n]}\n")
    return count


def lines(rows: Iterable[Row]) -> Iterator[Row]:
    """The same as a table, a row for each piece of evidence, for a data package."""
    for row in rows:
        for piece in row.get("evidence") or ():
            yield {"event_id_cnty": row["event_id_cnty"], **{name: piece[name] for name in LINE}}


def annotation(event: str, piece: Row) -> Row:
    """One piece of evidence: its words support a value of the event."""
    name, value = piece["field"], piece["value"]
    tag = name if value is None else f"{name}={value}"
    return {
        "id": f"urn:tocsin:annotation:{event}:{_digest(piece)}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [
            {"type": "TextualBody", "value": tag, "purpose": "tagging"},
            {"type": "TextualBody", "value": event, "purpose": "identifying"},
        ],
        "target": {"source": piece["url"] or f"urn:tocsin:report:{piece['report']}", **_state(piece),
                   "selector": _selectors(piece)},
    }  # fmt: skip


def _state(piece: Row) -> Row:
    """The day of publication; nothing if it is not known."""
    if not piece["published"]:
        return {}
    return {"state": {"type": "TimeState", "sourceDate": f"{piece['published'][:10]}T00:00:00Z"}}


def _selectors(piece: Row) -> list[Row]:
    quote = {"exact": piece["quote"], "prefix": piece["prefix"], "suffix": piece["suffix"]}
    return [
        {"type": "TextQuoteSelector", **quote},
        {"type": "TextPositionSelector", "start": piece["start"], "end": piece["end"]},
    ]


def _digest(piece: Row) -> str:
    """The same for the same words of the same claim, in every export."""
    what = (piece["claim"], piece["field"], piece["start"], piece["end"])
    return blake2b("\n".join(map(str, what)).encode(), digest_size=8).hexdigest()
