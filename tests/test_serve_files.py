"""Static files come packed for who takes it, and are asked for again only when they changed."""

from __future__ import annotations

import asyncio
import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from tocsin.serve.files import Files

TEXT = b"let a = 1;\n" * 500


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.js").write_bytes(TEXT)
    (tmp_path / "a.png").write_bytes(TEXT)
    return tmp_path


def get(folder: Path, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, and its body as it was sent."""
    app = Starlette()
    app.mount("/static", Files(directory=folder))

    async def asked() -> tuple[httpx.Response, bytes]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://t") as client:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            async with client.stream("GET", f"/static/{path}", headers=given) as answer:
                return answer, b"".join([part async for part in answer.aiter_raw()])

    with ThreadPoolExecutor() as threads:  # a browser of another test may have its loop in this thread
        return threads.submit(lambda: asyncio.run(asked())).result()


@pytest.mark.parametrize(
    ("path", "takes", "packed"),
    [
        ("a.js", "gzip, deflate, br", True),
        ("a.js", "br;q=1.0, gzip;q=0.5", True),
        ("a.js", "identity", False),
        ("a.js", "xgzip", False),
        ("a.png", "gzip", False),
    ],
)
def test_a_script_is_packed_for_who_takes_it(folder: Path, path: str, takes: str, packed: bool) -> None:
    answer, raw = get(folder, path, accept_encoding=takes)
    assert (gzip.decompress(raw) if packed else raw) == TEXT
    assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
    assert int(answer.headers["content-length"]) == len(raw)
    assert answer.headers.get("vary") == ("accept-encoding" if path == "a.js" else None)


@pytest.mark.parametrize("takes", ["gzip", "identity"])
def test_a_file_is_sent_again_only_when_it_changed(folder: Path, takes: str) -> None:
    first, _ = get(folder, "a.js", accept_encoding=takes)
    assert "javascript" in first.headers["content-type"]
    again, raw = get(folder, "a.js", accept_encoding=takes, if_none_match=first.headers["etag"])
    assert (again.status_code, raw) == (304, b"")
    (folder / "a.js").write_bytes(b"let b;")
    os.utime(folder / "a.js", (2_000_000_000, 2_000_000_000))
    changed, raw = get(folder, "a.js", accept_encoding=takes, if_none_match=first.headers["etag"])
    assert changed.status_code == 200
    assert (gzip.decompress(raw) if takes == "gzip" else raw) == b"let b;"


@pytest.mark.parametrize("path", ["b.js", "%2e%2e/a.js"])
def test_what_is_not_there_is_not_found(folder: Path, path: str) -> None:
    assert get(folder, path)[0].status_code == 404
