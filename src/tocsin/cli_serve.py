"""The commands of the server: serve, people.

Data go to standard output, all else to standard error. Exit code 0: done; 2: wrong usage.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from getpass import getuser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli_shared import Database, opened, say
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.serve.settings import Settings
    from tocsin.store import Store

app = typer.Typer()
NEEDED = ("argon2", "fastapi", "jinja2", "lark", "mapbox_vector_tile", "multipart", "uvicorn")  # the extra "web"


class Role(StrEnum):
    """What a person may do; each may do what those before may do."""

    reader = "reader"
    coder = "coder"
    editor = "editor"
    admin = "admin"


@app.command(epilog="Example: tocsin serve sahel.db")
def serve(
    database: Database,
    host: Annotated[
        str, typer.Option(help="Any but this machine's own needs people first (tocsin people).")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8765,
    login: Annotated[bool, typer.Option("--login", help="People must log in, on this machine too.")] = False,
    settings: Annotated[
        Path | None, typer.Option(help="The project's embargo and redaction (TOML, docs/export.md).", exists=True)
    ] = None,
    secure: Annotated[
        bool, typer.Option("--secure", help="A proxy in front speaks TLS: cookies go over TLS only.")
    ] = False,
) -> None:
    """Show a database in the browser, and answer ACLED's clients, GIS programs and others."""
    _need_extra()
    from tocsin.serve.settings import LOOPBACK, Settings

    found = Settings(host, port, login or host not in LOOPBACK, settings, secure)
    with opened(database) as store:
        _check(store, found)
        _run(store, found)


def _need_extra() -> None:
    """UsageError where Tocsin was installed without what its server needs."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise UsageError(f"the server needs {', '.join(missing)}; type: pip install 'tocsin[web]'")


def _check(store: Store, settings: Settings) -> None:
    from tocsin.serve.access.people import people

    if settings.login and not any(row["until"] is None and row["role"] == "admin" for row in people(store)):
        raise UsageError(
            f"on {settings.host} people must log in, and there is no admin yet: "
            f"tocsin people {store.name} NAME --role admin"
        )


def _run(store: Store, settings: Settings) -> None:
    import uvicorn

    from tocsin.serve import create_app
    from tocsin.serve.access.slow import Patient

    where = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(f"{store.name} is at http://{where}:{settings.port} (Ctrl-C ends it).")
    if settings.login and not settings.local and not settings.secure:
        say("warning: passwords go over the network in the clear; put a proxy with TLS in front, and give --secure.")
    uvicorn.run(
        create_app(store, settings), host=settings.host, port=settings.port, log_level="warning", server_header=False,
        http=Patient, ws="none", timeout_keep_alive=30, limit_concurrency=500, proxy_headers=settings.secure,
    )  # fmt: skip


@app.command(epilog="Example: tocsin people sahel.db")
def people(
    database: Database,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Left out: all are listed.")] = None,
    role: Annotated[Role | None, typer.Option(help="What the person may do; a new one is a reader.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a new password, besides the role.")] = False,
    out: Annotated[bool, typer.Option("--out", help="The person is let in no more.")] = False,
) -> None:
    """Let people in to the server, change what they may do, or shut them out. New ones need a password."""
    _need_extra()
    from tocsin.serve.access.people import note, put_person, shut_out
    from tocsin.serve.access.people import people as listed

    with opened(database) as store:
        known = {row["name"]: row for row in listed(store)}
        if name is None:
            for row in known.values():
                typer.echo(f"{row['name']}  {row['role']}" + ("  (shut out)" if row["until"] else ""))
            return
        if out and name not in known:
            raise UsageError(f"{name} is not there; there are {', '.join(known) or 'no people yet'}.")
        if out:
            shut_out(store, name)
            say(f"{name} is let in no more.")
        else:
            now = str(role or known.get(name, {}).get("role") or Role.reader)
            asked = password or name not in known or role is None
            put_person(store, name, now, _password() if asked else None)
            say(f"{name} may log in as {now}.")
        note(store, getuser(), "shut out" if out else "let in", name if out else f"{name} as {now}", "command line")


def _password() -> str:
    """Typed twice at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
