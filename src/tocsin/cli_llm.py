"""What finds the events, and the options for a language model. Its key comes from the environment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from tocsin.cli_shared import say
from tocsin.errors import UsageError
from tocsin.model import Issue, Report

if TYPE_CHECKING:
    from tocsin.code.found import Finder as Found
    from tocsin.llm import LlmFinder

KEY = "TOCSIN_LLM_KEY"


class FinderName(StrEnum):
    """What can find the events of a report."""

    rules = "rules"
    model = "model"
    both = "both"
    llm = "llm"


Finder = Annotated[
    FinderName,
    typer.Option(help="What finds the events: our rules, our model, rules and model together, or a language model."),
]
Url = Annotated[str | None, typer.Option(metavar="URL", help="Where the model is served, up to /v1.")]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="The server's name for the model.")]
Context = Annotated[int, typer.Option(metavar="TOKENS", help="What the model holds, question and answer together.")]
Answer = Annotated[int, typer.Option(metavar="TOKENS", min=1, help="The longest answer.")]
Budget = Annotated[int, typer.Option(metavar="TOKENS", min=0, help="Stop before more is sent and received; 0: never.")]
Calls = Annotated[int, typer.Option(metavar="N", min=0, help="Stop after so many requests; 0: never.")]
Rate = Annotated[float, typer.Option(metavar="N", min=0, help="Requests a minute at most; 0: as fast as it goes.")]
Timeout = Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="How long to wait for one answer.")]
Tries = Annotated[int, typer.Option(metavar="N", min=1, help="How often a busy server is asked.")]
Cache = Annotated[Path | None, typer.Option(metavar="FILE", help="Where answers are kept.")]
Price = Annotated[str | None, typer.Option(metavar="IN,OUT", help="Of a million tokens sent and received.")]
Estimate = Annotated[bool, typer.Option("--llm-estimate", help="Say what it would cost; send nothing.")]


def chosen_finder(options: Mapping[str, Any]) -> Found | None:
    """The finder that works here; None: a language model."""
    if options["finder"] is not FinderName.llm and (options["llm_url"] or options["llm_estimate"]):
        raise UsageError("--llm-url and --llm-estimate are for --finder llm; add it, or leave them out.")
    if options["finder"] is FinderName.llm:
        return None
    from tocsin.code.both import Both
    from tocsin.code.found import RULES

    return RULES if options["finder"] is FinderName.rules else Both(lexicon=options["finder"] is FinderName.both)


def chosen_llm(options: Mapping[str, Any]) -> LlmFinder | None:
    """The language model that the options name, if they do."""
    if options["finder"] is not FinderName.llm:
        return None
    from tocsin.llm import LlmFinder, Settings

    if not options["llm_url"]:
        raise UsageError("--finder llm needs --llm-url, such as http://127.0.0.1:8080/v1, and --llm-model.")
    return LlmFinder(
        Settings(
            url=options["llm_url"],
            model=options["llm_model"] or "",
            cache=options["llm_cache"] or _cache(),
            key=os.environ.get(KEY, ""),
            context=options["llm_context"],
            answer=options["llm_answer"],
            budget=options["llm_budget"],
            calls=options["llm_calls"],
            per_minute=options["llm_rate"],
            timeout_s=options["llm_timeout"],
            tries=options["llm_tries"],
            run=uuid4().hex,
        )
    )


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin" / "llm.sqlite"


def say_where(finder: LlmFinder) -> None:
    """Before the first report: whether texts leave the machine, and where they go."""
    settings = finder.settings
    if not settings.is_local:
        say(f"The texts of the reports are sent to {settings.host}.")


def say_spent(finder: LlmFinder) -> None:
    """What was used of the model."""
    calls, sent, received = finder.spent()
    say(f"Requests to the model: {calls:,}; tokens sent: {sent:,}, received: {received:,}.")


def print_estimate(finder: LlmFinder, items: Iterable[Report | Issue], price: str | None) -> None:
    """What the reports would cost."""
    from tocsin.llm import estimate

    prices = _prices(price)
    found = estimate(_reports(items), finder.settings)
    rows = [
        ("reports", f"{found.reports:,}"),
        ("requests", f"{found.calls:,}"),
        ("answered by the cache", f"{found.known:,}"),
        ("tokens to send, about", f"{found.sent:,}"),
        ("tokens to receive, at most", f"{found.received:,}"),
    ]
    if prices:
        least, most = found.price(*prices)
        rows.append(("price", f"{least:,.2f} to {most:,.2f}"))
    for name, value in rows:
        print(f"{name:28}{value:>16}")


def _reports(items: Iterable[Report | Issue]) -> Iterator[Report]:
    for item in items:
        if isinstance(item, Report):
            yield item
        elif item.level != "info":
            say(f"{item.level}: {item.where}: {item.message}")


def _prices(price: str | None) -> tuple[float, float] | None:
    if price is None:
        return None
    try:
        sent, received = (float(part) for part in price.split(","))
    except ValueError as error:
        raise UsageError(f"--llm-price: found {price!r}, expected two numbers such as 0.15,0.60.") from error
    return sent, received
