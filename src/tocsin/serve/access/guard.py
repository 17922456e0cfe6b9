"""What holds for every request and every answer: sizes, numbers, addresses, what a page may load, how a fault is told.

In:  a request of whoever sends it.
Out: the answer of the routes with the headers that protect the reader; a refusal where a limit is passed; one plain
     sentence where the program itself is at fault.
"""

from __future__ import annotations

import logging
from hashlib import sha256

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.serve.access.limits import Limit
from tocsin.serve.pages import problem
from tocsin.serve.settings import LOOPBACK, Settings

log = logging.getLogger(__name__)
LARGEST = 5_000_000  # bytes of one request
LARGER = {"/admin/jobs/add": 2_000_000_000}  # archives of reports, sent by an admin
BY_ONE = 6000  # requests a minute by one session or token: a person who drags the map asks for some hundreds
BY_ADDRESS = 30_000  # by all behind one address
UNKNOWN = 300  # wrong tokens and cookies a minute from one address
FAULT = "Something went wrong here. The server's log says what; the database is as it was before."
LONGEST = 16_384  # characters of one address
PLOT = (
    "'sha256-+TfQir1nvDucAdvE6XUQBt4ayUjpAWkbw2kCdSfekHM='"  # the one style that Observable Plot writes into a figure
)
POLICY = ("default-src 'none'; script-src 'self'; "
          f"style-src 'self' {PLOT}; img-src 'self' data: blob:; font-src 'self'; "
          "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
          "manifest-src 'self'")  # fmt: skip
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
CLOSE = {"connection": "close"}
SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """ASGI middleware around all routes."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.by_one, self.by_address = Limit(BY_ONE, seconds=60), Limit(BY_ADDRESS, seconds=60)
        self.unknown = Limit(UNKNOWN, seconds=60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = self._told(scope, send)
        refusal = self._refusal(scope) or self._too_often(scope)
        if refusal:
            await refusal(scope, receive, told)
            return
        await self._answer(scope, _limited(receive, _largest(scope)), told)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the routes say. A fault of theirs goes into the log, never to who asks."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Exception:
            log.exception("%s %s failed.", scope["method"], scope["path"])
            if begun:  # all that can be done is to break off
                raise
            answer = await problem(Request(scope, receive), HTTPException(500, FAULT))
            await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST:
            return PlainTextResponse("The address is too long.", 414)
        if "transfer-encoding" in headers and "content-length" in headers:  # where does the request end? Ask nobody.
            return PlainTextResponse("A request has a length or comes in chunks, not both.", 400, CLOSE)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > _largest(scope):
            return PlainTextResponse(_too_large(scope), 413, CLOSE)
        if self.settings.local and _name(headers.get("host", "")) not in (*LOOPBACK, "[::1]", "testserver"):
            # Without login only this machine's own names are answered: a page elsewhere may not borrow them.
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost only.", 421)
        origin = headers.get("origin")
        if scope["method"] not in SAFE and origin and origin.split("//", 1)[-1] != headers.get("host"):
            return PlainTextResponse("Sent from a page of another site.", 403)
        return None

    def _too_often(self, scope: Scope) -> PlainTextResponse | None:
        """Where people log in, nobody may ask without end; neither for data, nor which tokens there are."""
        if not self.settings.login or scope["path"].startswith("/static/"):
            return None
        address, secret = _address(scope), _secret(scope)
        wait = self.by_address.wait(address) or self.unknown.wait(address, count=False)
        wait = wait or (self.by_one.wait(sha256(secret.encode()).hexdigest()) if secret else 0)
        if not wait:
            return None
        return PlainTextResponse(f"Too many requests; wait {wait} s.", 429, {"retry-after": str(wait)})

    def _told(self, scope: Scope, send: Send) -> Send:
        """With the headers of every answer; who is refused with a wrong token is counted."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self.settings.login and not scope["path"].startswith("/static/"):  # on a computer of many
                    headers.setdefault("cache-control", "no-store")
                if message["status"] == 401 and (_secret(scope) or b"key=" in scope["query_string"]):
                    self.unknown.wait(_address(scope))
            await send(message)

        return sent


def _name(host: str) -> str:
    """The host without its port."""
    return host.rsplit(":", 1)[0] if not host.endswith("]") else host


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _secret(scope: Scope) -> str:
    """What the sender shows to be let in, whatever it is worth."""
    headers = Headers(scope=scope)
    return headers.get("authorization") or headers.get("cookie") or ""


def _largest(scope: Scope) -> int:
    return LARGER.get(scope["path"], LARGEST)


def _too_large(scope: Scope) -> str:
    return f"At most {_largest(scope):,} bytes can be sent at once."


def _limited(receive: Receive, largest: int) -> Receive:
    """A body without a length is counted on its way in."""
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > largest:
            raise HTTPException(413, f"At most {largest:,} bytes can be sent at once.", CLOSE)
        return message

    return received
