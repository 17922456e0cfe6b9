"""The options that every command shares that codes reports: what finds the events, and how sure a value must be.

`@codes` gives them to a command, which gets what was chosen in its parameter `chosen`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin import cli_llm
from tocsin.cli_shared import with_options
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.code.found import Finder
    from tocsin.llm import LlmFinder
    from tocsin.model import Issue, Report

Least = Annotated[
    float | None, typer.Option(min=0.0, max=1.0, help="Withhold values, and events, that are less sure than this.")
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What finds the events (None: rules and model), and the confidence below which values are withheld, if given."""

    finder: Finder | None = None
    asked: float | None = None
    llm: LlmFinder | None = None  # the finder, if it is a language model
    estimate: bool = False
    price: str | None = None

    @property
    def least(self) -> float:
        """The confidence below which values are withheld."""
        return self.asked or 0.0

    def jobs(self, asked: int | None) -> int:
        """Processes at once: one for each core, but one only for a server, if none are asked for."""
        from tocsin.pool import cores

        return asked or (1 if self.llm else cores())

    def estimates(self, items: Iterable[Report | Issue]) -> bool:
        """Whether only an estimate is asked for; then it is printed."""
        if self.llm and self.estimate:
            cli_llm.print_estimate(self.llm, items, self.price)
        return self.estimate

    def refuse_estimate(self) -> None:
        """For commands that cannot give one; UsageError if it is asked for."""
        if self.estimate:
            raise UsageError("--llm-estimate is for `tocsin code` and `tocsin add`; give the reports to one of them.")

    @contextmanager
    def told(self) -> Iterator[None]:
        """Says where texts are sent before the work begins, and what was used of a language model when it ends."""
        if self.llm is None or self.estimate:
            yield
            return
        cli_llm.say_where(self.llm)
        try:
            yield
        finally:
            cli_llm.say_spent(self.llm)


def chosen(
    min_confidence: Least = None,
    finder: cli_llm.Finder = cli_llm.FinderName.both,
    llm_url: cli_llm.Url = None,
    llm_model: cli_llm.Model = None,
    llm_context: cli_llm.Context = 16_000,
    llm_answer: cli_llm.Answer = 3_000,
    llm_budget: cli_llm.Budget = 0,
    llm_calls: cli_llm.Calls = 0,
    llm_rate: cli_llm.Rate = 0.0,
    llm_timeout: cli_llm.Timeout = 120.0,
    llm_tries: cli_llm.Tries = 5,
    llm_cache: cli_llm.Cache = None,
    llm_price: cli_llm.Price = None,
    llm_estimate: cli_llm.Estimate = False,
) -> Chosen:
    """What these options choose. Its parameters are the options of a command that codes."""
    given = locals()
    llm = cli_llm.chosen_llm(given)
    here = cli_llm.chosen_finder(given)
    return Chosen(here or llm, min_confidence, llm, llm_estimate, llm_price)


codes = with_options("chosen", chosen)
