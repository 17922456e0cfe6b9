"""Who sends too slowly, or does not read what is sent, is cut off: few could else hold all connections.

In:  a connection.
Out: the same; it is closed if the head of a request is not whole in time, if its body stops coming, or if nobody takes
     the answer.
"""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Patient(H11Protocol):
    """uvicorn's protocol with an end to its patience."""

    head_s: ClassVar[float] = 20.0  # for the head of a request
    body_s: ClassVar[float] = 20.0  # in which `least` bytes of a body must come
    least: ClassVar[int] = 5_000
    taken_s: ClassVar[float] = 120.0  # in which some of the answer must be taken
    _came = 0
    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None
    _awaits: Any = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._came += len(data)
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._timer, self._stuck):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stuck = self.loop.call_later(self.taken_s, self.transport.abort)

    def resume_writing(self) -> None:
        if self._stuck:
            self._stuck.cancel()
        super().resume_writing()

    def shutdown(self) -> None:
        """The server stops: an answer that would never end by itself is told so (api/changes.py)."""
        super().shutdown()
        ending = self.cycle.scope.get("ending") if self.cycle else None
        if callable(ending):
            ending()

    def _watch(self) -> None:
        """One timer for the part of the request that is awaited; more bytes of the same part do not set it back."""
        awaits = self.conn.their_state
        if awaits is self._awaits:
            return
        if self._timer:
            self._timer.cancel()
        self._awaits = awaits
        if awaits is h11.IDLE:
            self._timer = self.loop.call_later(self.head_s, self.transport.abort)
        elif awaits is h11.SEND_BODY:
            self._came = 0
            self._timer = self.loop.call_later(self.body_s, self._weigh)

    def _weigh(self) -> None:
        """Has enough of the body come? While nobody here takes it, that is not the sender's fault."""
        if self.conn.their_state is not h11.SEND_BODY:
            return
        if self._came < self.least and not self.flow.read_paused:
            self.transport.abort()
            return
        self._came = 0
        self._timer = self.loop.call_later(self.body_s, self._weigh)
