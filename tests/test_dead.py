"""How many died, from whole short reports: the codebook's rules for tolls, in both languages.

data/dead.tsv has a case a line: the language, the dead of the report's first event, the report.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from whole import code

LINES = (Path(__file__).parent / "data" / "dead.tsv").read_text(encoding="utf-8").splitlines()[1:]
CASES = [line.split("\t") for line in LINES]


@pytest.mark.parametrize(("lang", "dead", "text"), CASES)
def test_the_dead_of_a_report(lang: str, dead: str, text: str) -> None:
    claims = code(text.replace("\\n", "\n"), lang).claims
    assert claims
    assert claims[0].fatalities.value == int(dead)
