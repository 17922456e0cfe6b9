"""The application: every route, and what they share.

In:  a Store, Settings.
Out: a FastAPI application. `request.app.state.site` is the Site.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from tocsin import __version__
from tocsin.errors import TocsinError
from tocsin.exchange.public import load_public
from tocsin.serve import guard, pages
from tocsin.serve.access import role_of
from tocsin.serve.index import last_change
from tocsin.serve.jobs import Jobs
from tocsin.serve.openapi import describe
from tocsin.serve.people import Person
from tocsin.serve.routes import ROUTERS
from tocsin.serve.settings import Settings
from tocsin.serve.view import View
from tocsin.store import Store

STATIC = Path(__file__).parent / "static"


class Site:
    """What all requests share. The views are read anew when the database has changed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self.csrf = secrets.token_urlsafe(24)  # of forms, while nobody logs in
        self.public = load_public(settings.public) if settings.public else None
        self._views: dict[bool, View] = {}
        self._lock = threading.Lock()

    def view(self, person: Person) -> View:
        """The events as this person may see them, as they are now."""
        public = self.public if self.public and person.role in self.public.roles else None
        with self._lock:
            known, changed = self._views.get(public is None), last_change(self.store)
            if known is None or known.index.changed != changed:
                self._views[public is None] = View.read(self.store, public)
            return self._views[public is None]


def create_app(store: Store, settings: Settings | None = None) -> FastAPI:
    """The application that serves the database."""
    app = FastAPI(title="Tocsin", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
                  redirect_slashes=False, lifespan=_life)  # fmt: skip
    app.state.site = Site(store, settings or Settings())
    app.state.jobs = Jobs(store)
    app.state.roles = {route.path: role for router in ROUTERS for route in router.routes for role in role_of(route)}
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, pages.problem)
    app.add_exception_handler(TocsinError, pages.problem)
    app.add_middleware(guard.Guard, settings=app.state.site.settings)
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    whole = Person("", "admin")
    threading.Thread(target=app.state.site.view, args=(whole,), daemon=True).start()  # ready before a page asks
    yield
    app.state.jobs.close()
