"""Long work that the server does by itself: one piece at a time, told while it goes on, and stopped when asked to.

In:  a function that is handed a Job, which it counts up and by which it learns that it shall stop.
Out: Jobs in the order in which they were asked for. What became of each is kept with the database, so that after a
     restart the work that was under way is told as interrupted.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select

from tocsin.errors import TocsinError
from tocsin.model import Issue
from tocsin.store import Store, schema
from tocsin.store.errors import told

log = logging.getLogger(__name__)
T = TypeVar("T")
KEY = "job "  # settings: what became of jobs
KEPT = 50  # jobs remembered
PROBLEMS = 100  # told of one job
WAITING, RUNNING, DONE, FAILED, STOPPED, INTERRUPTED = "waiting", "running", "done", "failed", "stopped", "interrupted"
RESTARTED = "The server ended before this was done. What it had added is kept; start it again for the rest."
FAULT = "Something went wrong. The server's log says what."


class Stop(Exception):
    """A person wants the work to end."""


@dataclass(slots=True)
class Job:
    """A piece of work. `count`: of what it goes through; `of`: how many there are, if that is known."""

    id: int
    kind: str
    about: str
    who: str
    since: str
    state: str = WAITING
    count: int = 0
    of: int | None = None
    until: str | None = None
    said: str = ""
    problems: list[str] = field(default_factory=list)
    stops: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in (WAITING, RUNNING)

    def step(self) -> None:
        """One more is done. Stop is raised if that was the last."""
        self.count += 1
        if self.stops:
            raise Stop

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """The items, until the job shall stop."""
        for item in items:
            if self.stops:
                return
            self.count += 1
            yield item

    def notice(self, issue: Issue) -> None:
        """Something was odd about one input."""
        if issue.level != "info" and len(self.problems) < PROBLEMS:
            self.problems.append(f"{issue.where}: {issue.message}" if issue.where else issue.message)


Work = Callable[[Job], str]  # what it did, in a sentence


class Jobs:
    """The jobs of one server."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock, self._ready = threading.Lock(), threading.Event()
        self._queue: deque[tuple[Job, Work]] = deque()
        self._jobs = {job.id: job for job in _kept(store)}
        self._thread: threading.Thread | None = None
        self._closed = False
        for job in [job for job in self._jobs.values() if job.is_open]:
            self._end(job, INTERRUPTED, RESTARTED)

    def put(self, kind: str, about: str, who: str, work: Work) -> Job:
        """Do this when all that was asked for before is done."""
        with self._lock:
            job = Job(max(self._jobs, default=0) + 1, kind, about[:200], who, _now())
            self._jobs[job.id] = job
        self._keep(job)
        with self._lock:
            self._queue.append((job, work))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="jobs")
                self._thread.start()
        self._ready.set()
        return job

    def stop(self, number: int) -> Job | None:
        """It ends as soon as that leaves nothing half done."""
        job = self._jobs.get(number)
        if job and job.is_open:
            job.stops = True
        return job

    def all(self) -> list[Job]:
        """The newest first."""
        with self._lock:
            return sorted(self._jobs.values(), key=lambda job: -job.id)

    def close(self) -> None:
        """The server ends: what is under way stops, what waits is not begun."""
        with self._lock:
            waiting, thread = [job for job, _ in self._queue], self._thread
            self._queue.clear()
            self._closed = True
        for job in self.all():
            job.stops = True
        for job in waiting:
            self._end(job, INTERRUPTED, RESTARTED)
        self._ready.set()
        if thread:
            thread.join(5)

    def _work(self) -> None:
        while not self._closed:
            self._ready.wait()
            with self._lock:
                found = self._queue.popleft() if self._queue else None
                if found is None:
                    self._ready.clear()
            if found:
                self._do(*found)

    def _do(self, job: Job, work: Work) -> None:
        if job.stops:
            self._end(job, STOPPED, "It was stopped before it began.")
            return
        job.state = RUNNING
        self._keep(job)
        try:
            said = work(job)
            self._end(job, STOPPED if job.stops else DONE, said)
        except Stop:
            self._end(job, STOPPED, "It was stopped; what was done before is kept.")
        except TocsinError as error:
            self._end(job, FAILED, str(error))
        except Exception:
            log.exception("Job %s (%s) failed.", job.id, job.kind)
            self._end(job, FAILED, FAULT)

    def _end(self, job: Job, state: str, said: str) -> None:
        job.said, job.until, job.state = said, _now(), state
        self._keep(job)

    def _keep(self, job: Job) -> None:
        """Written when it begins and when it ends: meanwhile the work itself may be the one that writes."""
        row = {"key": f"{KEY}{job.id:08}", "value": json.dumps({**asdict(job), "stops": False})}
        s = schema.setting
        try:
            with told(self.store.name), self.store.engine.execution_options(write=True).begin() as connection:
                connection.execute(delete(s).where(s.c.key == row["key"]))
                connection.execute(s.insert().values(**row))
                old = f"{KEY}{max(job.id - KEPT, 0):08}"
                connection.execute(delete(s).where(s.c.key.startswith(KEY), s.c.key <= old))
        except TocsinError as error:  # the work matters more than that it is told
            log.warning("Job %s is %s, which could not be written down: %s", job.id, job.state, error)


def _kept(store: Store) -> Iterator[Job]:
    query = select(schema.setting.c.value).where(schema.setting.c.key.startswith(KEY)).order_by(schema.setting.c.key)
    with told(store.name), store.engine.connect() as connection:
        rows: list[dict[str, Any]] = [json.loads(value) for value in connection.scalars(query)]
    return (Job(**row) for row in rows)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
