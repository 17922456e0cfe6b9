"""How often one address, person or program may ask.

In:  a key, at each request.
Out: seconds to wait; 0: go on.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic

MOST = 10_000  # keys remembered


class Limit:
    """`times` at once, and as many again in every `seconds`, evenly; for each key, of which one number is kept."""

    def __init__(self, times: int, *, seconds: float) -> None:
        self.times, self.seconds = times, seconds
        self._due: OrderedDict[str, float] = OrderedDict()  # when all that was asked is paid for
        self._lock = Lock()

    def wait(self, key: str, *, count: bool = True) -> int:
        """Whole seconds until the next is welcome; if it is now, count it."""
        now, step = monotonic(), self.seconds / self.times
        with self._lock:
            due = max(self._due.get(key, now), now) + step
            if due - now > self.seconds + step / 2:
                return int(due - now - self.seconds) + 1
            if count:
                self._due[key] = due
                self._due.move_to_end(key)
            while len(self._due) > MOST:
                self._due.popitem(last=False)
        return 0

    def forgive(self, key: str) -> None:
        """The last one does not count."""
        with self._lock:
            if key in self._due:
                self._due[key] -= self.seconds / self.times

    def clear(self) -> None:
        self._due.clear()
