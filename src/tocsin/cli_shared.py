"""What the commands share: how a database and a day are given, what people say, and a line for the person who types."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial, wraps
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from tocsin.errors import SourceError, UsageError

if TYPE_CHECKING:
    from tocsin.store import Store

T = TypeVar("T")
Database = Annotated[str, typer.Argument(metavar="DATABASE", help="A file, or postgresql://user@host/name.")]

Why = Annotated[str, typer.Option("--why", help="The reason, for those who look at the history.")]
Who = Annotated[str | None, typer.Option("--who", help="Who decides. Left out: the name of this account.")]

say = partial(typer.echo, err=True)  # data go to standard output, all else to standard error


def with_options(name: str, make: Callable[..., Any]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """A command gets the options of `make`, and what they make as its parameter `name`."""
    make.__annotations__.pop("return", None)  # like the next, this need not be there at run time
    given = signature(make, eval_str=True).parameters
    options = {each: part.replace(kind=Parameter.KEYWORD_ONLY) for each, part in given.items()}

    def dressed(command: Callable[..., T]) -> Callable[..., T]:
        command.__annotations__.pop(name, None)
        own = signature(command, eval_str=True)
        kept = [part for each, part in own.parameters.items() if each != name]

        @wraps(command)
        def typed(**given: Any) -> T:
            asked = {each: given.pop(each) for each in options}
            return command(**given, **{name: make(**asked)})

        shown = own.replace(parameters=[*kept, *options.values()])
        typed.__signature__ = shown  # type: ignore[attr-defined]
        typed.__annotations__ = {each: part.annotation for each, part in shown.parameters.items()}
        return typed

    return dressed


def day(text: str) -> date:
    """The day of an option; typer shows the error with the option's name."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"found {text!r}, expected a day such as 2024-03-12.") from error


def opened(database: str) -> Store:
    """The database that a command was given."""
    from tocsin.store import open_store

    return open_store(database)


def moment(text: str | None) -> int | str | None:
    """The number of a change, or a time."""
    return int(text) if text and text.isdecimal() and len(text) != 4 else text


def setting(text: str) -> tuple[str, Any]:
    """The field and the value of --set; a number if it looks like one."""
    name, _, value = text.partition("=")
    if not name or not value:
        raise UsageError("amend needs --set FIELD=VALUE, for example --set fatalities=12.")
    return name.strip(), int(value) if re.fullmatch(r"-?\d+", value) else value


def waits(database: str, count: int) -> str:
    """How to see what waits for a person."""
    return f" {count} values or events wait for you: tocsin review {database}" if count else ""


def language(name: str | None) -> str | None:
    """The language of an option, by its code; UsageError if none has that name."""
    if name is None:
        return None
    from tocsin.acquire.language import given_language

    try:
        return given_language(name)
    except SourceError as error:
        raise UsageError(f"--lang: {error}") from error
