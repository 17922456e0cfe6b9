"""Words of a report that are addressed to a machine: data/orders.toml.

In:  a text.
Out: the spans that are not news: from such a sentence to the end of its paragraph.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from tocsin.errors import DataError
from tocsin.fold import fold
from tocsin.model import Span
from tocsin.toml import read_toml

START = r"(?:^|[\n.!?:;]\s*)"
SENTENCE = re.compile(r"[.!?][\"'»)]*\s+|\n\s*")
PARAGRAPH = re.compile(r"\n\s*\n")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    path = resources.files(__package__).joinpath("data/orders.toml")
    try:
        return tuple(re.compile(row.replace("{start}", START)) for rows in read_toml(path).values() for row in rows)
    except re.error as error:
        raise DataError(f"{path}:1: found a wrong expression ({error}), expected regular expressions") from error


def orders(text: str) -> tuple[Span, ...]:
    """Where the text speaks to a machine, in order, without overlaps."""
    folded = fold(text, lines=True)
    found: list[Span] = []
    for at in sorted(match.end() - 1 for pattern in _patterns() for match in pattern.finditer(folded)):
        if not found or at >= found[-1].end:
            start = max((end.end() for end in SENTENCE.finditer(folded, 0, at)), default=0)
            stop = PARAGRAPH.search(folded, at)
            found.append(Span(max(start, found[-1].end if found else 0), stop.start() if stop else len(text)))
    return tuple(found)
