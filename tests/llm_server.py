"""A server on this machine that speaks the chat completions of OpenAI and says what a test tells it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tocsin.llm import Settings

NOTHING = {"agents": [], "targets": [], "places": [], "date": None, "killed": [], "injured": [], "weapon": None,
           "facts": []}  # fmt: skip


def event(what: dict[str, str], kind: str = "Attack", status: str = "happened", **more: Any) -> dict[str, Any]:
    """An event as a model tells it: `what` and the sides as {quote: name}."""
    named = {"agents": "side", "targets": "side", "facts": "fact"}
    given = {key: _quoted(value, named[key]) if key in named else value for key, value in more.items()}
    return {**NOTHING, "status": status, "sub_event_type": kind, "what": _quoted(what, "tactic"), **given}


def _quoted(names: dict[str, str], key: str) -> list[dict[str, str]]:
    return [{"quote": quote, key: name} for quote, name in names.items()]


@dataclass
class Say:
    """One answer: a status code, and events, or any text as content, or a whole body."""

    events: Sequence[Any] = ()
    status: int = 200
    content: str | None = None
    body: bytes | None = None
    finish: str = "stop"
    headers: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] | None = None
    delay_s: float = 0.0

    def whole(self) -> bytes:
        if self.body is not None:
            return self.body
        if self.status != 200:
            return json.dumps({"error": {"message": "no"}}).encode()
        content = json.dumps({"events": list(self.events)}) if self.content is None else self.content
        choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": self.finish}
        usage = {"prompt_tokens": 100, "completion_tokens": 10} if self.usage is None else self.usage
        return json.dumps({"choices": [choice], "usage": usage}).encode()


@dataclass
class Served:
    """The server while it runs: its address, and what it was asked."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def forms(self) -> list[str | None]:
        """How each request said what the answer must look like."""
        return [each.get("response_format", {}).get("type") for each in self.asked]

    @property
    def texts(self) -> list[str]:
        """What each request asked."""
        return [each["messages"][-1]["content"] for each in self.asked]


@contextmanager
def serving(*answers: Any) -> Iterator[Served]:
    """Give the answers one after the other, the last one for ever; one that can be called is asked with the request."""
    waiting = list(answers)
    served = Served("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(request)
            served.headers.append(dict(self.headers))
            served.paths.append(self.path)
            say = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            say = say(request) if callable(say) else say
            time.sleep(say.delay_s)
            body = say.whole()
            try:
                self.send_response(say.status)
                for name, value in {"Content-Length": str(len(body)), **say.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:  # who asked has gone
                pass

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


def settings(url: str, folder: Path, **more: Any) -> Settings:
    """The settings of a test: a cache of its own, hardly a pause."""
    return Settings(**{"url": url, "model": "m", "cache": folder / "llm.sqlite", "pause_s": 0.01, "run": "r", **more})
