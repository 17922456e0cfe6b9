"""Scripts, styles and maps that come with Tocsin, packed for the way.

In:  the files of a folder.
Out: the files, as gzip for who takes it; each is packed once and kept.
"""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PACKED = (".css", ".js", ".json", ".mjs", ".svg", ".txt")  # a quarter of their size; pictures are packed already


class Files(StaticFiles):
    """The files of a folder. Browsers ask each time whether theirs is still the same, and are told so."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        found = super().file_response(full_path, stat_result, scope, status_code)
        if Path(full_path).suffix not in PACKED:
            return found
        found.headers["vary"] = "accept-encoding"
        if not isinstance(found, FileResponse) or not takes_gzip(Headers(scope=scope)):
            return found
        same = {"etag": f"W/{found.headers['etag']}", "last-modified": found.headers["last-modified"]}
        headers = {**same, "vary": "accept-encoding", "content-encoding": "gzip"}
        return Response(_packed(str(full_path), stat_result.st_mtime_ns), status_code, headers, found.media_type)


def takes_gzip(headers: Headers) -> bool:
    """Does who asks understand gzip?"""
    return any(each.split(";")[0].strip() == "gzip" for each in headers.get("accept-encoding", "").split(","))


@lru_cache(maxsize=200)
def _packed(path: str, _changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)
