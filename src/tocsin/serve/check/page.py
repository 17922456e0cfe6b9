"""A text's statements, each with how it was read and the verdict, beside the text.

In:  a text with its day, or the readings as a person corrected them (TOML).
Out: the page, or the verdicts as JSON or ClaimReview. Nothing is kept. Events count as the role may see them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, Response

from tocsin.errors import SourceError, TocsinError
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import needs
from tocsin.serve.events.asked import Asked as Wanted
from tocsin.serve.events.view import View
from tocsin.serve.pages import page
from tocsin.serve.paste.coder import CODER, TooBusy, TooLong
from tocsin.serve.paste.read import LANGUAGES, LONGEST, day_of

if TYPE_CHECKING:
    from tocsin.check.statement import Checked, Statement

router = APIRouter(include_in_schema=False)
Reader = Annotated[Person, Depends(needs("reader"))]
Text = Annotated[str, Form()]
LONGEST_READINGS = 400_000  # characters
FILES = {"json": "application/json", "claimreview": "application/ld+json"}


@dataclass(frozen=True, slots=True)
class Said:
    """What the person gave."""

    text: str = ""
    published: str = ""
    lang: str = ""
    readings: str = ""


@router.get("/check")
def ask(request: Request, person: Reader) -> HTMLResponse:
    return _page(request, Said())


@router.post("/check")
def answer(
    request: Request, person: Reader, text: Text = "", published: Text = "", lang: Text = "", readings: Text = "",
    shape: Text = "",
) -> Response:  # fmt: skip
    """The verdicts, or what is wrong with what was given."""
    said = Said(text.replace("\r\n", "\n"), published, lang, readings.replace("\r\n", "\n"))
    try:
        day, found = _read(said)
        checked = _checked(request.app.state.site.view(person), found, day)
    except TocsinError as error:
        status = 503 if isinstance(error, TooBusy | TooLong) else 422
        return _page(request, said, status, problem=str(error))
    if shape in FILES:
        return _file(shape, checked, day)
    return _page(request, said, checked=checked, day=day)


def _read(said: Said) -> tuple[date | None, Sequence[Statement]]:
    """The day of the text, and its statements: as corrected, else as read. SourceError says what is wrong."""
    from tocsin.check.edit import from_toml
    from tocsin.serve.check.read import read

    if not said.text.strip():
        raise SourceError("There is nothing to check yet: paste a text.")
    if len(said.text) > LONGEST or len(said.readings) > LONGEST_READINGS:
        raise SourceError(
            f"Found {len(said.text):,} characters, expected {LONGEST:,} at most; check a part of the text."
        )
    day = day_of(said.published)
    if said.readings.strip():
        return day, from_toml(said.readings, "the readings", said.text)
    return day, CODER(read, said.text, day, said.lang or None)


def _checked(view: View, found: Sequence[Statement], day: date | None) -> list[Checked]:
    """The verdicts by the events that the role may see; reports are looked into only for who may see them."""
    from tocsin.analyse.draws import Draws
    from tocsin.check.answer import check_all, wanted_country
    from tocsin.serve.analyse.columns import events_of

    index = view.index
    countries = {wanted_country(each.asked) for each in found if each.asked}
    wanted = Wanted(country=tuple(sorted(each for each in countries if each))) if None not in countries else Wanted()
    mask = index.where(wanted) if countries else np.zeros(len(index), bool)
    events = events_of(index, mask, wanted, Path(view.store.name).name)
    return list(check_all(found, events, Draws(), written=day, store=view.store if view.whole else None))


def _file(shape: str, checked: Sequence[Checked], day: date | None) -> Response:
    from tocsin.check.review import About, reviews, to_json

    given: Any = to_json(checked)
    if shape == "claimreview":
        given = reviews(checked, About(published=day, day=datetime.now(UTC).date()))
    headers = {"content-disposition": f'attachment; filename="verdicts-{shape}.json"'}
    return Response(
        json.dumps(given, ensure_ascii=False, indent=1, default=str), media_type=FILES[shape], headers=headers
    )


def _page(
    request: Request, said: Said, status: int = 200, *, problem: str = "", checked: Sequence[Checked] | None = None,
    day: date | None = None,
) -> HTMLResponse:  # fmt: skip
    shown = _shown(said.text, checked) if checked is not None else {}
    return page(request, "check", status, said=said, problem=problem, day=day, languages=LANGUAGES, longest=LONGEST,
                **{"cards": None, "left": [], "pieces": [], "tally": "", "toml": "", **shown})  # fmt: skip


def _shown(text: str, checked: Sequence[Checked]) -> dict[str, Any]:
    """Cards in the order of the text, what cannot be checked, and the text with the statements marked."""
    from tocsin.check.edit import to_toml
    from tocsin.check.shown import MARKS, reading, tally

    able = [each for each in checked if each.statement.asked]
    cards = [{"number": at, "checked": each, "mark": MARKS[each.verdict], "look": _look(each.verdict),
              "reading": reading(each.statement.asked)}
             for at, each in enumerate(able, 1) if each.statement.asked]  # fmt: skip
    return {"cards": cards, "left": [each for each in checked if not each.statement.asked], "tally": tally(checked),
            "pieces": _pieces(text, able), "toml": to_toml(each.statement for each in checked)}  # fmt: skip


def _look(verdict: str) -> str:
    return verdict.split()[0]  # of the style sheet


def _pieces(text: str, able: Sequence[Checked]) -> list[tuple[str, int | None, str]]:
    """The text in parts: words, the number of the statement they are in, and how they look. Of two that overlap the
    first has the words."""
    found, at = [], 0
    numbered = sorted(enumerate(able, 1), key=lambda each: each[1].statement.start)
    for number, each in numbered:
        start, end = max(at, each.statement.start), each.statement.end
        if start < end:
            found += [(text[at:start], None, ""), (text[start:end], number, _look(each.verdict))]
            at = end
    return [*found, (text[at:], None, "")]
