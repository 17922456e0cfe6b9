"""Waiting for the next change of the database, for any number of readers at once.

In:  a Store.
Out: `beyond`, which ends when something changed. One look a second serves all who wait; nobody waits, nobody looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tocsin.serve.events.read import last_change
from tocsin.store import Store, StoreError

EVERY = 1.0  # seconds between two looks


class Watch:
    """`last`: the last change seen."""

    def __init__(self, store: Store) -> None:
        self.store, self.last, self.readers, self.closed = store, 0, 0, False
        self.one_at_a_time = asyncio.Lock()  # of readers who fetch what changed
        self._waiting: set[asyncio.Future[None]] = set()
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """While somebody reads, we look."""
        self.readers += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self.readers -= 1

    async def beyond(self, seen: int, patience: float) -> bool:
        """Has anything changed since that change? False after so many seconds without."""
        if self.last > seen or self.closed:
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await asyncio.wait_for(waiting, patience)
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)
        return True

    def close(self) -> None:
        """The server stops: nobody waits any more."""
        self.closed = True
        self._wake()

    async def _look(self) -> None:
        while self.readers and not self.closed:
            try:
                last = await asyncio.to_thread(last_change, self.store)
            except StoreError:  # locked or away; it may come back
                last = self.last
            if last > self.last:
                self.last = last
                self._wake()
            await asyncio.sleep(EVERY)

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
