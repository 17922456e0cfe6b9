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
        "civilians. Two days later the army bombed the village of Xyzqo, 20 km north of Dori. In March protesters "
        "burnt tyres in Ouagadougou; police arrested fifty. The rebels said they would strike again next week."
    ),
    "fr": (
        "Des hommes armés ont attaqué lundi « le marché » de Djibo, au Burkina Faso : six morts et une vingtaine de "
        "blessés. L'armée malienne a repris Ménaka dimanche. Hier, des étudiants ont manifesté à Dakar."
    ),
}
LIKELY = {  # what a sensible model may quote, by field
    "places": ["Djibo", "Dori", "the village of Xyzqo", "Ouagadougou", "le marché", "Ménaka", "Dakar", "Burkina Faso"],
    "date": ["on Monday", "Two days later", "In March", "next week", "lundi", "dimanche", "Hier"],
    "killed": ["nine soldiers", '"dozens" of civilians', "fifty", "six morts", "une vingtaine de blessés"],
    "who": ["JNIM fighters", "soldiers", "civilians", "the army", "protesters", "police", "The rebels", "étudiants",
            "Des hommes armés", "L'armée malienne"],
}  # fmt: skip


def coded(text: str, lang: str, content: str, *, is_cut: bool = False) -> Coded:
    """The report as coded when the cache holds this answer."""
    with TemporaryDirectory() as folder:
        given = settings("http://127.0.0.1:1/v1", Path(folder))
        report = Report("r", text, published=PUBLISHED, lang=lang)
        for part in parts(report, given):
            Book(given.cache).keep(request(report, part, given).key, "m", Reply(content, is_cut, 1, 1))
        return claims_in(report, replace(tools(), finder=LlmFinder(given)))


def quotes(text: str, field: str = "") -> st.SearchStrategy[str]:
    """One to six words of the text, something likely if the field has it, now and then something else."""
    words = text.split()
    runs = st.tuples(st.integers(0, len(words) - 1), st.integers(1, 6))
    any_words = runs.map(lambda run: " ".join(words[run[0] : run[0] + run[1]]).strip(".,;:"))
    likely = [quote for quote in LIKELY.get(field, ()) if quote.replace('"', "“").split()[0] in text]
    return st.one_of(*[st.sampled_from(likely)] * 6, any_words, st.text(max_size=5)) if likely else any_words


def answers(text: str) -> st.SearchStrategy[str]:
    def named(field: str, key: str, names: Any, least: int = 0) -> st.SearchStrategy[Any]:
        each = st.fixed_dictionaries({"quote": quotes(text, field), key: st.sampled_from(sorted(names))})
        return st.lists(each, min_size=least, max_size=2)

    event = st.fixed_dictionaries({
        "status": st.sampled_from([*[Status.HAPPENED] * len(Status), *Status]),
        "sub_event_type": st.sampled_from(sorted(taxonomy().sub_event_types)),
        "what": named("", "tactic", vocabulary().tactics, 1),
        "agents": named("who", "side", sides(), 1),
        "targets": named("who", "side", sides()),
        "facts": named("", "fact", vocabulary().facts),
        "places": st.lists(quotes(text, "places"), min_size=1, max_size=3),
        "killed": st.lists(quotes(text, "killed"), max_size=3),
        "injured": st.lists(quotes(text, "killed"), max_size=2),
        "date": quotes(text, "date"),
        "weapon": st.none() | quotes(text),
    })  # fmt: skip
    return st.lists(event, min_size=1, max_size=4).map(lambda events: json.dumps({"events": events}))


@pytest.mark.parametrize("lang", TEXTS)
@given(data=st.data())
@trying(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_answer_breaks_a_rule(lang: str, data: st.DataObject) -> None:
    """Any words of the report as anything: what comes out is in the text, in order, and one of the codebook's."""
    content = data.draw(answers(TEXTS[lang]))
    found = coded(TEXTS[lang], lang, content)
    check(found)
    assert coded(TEXTS[lang], lang, content) == found
