"""The same work on many items, over the cores of one machine.

In:  items, and a function that can be sent to another process.
Out: each item with its result or a `Lost`, in the order given, whatever the number of processes; memory stays flat.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TypeVar

from tocsin.errors import DataError, StopError

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 8  # items sent at once: enough to hide the sending, few enough to keep all processes busy at the end
AHEAD = 3  # chunks in the queue for each process
WORTH_IT = 32  # fewer items are done sooner than the tools are loaded in a second process


@dataclass(frozen=True, slots=True)
class Lost:
    """An item without a result, and what ended the work on it."""

    error: str


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered(items: Iterable[T], work: Callable[[T], R], jobs: int) -> Iterator[tuple[T, R | Lost]]:
    """Each item with what `work` makes of it. A `DataError` or `StopError` ends all; else an item is lost alone."""
    source = iter(items)
    if jobs <= 1:
        return _here(source, work)
    first = list(islice(source, WORTH_IT))
    source = chain(first, source)
    return _here(source, work) if len(first) < WORTH_IT else _over_processes(source, work, jobs)


def _here(items: Iterator[T], work: Callable[[T], R]) -> Iterator[tuple[T, R | Lost]]:
    return ((item, _try(work, item)) for item in items)


def _try(work: Callable[[T], R], item: T) -> R | Lost:
    try:
        return work(item)
    except (DataError, StopError):
        raise
    except Exception as error:  # whatever one report brings about must not cost the others
        return Lost(f"{type(error).__name__}: {error}" if str(error) else type(error).__name__)


def _try_each(work: Callable[[T], R], chunk: list[T]) -> list[R | Lost]:
    return [_try(work, item) for item in chunk]


def _over_processes(items: Iterator[T], work: Callable[[T], R], jobs: int) -> Iterator[tuple[T, R | Lost]]:
    chunks = iter(lambda: list(islice(items, CHUNK)), [])
    waiting: deque[tuple[list[T], Future[list[R | Lost]]]] = deque()
    pool = _new_pool(jobs)
    try:
        while True:
            for chunk in islice(chunks, jobs * AHEAD - len(waiting)):
                waiting.append((chunk, _submit(pool, work, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                results = future.result()
            except BrokenProcessPool:
                results = _one_by_one(work, chunk)
                pool = _new_pool(jobs)
                waiting = deque((later, _again(pool, work, later, was)) for later, was in waiting)
            yield from zip(chunk, results, strict=True)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, work: Callable[[T], R], chunk: list[T]) -> Future[list[R | Lost]]:
    try:
        return pool.submit(_try_each, work, chunk)
    except BrokenProcessPool as error:  # a process died since: found again, and answered, when its turn comes
        failed: Future[list[R | Lost]] = Future()
        failed.set_exception(error)
        return failed


def _again(
    pool: ProcessPoolExecutor, work: Callable[[T], R], chunk: list[T], was: Future[list[R | Lost]]
) -> Future[list[R | Lost]]:
    done = was.done() and not was.cancelled() and was.exception() is None
    return was if done else _submit(pool, work, chunk)


def _one_by_one(work: Callable[[T], R], chunk: list[T]) -> list[R | Lost]:
    """Find out which item ends its process, and save the others."""
    results: list[R | Lost] = []
    pool = _new_pool(1)
    for item in chunk:
        try:
            results += pool.submit(_try_each, work, [item]).result()
        except BrokenProcessPool:
            results.append(Lost("the process ended, most likely out of memory"))
            pool = _new_pool(1)
    pool.shutdown()
    return results


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start)


def _start() -> None:
    """Leave Ctrl-C to the first process, and end when that one is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
