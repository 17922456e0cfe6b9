"""Streams of bytes that cannot overwhelm us.

In:  an open file, standard input or a body.
Out: buffered streams with the bytes already looked at put back, and gzip taken off under a watch on its ratio.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import IO, Any

from tocsin.errors import SourceError

GZIP = b"\x1f\x8b"
MAX_RATIO = 200  # news text packs 3 to 10 times, repetitive logs 50; a bomb 1,000 times
RATIO_FROM = 10_000_000  # bytes unpacked before the ratio is looked at
ARCHIVES = {
    b"PK\x03\x04": "a zip archive or Office document",
    b"PK\x05\x06": "an empty zip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"(\xb5/\xfd": "a zstd archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
}


class Rejoined(io.RawIOBase):
    """`head`, then the rest of the stream; counts what was given out."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest, self.count = head, rest, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        data, self._head = self._head[:size], self._head[size:]
        data = data or self._rest.read(size)
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """A gzip stream unpacked; stops at a ratio that only bombs have."""

    def __init__(self, packed: Rejoined) -> None:
        self._packed, self._count = packed, 0
        self._gzip = gzip.GzipFile(fileobj=io.BufferedReader(packed))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._gzip.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise SourceError(f"the gzip data is damaged or cut off ({error}); fetch the file again") from error
        self._count += len(data)
        if self._count > RATIO_FROM and self._count > MAX_RATIO * self._packed.count:
            raise SourceError("the gzip data unpacks to over 200 times its size, as only bombs do; not read further")
        buffer[: len(data)] = data
        return len(data)


def rejoined(head: bytes, rest: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(Rejoined(head, rest))


def unpacked(stream: IO[bytes]) -> io.BufferedReader:
    """The stream without gzip, if it begins like gzip; refuses other archives."""
    head = stream.read(6)
    for mark, name in ARCHIVES.items():
        if head.startswith(mark):
            raise SourceError(f"this is {name}, which is not read; unpack it and give the files or their folder")
    if not head.startswith(GZIP):
        return rejoined(head, stream)
    return io.BufferedReader(_Unpacked(Rejoined(head, stream)), 1 << 16)


def read_limited(stream: IO[bytes], limit: int) -> bytes:
    """All of the stream; SourceError if that is more than `limit` bytes."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise SourceError(too_large(limit))
    return data


def too_large(limit: int, size: int | None = None) -> str:
    """The message for a report above the limit."""
    found = f"{megabytes(size)} large" if size else f"larger than {megabytes(limit)}"
    return f"this is {found}; one report may have {megabytes(limit)}: split it, or raise the limit (--max-bytes)"


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.3g} MB" if size >= 1_000_000 else f"{size:,} bytes"
