"""The application: every route, and what they share.

In:  a Store, Settings.
Out: a FastAPI application. `request.app.state.site` is the Site.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import monotonic

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from tocsin import __version__
from tocsin.errors import TocsinError
from tocsin.exchange.public import Public, load_public
from tocsin.serve import pages
from tocsin.serve.access import guard
from tocsin.serve.access.people import Person
from tocsin.serve.access.rights import asked_by
from tocsin.serve.admin.jobs import Jobs
from tocsin.serve.api.openapi import describe
from tocsin.serve.events.asked import Asked
from tocsin.serve.events.kept import keep
from tocsin.serve.events.read import last_change
from tocsin.serve.events.view import View
from tocsin.serve.explore.land import land_tile
from tocsin.serve.explore.page import answer
from tocsin.serve.files import Files
from tocsin.serve.routes import ROUTERS
from tocsin.serve.settings import Settings
from tocsin.store import Store

log = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"
PATIENCE = 2.0  # seconds that a request waits for what is newer than what is known


class Site:
    """What all requests share. The views are brought up to date when the database has changed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.csrf = secrets.token_urlsafe(24)  # of forms, while nobody logs in
        self.public = load_public(settings.public) if settings.public else None
        self._views: dict[bool, View] = {}
        self._reading: dict[bool, Future[View]] = {}
        self._lock = threading.Lock()

    def shows_all(self, person: Person) -> bool:
        """Does no embargo hold for this person?"""
        return self.public is None or person.role not in self.public.roles

    def view(self, person: Person) -> View:
        """The events as this person may see them, as they are now. Where much came in at once, as they were: who asks
        is not kept waiting for long."""
        public = None if self.shows_all(person) else self.public
        known, changed = self._views.get(public is None), last_change(self.store)
        end = monotonic() + PATIENCE
        while known is None or not known.holds(changed):
            try:
                known = self._read(public).result(max(0.0, end - monotonic()) if known else None)
            except TimeoutError:
                break
        assert known is not None
        return known

    def _read(self, public: Public | None) -> Future[View]:
        """One reads, for all who wait."""
        whole = public is None
        with self._lock:
            if whole not in self._reading:
                self._reading[whole] = Future()
                threading.Thread(target=self._bring, args=(public, self._reading[whole]), daemon=True).start()
            return self._reading[whole]

    def _bring(self, public: Public | None, reading: Future[View]) -> None:
        whole = public is None
        known = self._views.get(whole)
        try:
            found = View.read(self.store, public, known)
        except Exception as error:
            done = partial(reading.set_exception, error)
        else:
            self._views[whole] = found
            done = partial(reading.set_result, found)
        with self._lock:
            del self._reading[whole]
        done()
        if whole and known is None and whole in self._views:
            keep(self.store, self._views[whole].index)  # the next start is quick


def create_app(store: Store, settings: Settings | None = None) -> FastAPI:
    """The application that serves the database."""
    app = FastAPI(title="Tocsin", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
                  redirect_slashes=False, lifespan=_life)  # fmt: skip
    app.state.site = Site(store, settings or Settings())
    app.state.jobs = Jobs(store)
    app.state.asks = {route.path: asks for router in ROUTERS for route in router.routes for asks in asked_by(route)}
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    app.mount("/static", Files(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, pages.problem)
    app.add_exception_handler(TocsinError, pages.problem)
    app.add_middleware(guard.Guard, settings=app.state.site.settings)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    threading.Thread(target=_prepare, args=(app.state.site,), daemon=True).start()
    yield
    app.state.jobs.close()


def _prepare(site: Site) -> None:
    """What the first page asks for is ready before it asks; where that fails, the page says so when it asks."""
    try:
        answer(site.view(Person("", "admin")), Asked())
        land_tile(0, 0, 0)
    except Exception as error:  # of whatever kind: nobody waits for this
        log.warning("The first page could not be prepared (%s).", type(error).__name__)
