"""What holds for every request and every answer: sizes, addresses, what a page may load.

In:  a request of whoever sends it.
Out: the answer of the routes with the headers that protect the reader; a refusal where a limit is passed.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.serve.settings import LOOPBACK, Settings

LARGEST = 5_000_000  # bytes of one request
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
SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """ASGI middleware around all routes."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal:
            await refusal(scope, receive, _headed(send))
            return
        await self.app(scope, _limited(receive), _headed(send))

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST:
            return PlainTextResponse("The address is too long.", 414)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST:
            return PlainTextResponse(f"At most {LARGEST:,} bytes can be sent at once.", 413)
        if self.settings.local and _name(headers.get("host", "")) not in (*LOOPBACK, "[::1]", "testserver"):
            # Without login only this machine's own names are answered: a page elsewhere may not borrow them.
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost only.", 421)
        origin = headers.get("origin")
        if scope["method"] not in SAFE and origin and origin.split("//", 1)[-1] != headers.get("host"):
            return PlainTextResponse("Sent from a page of another site.", 403)
        return None


def _name(host: str) -> str:
    """The host without its port."""
    return host.rsplit(":", 1)[0] if not host.endswith("]") else host


def _headed(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent


def _limited(receive: Receive) -> Receive:
    """A body without a length is counted on its way in."""
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            return {"type": "http.disconnect"}
        return message

    return received
