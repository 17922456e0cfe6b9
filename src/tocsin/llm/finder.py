"""The finder that asks a language model.

In:  a Scene; a server by its Settings.
Out: Found. The model points to words; what they stand for, and whether they are an event, is decided here and in the
     codebook. The same answers in the cache give the same events, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from tocsin.code.found import Found
from tocsin.code.frames import Scene
from tocsin.errors import SourceError, UsageError
from tocsin.llm.answer import Answer, read_answer
from tocsin.llm.book import Book
from tocsin.llm.incidents import Maker
from tocsin.llm.merge import merge
from tocsin.llm.orders import orders
from tocsin.llm.parts import Part, cut
from tocsin.llm.prompt import Request, request, system
from tocsin.llm.server import Server
from tocsin.llm.settings import LETTERS, Settings, tokens
from tocsin.model import Issue, Report

SEEDS = (1, 2)  # an answer of another form than asked for is asked for once more
HEAD = 150  # tokens of the title, the day and the marks around the text
LEAST = 300  # tokens of a report that must fit into one request


@dataclass(frozen=True, slots=True)
class LlmFinder:
    """Asks the model about each report that it was not asked about before."""

    settings: Settings

    def __post_init__(self) -> None:
        room(self.settings)

    @property
    def name(self) -> str:
        """The model and what it is told: with the same name, the same report gets the same answer from the cache."""
        return f"llm {self.settings.model} {blake2b(system().encode(), digest_size=6).hexdigest()}"

    def spent(self) -> tuple[int, int, int]:
        """Calls made, tokens sent and received in this run."""
        return Book(self.settings.cache).spent(self.settings.run)

    def find(self, scene: Scene) -> Found:
        report, maker = scene.reading.report, Maker(scene)
        issues = [_left_out(report)] if orders(report.text) else []
        for part in parts(report, self.settings):
            try:
                answer = self._answer(request(report, part, self.settings))
            except SourceError as error:
                issues.append(Issue("error", "llm", f"{error}; a part of the report was not coded", report.id))
                continue
            issues += [Issue("info", "llm", f"in the answer: {said}; dropped", report.id) for said in answer.problems]
            maker.take(part, answer.events)
        said = tuple(dict.fromkeys((*issues, *maker.issues)))  # once, however often it was quoted
        return Found(maker.all_actors(), merge(maker.incidents), tuple(dict.fromkeys(maker.rejected)), said)

    def _answer(self, asked: Request) -> Answer:
        """From the cache or from the server; only what has the form asked for is kept."""
        book = Book(self.settings.cache)
        if known := book.answer(asked.key):
            return read_answer(known.content, is_cut=known.is_cut) or Answer(())
        server = Server(self.settings, book)
        for seed in SEEDS:
            reply = server.ask(asked, seed)
            if answer := read_answer(reply.content, is_cut=reply.is_cut):
                book.keep(asked.key, self.settings.model, reply)
                return answer
        raise SourceError(f"{self.settings.host} does not answer in the form asked for (JSON with a list of events)")


def parts(report: Report, settings: Settings) -> list[Part]:
    """The pieces in which a report is sent."""
    return cut(report.text, int(room(settings) * LETTERS), orders(report.text))


def room(settings: Settings) -> int:
    """How many tokens of a report fit into one request; UsageError if they are too few."""
    free = settings.context - settings.answer - tokens(system()) - HEAD
    if free < LEAST:
        least = settings.context - free + LEAST
        raise UsageError(f"--llm-context: {settings.context:,} tokens are too few; at least {least:,} are needed.")
    return free


def _left_out(report: Report) -> Issue:
    said = "; ".join(repr(" ".join(span.of(report.text).split())[:60]) for span in orders(report.text))
    return Issue("warning", "llm", f"words that speak to a machine were left out: {said}", report.id)
