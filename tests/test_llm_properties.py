"""What holds whatever a language model answers: evidence in place, values in order, nothing raised."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from llm_server import settings
from test_code_properties import check
from tocsin.code import claims_in
from tocsin.codebook import taxonomy, vocabulary
from tocsin.llm import LlmFinder
from tocsin.llm.book import Book, Reply
from tocsin.llm.finder import parts
from tocsin.llm.prompt import request, sides
from tocsin.model import Coded, Report, Status
from whole import PUBLISHED, tools

TEXTS = {
    "en": (
        "JNIM fighters raided Djibo and Dori in Burkina Faso on Monday, killing nine soldiers and “dozens” of "
        "civilians. Two days later the army bombed the village of Xyzqo, 20 km north of Dori. In March protesters burnt tyres in "
        "Ouagadougou; police arrested fifty. The rebels said they would strike again next week."
    ),
    "fr": (
        "Des hommes armés ont attaqué lundi « le marché » de Djibo, au Burkina Faso : six morts et une vingtaine de "
        "blessés. L'armée malienne a repris Ménaka dimanche. Hier, des étudiants ont manifesté à Dakar."
    ),
}


def coded(text: str, lang: str, content: str, *, is_cut: bool = False) -> Coded:
    """The report as coded when the cache holds this answer."""
    with TemporaryDirectory() as folder:
        given = settings("http://127.0.0.1:1/v1", Path(folder))
        report = Report("r", text, published=PUBLISHED, lang=lang)
        for part in parts(report, given):
            Book(given.cache).keep(request(report, part, given).key, "m", Reply(content, is_cut, 1, 1))
        return claims_in(report, replace(tools(), finder=LlmFinder(given)))


def quotes(text: str) -> st.SearchStrategy[str]:
    """One to six words of the text, now and then something else."""
    words = text.split()
    runs = st.tuples(st.integers(0, len(words) - 1), st.integers(1, 6))
    return runs.map(lambda run: " ".join(words[run[0] : run[0] + run[1]]).strip(".,;:")) | st.text(max_size=5)


def answers(text: str) -> st.SearchStrategy[str]:
    quote = quotes(text)

    def named(key: str, names: Any) -> st.SearchStrategy[Any]:
        return st.lists(st.fixed_dictionaries({"quote": quote, key: st.sampled_from(sorted(names))}), max_size=2)

    event = st.fixed_dictionaries({
        "status": st.sampled_from([*Status, Status.HAPPENED, Status.HAPPENED, Status.HAPPENED]),
        "sub_event_type": st.sampled_from(sorted(taxonomy().sub_event_types)),
        "what": named("tactic", vocabulary().tactics),
        "agents": named("side", sides()),
        "targets": named("side", sides()),
        "facts": named("fact", vocabulary().facts),
        "places": st.lists(quote, max_size=3),
        "killed": st.lists(quote, max_size=3),
        "injured": st.lists(quote, max_size=2),
        "date": st.none() | quote,
        "weapon": st.none() | quote,
    })  # fmt: skip
    return st.lists(event, max_size=4).map(lambda events: json.dumps({"events": events}))


@pytest.mark.parametrize("lang", TEXTS)
@given(data=st.data())
@trying(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_breaks_a_rule(lang: str, data: st.DataObject) -> None:
    """Any words of the report as anything: what comes out is in the text, in order, and one of the codebook's."""
    content = data.draw(answers(TEXTS[lang]))
    found = coded(TEXTS[lang], lang, content)
    check(found)
    assert coded(TEXTS[lang], lang, content) == found
