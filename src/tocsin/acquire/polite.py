"""Fetch as a good guest.

In:  addresses, one after the other.
Out: pages. robots.txt is obeyed at every hop, a host is asked once at a time with a pause, and a host that asks for
     time gets it: until then it is not asked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

from httpx import BaseTransport

from tocsin.acquire.options import Options
from tocsin.acquire.web import Answered, Ask, Away, Page, Resolve, fetch, resolve
from tocsin.errors import SourceError

NAME = "tocsin"  # as robots.txt files call us
MAX_PAUSE_S = 60.0  # a crawl-delay above this is cut
ROBOTS_BYTES = 512_000
ROBOTS_S = 86_400.0  # how long a robots.txt is believed
HOLD_S = 300.0  # for a host that asks for time without saying how much


@dataclass(slots=True)
class Host:
    """What we know of a host. Times are those of the guest's clock."""

    robots: Any = None
    read_at: float | None = None
    last_at: float | None = None
    held_until: float = 0.0


class Guest:
    """Fetches pages politely; keeps what it learns about hosts."""

    def __init__(
        self,
        options: Options,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        resolve: Resolve = resolve,
        transport: BaseTransport | None = None,
    ) -> None:
        self.options, self._sleep, self._clock = options, sleep, clock
        self._fetch = partial(fetch, resolve=resolve, transport=transport)
        self._hosts: dict[str, Host] = {}

    def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None, part: bool = False) -> Page:
        """The page; `unchanged` if it is as when `etag` and `last_modified` were given out. SourceError, Away."""
        given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in given.items() if value}
        seen = [url]

        def visit(hop: str) -> None:
            seen.append(hop)
            self._enter(hop)

        try:
            return self._fetch(url, self.options, ask=Ask(headers, visit, part))
        except Away as away:
            if away.again_s is not None or " 429 " in str(away):
                self._host(seen[-1]).held_until = self._clock() + (HOLD_S if away.again_s is None else away.again_s)
            raise

    def _enter(self, url: str) -> None:
        """Wait for our turn; SourceError if the host does not want us here."""
        host = self._host(url)
        if (left := host.held_until - self._clock()) > 0:
            raise Away(f"{urlsplit(url).netloc} asked for time; it is asked again in {left:.0f} s", left)
        self._read_robots(host, url)
        if not host.robots.can_fetch(url, NAME):
            raise SourceError("robots.txt of the site does not allow it; save the page as a file, or ask the publisher")
        self._wait(host)

    def _wait(self, host: Host) -> None:
        pause = min(max(self.options.pause_s, host.robots.crawl_delay(NAME) or 0.0), MAX_PAUSE_S)
        if host.last_at is not None and (left := host.last_at + pause - self._clock()) > 0:
            self._sleep(left)
        host.last_at = self._clock()

    def _read_robots(self, host: Host, url: str) -> None:
        """The site's rules: none if it has no file; Away if it cannot say."""
        if host.read_at is not None and self._clock() - host.read_at < ROBOTS_S:
            return
        from protego import Protego

        parts = urlsplit(url)
        try:
            page = self._fetch(
                f"{parts.scheme}://{parts.netloc}/robots.txt", replace(self.options, max_bytes=ROBOTS_BYTES)
            )
            rules = page.body.decode("utf-8", "replace")
        except Away as away:
            raise Away(f"robots.txt of the site: {away}", away.again_s) from away
        except Answered:
            rules = ""
        host.robots, host.read_at = Protego.parse(rules), self._clock()

    def _host(self, url: str) -> Host:
        parts = urlsplit(url)
        return self._hosts.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), Host())


@lru_cache(maxsize=1)
def guest(options: Options) -> Guest:
    """One guest for all inputs of a run, so that pauses hold between them."""
    return Guest(options)
