"""How often one address may ask.

In:  the address, at each request.
Out: seconds to wait; 0: go on.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Lock
from time import monotonic

MOST = 10_000  # addresses remembered


class Limit:
    """At most `times` in any `seconds`, for each key."""

    def __init__(self, times: int, *, seconds: float) -> None:
        self.times, self.seconds = times, seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str) -> int:
        """Count one; whole seconds until the next is welcome."""
        now = monotonic()
        with self._lock:
            seen = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while seen and seen[0] <= now - self.seconds:
                seen.popleft()
            if len(seen) >= self.times:
                return int(seen[0] + self.seconds - now) + 1
            seen.append(now)
            while len(self._seen) > MOST:
                self._seen.popitem(last=False)
        return 0

    def clear(self) -> None:
        self._seen.clear()
