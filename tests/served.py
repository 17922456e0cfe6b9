"""A real server on loopback with a database of invented events, and a real browser, for tests."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import monotonic, sleep

import uvicorn

from tocsin.model import Report
from tocsin.project import add
from tocsin.serve import Settings, create_app
from tocsin.serve.access import login
from tocsin.serve.access.slow import Patient
from tocsin.serve.acled import oauth
from tocsin.store import Store, create_store

PASSWORD = "a long password"
PEOPLE = {"rita": "reader", "carl": "coder", "edna": "editor", "adam": "admin", "cora": "coder"}
REPORTS = (  # title, day, source, text
    (
        "Kaya",
        "2023-05-04",
        "Radio Plateau",
        "Gunmen on motorbikes killed seven villagers in Barsalogho on Tuesday, officials in northern Burkina Faso "
        "said. "
        "Two days later soldiers clashed with jihadists near Djibo, killing 12 fighters.",
    ),
    (
        "Kaya bis",
        "2023-05-05",
        "Le Quotidien du Sahel",
        "Armed men on motorbikes shot dead nine villagers in Barsalogho, Burkina Faso, on Tuesday, 2 May, survivors "
        "said.",
    ),
    (
        "Lomé",
        "2023-06-11",
        "Agence du Golfe",
        "Thousands of people marched through Lomé, the capital of Togo, on Saturday to demand early elections. "
        "Police fired tear gas to disperse the protest.",
    ),
    (
        "<script>alert(1)</script>",
        "2023-06-20",
        '"><img src=x onerror=alert(2)>',
        "A suicide bomber killed four people at a market in Maiduguri, Nigeria, on Monday. "
        "<b>No group</b> claimed the attack.",
    ),
)


def filled(path: str) -> Store:
    """A database with the events of REPORTS, coded as always."""
    store = create_store(path)
    reports = [
        Report(f"report {at}", text, title, date.fromisoformat(day), source, lang="en")
        for at, (title, day, source, text) in enumerate(REPORTS)
    ]
    tally = add(store, reports)
    assert (tally.reports, tally.failed) == (len(REPORTS), 0)
    return store


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it is, and its database."""

    address: str
    store: Store


@contextmanager
def serving(store: Store, settings: Settings | None = None) -> Iterator[Served]:
    """Serve on a free port until the end of the block; nobody has tried to log in yet."""
    for limit in (login.TRIES, login.NAMES, oauth.ASKED):  # of the process: other tests tried before
        limit.clear()
    config = uvicorn.Config(create_app(store, settings), port=0, log_level="warning", ws="none", http=Patient)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = monotonic() + 20
    while not server.started:
        assert monotonic() < end, "the server did not start within 20 s"
        sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", store)
    finally:
        server.should_exit = True
        thread.join(10)


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
