"""A pasted report as the page shows it: the text with marks, a card for each event, what was no event and why.

In:  a Pasted report.
Out: plain values for the template.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from tocsin.codebook import COLUMNS
from tocsin.dossier import Dossier
from tocsin.model import Report
from tocsin.serve.desk.event import FIELDS, values
from tocsin.serve.desk.quotes import QUESTION_OF, pieces
from tocsin.serve.paste.read import Pasted

Row = Mapping[str, Any]
NOT = "not"  # before the numbers of mentions that are no events
REASONS = {  # as docs/status.md explains them
    "background": "background, without a day of its own",
    "threatened": "threatened, not done",
    "planned": "planned, not done",
    "denied": "denied",
    "generic": "said in general, no single event",
    "cumulative": "a sum of several events",
    "statement": "a statement, not an act",
    "hypothetical": "only imagined or possible",
    "not_political": "neither political violence nor protest",
    "duplicate": "told already",
    "doubtful": "too doubtful",
}
ABOUT_DATE = "no publication date"  # how acquire and code say that; the page says it in its own words
FIELD = 4000  # characters of a title, a source or an address that a page may send back
UNTOLD = ("event_id_cnty", "timestamp")


def shown(pasted: Pasted, number: int) -> dict[str, Any]:
    """The values for the template; `number` tells the reports of one file apart."""
    report = pasted.report
    return {
        "number": number,
        "report": report,
        "packed": json.dumps(asdict(report), default=str, ensure_ascii=False),
        "pieces": marked(pasted),
        "events": [card(row, at) for at, row in enumerate(pasted.events, 1)],
        "rejected": [
            {"name": f"{NOT}{at}", "quote": each["quote"], "why": REASONS.get(each["reason"], each["reason"]),
             "note": each["note"]}
            for at, each in enumerate(pasted.rejected, 1)
        ],
        "issues": [each for each in pasted.issues if ABOUT_DATE not in each["message"]],
    }  # fmt: skip


def marked(pasted: Pasted) -> list[dict[str, Any]]:
    """The pieces of the text. `starts`: the events whose first words of what happened begin here."""
    held: dict[str, list[dict[str, Any]]] = {str(at): row["evidence"] for at, row in enumerate(pasted.events, 1)}
    for at, each in enumerate(pasted.rejected, 1):
        held[f"{NOT}{at}"] = [{"field": "event_type", "start": each["start"], "end": each["end"]}]
    found, told = [], set()
    for piece in pieces(pasted.report.text, held):
        keys = list(dict.fromkeys(key for key, _ in piece.marks))
        new = [key for key, question in piece.marks if question == "what" and key not in told]
        told.update(new)
        found.append({"text": piece.text, "names": piece.names, "keys": keys, "starts": _numbers(new),
                      "label": "; ".join(_said(key, piece.marks) for key in keys),
                      "is_event": any(not key.startswith(NOT) for key in keys)})  # fmt: skip
    return found


def card(row: Row, number: int) -> dict[str, Any]:
    """An event with every field that it has, the words, the rule and how sure it is."""
    rules = dict(each.split(": ", 1) for each in row["rules"])
    told = values(row, Dossier(dict(row), [dict(row)], {}, [], [], []))
    rest = [
        {"label": name, "value": row[name], "rule": rules.get(name, ""), "sure": row["confidence"].get(name)}
        for name in COLUMNS
        if name not in {column for _, column in FIELDS} and name not in UNTOLD and row.get(name) not in (None, "")
    ]
    for each in told:
        question = QUESTION_OF.get(each["name"])
        each |= {"rule": rules.get(each["name"], ""),
                 "mark": f"{number}:{question.replace(' ', '-')}" if question and each["quotes"] else ""}  # fmt: skip
    return {"number": number, "row": row, "values": told, "rest": rest}


def unpacked(text: str) -> Report | None:
    """The report that a page sends back; None if it is none."""
    try:
        return _checked(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return None


def _checked(values: Any) -> Report | None:
    names = set(Report.__dataclass_fields__)
    if not isinstance(values, dict) or set(values) != names or not values["text"] or not values["id"]:
        return None
    if not all(value is None or isinstance(value, str) for value in values.values()):
        return None
    if any(len(value or "") > FIELD for name, value in values.items() if name != "text"):
        return None
    day = values.pop("published")
    return Report(**values, published=date.fromisoformat(day) if day else None)


def _numbers(keys: list[str]) -> str:
    return ", ".join(key for key in keys if not key.startswith(NOT))


def _said(key: str, marks: tuple[tuple[str, str], ...]) -> str:
    if key.startswith(NOT):
        return "no event"
    return f"event {key}: {', '.join(question for each, question in marks if each == key)}"
