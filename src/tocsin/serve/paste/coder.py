"""A process of its own that reads and codes, so that no text can hold up, or bring down, the server.

In:  a function of a module and values that can be sent to another process.
Out: what it returns. TooBusy: others wait already. TooLong: it took too much time; the process was ended, the next
     call starts another. The tools are loaded once in the life of the process, when the first text comes.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import BoundedSemaphore, Lock, Thread
from typing import ParamSpec, TypeVar

from tocsin.errors import SourceError, StopError, TocsinError

R = TypeVar("R")
P = ParamSpec("P")
SECONDS = 40.0  # for one call; a long report takes 1 to 3 s, loading the tools 3 to 6 s
WAITING = 6  # calls at once: one works, the others wait


class TooBusy(StopError):
    """Others are served first."""


class TooLong(StopError):
    """The work was ended."""


class Coder:
    """One process, started when it is first needed."""

    def __init__(self, seconds: float = SECONDS, waiting: int = WAITING) -> None:
        self.seconds = seconds
        self.is_ready = False
        self._one, self._some = Lock(), BoundedSemaphore(waiting)
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def wake(self, work: Callable[[], object]) -> None:
        """Get ready in the background, if nobody works yet."""
        if not self.is_ready and not self._one.locked():
            Thread(target=self._wake, args=(work,), daemon=True).start()

    def __call__(self, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        if not self._some.acquire(blocking=False):
            raise TooBusy("Others are having texts read just now; try again in a minute.")
        try:
            if not self._one.acquire(timeout=self.seconds):
                raise TooBusy("Others are having long texts read just now; try again in a minute.")
            try:
                return self._ask(work, *given, **named)
            finally:
                self._one.release()
        finally:
            self._some.release()

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.kill()
            self._process.join()
        self._process, self._pipe, self.is_ready = None, None, False

    def _wake(self, work: Callable[[], object]) -> None:
        try:
            self(work)
        except TocsinError:
            return  # whoever asks next is told

    def _ask(self, work: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        pipe = self._started()
        try:
            pipe.send((work, given, named))
            if not pipe.poll(self.seconds):
                self.end()
                raise TooLong(f"This took over {self.seconds:g} s and was ended; try a shorter text, or part of it.")
            error, found = pipe.recv()
        except (EOFError, OSError) as broken:
            self.end()
            raise StopError("The text could not be read: its reader broke down over it. Try part of it.") from broken
        self.is_ready = True
        if error is not None:
            raise error
        return found  # type: ignore[no-any-return]

    def _started(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.end()
            context = get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True, name="tocsin coder")
            self._process.start()
            theirs.close()
        return self._pipe


def _serve(pipe: Connection) -> None:
    """Work until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server
    while True:
        try:
            work, given, named = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[TocsinError | None, object]
        try:
            answer = None, work(*given, **named)
        except TocsinError as error:  # as a plain one: not every error can be sent
            answer = (SourceError if isinstance(error, SourceError) else StopError)(str(error)), None
        except Exception as error:  # whatever one text brings about must not cost the others
            answer = StopError(f"The text could not be read ({type(error).__name__}). Try part of it."), None
        pipe.send(answer)


CODER = Coder()
