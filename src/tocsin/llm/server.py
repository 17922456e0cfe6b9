"""Ask a server that speaks the chat completions of OpenAI.

In:  a Request, the Settings.
Out: a `Reply`. SourceError: this report gets no answer; StopError: no further one would either.

Servers differ in how the form of the answer is given to them. The ways are tried in the order of `DIALECTS`, and the
one that works is kept. Redirects are not followed: nothing is sent elsewhere than to the address that the user gave.
"""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from tocsin.errors import SourceError, StopError
from tocsin.llm.book import Book, Reply
from tocsin.llm.prompt import Request, schema
from tocsin.llm.settings import Settings, tokens

DIALECTS = ("json_schema", "json_object with schema", "json_object", "none")
RENAMED = {"max_tokens": "max_completion_tokens", "temperature": "", "seed": ""}  # what some models do not take
MOST_BYTES = 4_000_000  # of one answer
LONGEST_PAUSE_S = 60.0
BUSY = (408, 425, 429, 502, 503, 504, 529)
CLOSED = {  # status -> what to do
    401: "the key in TOCSIN_LLM_KEY is not accepted",
    402: "the account has no credit",
    403: "the key in TOCSIN_LLM_KEY may not do this",
    404: "check --llm-url (it ends before /chat/completions) and --llm-model",
}


class _Refused(Exception):
    """The server does not take a request of this form."""


class _Later(Exception):
    """No answer now. `pause_s`: what the server says; `ends`: if it stays so, no other report gets one either."""

    def __init__(self, message: str, pause_s: float | None = None, ends: bool = False) -> None:
        super().__init__(message)
        self.pause_s, self.ends = pause_s, ends


@dataclass(frozen=True, slots=True)
class Server:
    """One server with its limits. `wait` sleeps for so many seconds."""

    settings: Settings
    book: Book
    wait: Callable[[float], None] = time.sleep

    def ask(self, request: Request, seed: int = 1) -> Reply:
        """The answer to one request, in the first form that the server takes."""
        known = self.book.dialect(self.settings)
        said = ""
        for dialect in dict.fromkeys((known or DIALECTS[0], *DIALECTS)):
            try:
                reply, taken = self._in_form(request, seed, dialect)
            except _Refused as error:
                said = said or str(error)
                continue
            if taken != known:
                self.book.learn(self.settings, taken)
            return reply
        raise SourceError(f"{self.settings.host} refuses the request: {said}")

    def _in_form(self, request: Request, seed: int, dialect: str) -> tuple[Reply, str]:
        """The answer, and the dialect in which it was had: without the fields that the server complains of."""
        while True:
            try:
                reply = self._try_again(self._body(request, seed, dialect), request.tokens + self.settings.answer)
            except _Refused as error:
                named = [field for field in RENAMED if f"'{field}'" in str(error) and f"-{field}" not in dialect]
                if not named:
                    raise
                dialect = f"{dialect} -{named[0]}"
            else:
                return reply, dialect

    def _body(self, request: Request, seed: int, dialect: str) -> dict[str, Any]:
        form, *changed = dialect.split(" -")
        body = {
            "model": self.settings.model,
            "messages": request.messages,
            "temperature": 0,
            "seed": seed,
            "max_tokens": self.settings.answer,
            "stream": False,
            "response_format": _form(form),
        }
        named = {RENAMED[field] if field in changed else field: value for field, value in body.items()}
        return {field: value for field, value in named.items() if field and value != {}}

    def _try_again(self, body: dict[str, Any], wanted: int) -> Reply:
        """One answer, asked for as often as the settings allow."""
        pause = self.settings.pause_s
        for left in reversed(range(self.settings.tries)):
            self.wait(self.book.take(self.settings, wanted))
            try:
                reply = self._send(body)
            except _Later as error:
                if not left:
                    raise _given_up(error, self.settings) from error
                self.wait(min(LONGEST_PAUSE_S, pause if error.pause_s is None else error.pause_s))
                pause *= 2
            else:
                self.book.count(self.settings, reply)
                return reply
        raise SourceError("--llm-tries is below 1")

    def _send(self, body: dict[str, Any]) -> Reply:
        address = f"{self.settings.url.rstrip('/')}/chat/completions"
        headers = {"Accept-Encoding": "identity"}
        if self.settings.key:
            headers["Authorization"] = f"Bearer {self.settings.key}"
        try:
            with (
                httpx.Client(verify=_tls(address), timeout=self.settings.timeout_s, trust_env=False) as client,
                client.stream("POST", address, json=body, headers=headers) as response,
            ):
                content = b"".join(_limited(response, time.monotonic() + self.settings.timeout_s))
        except httpx.TimeoutException as error:
            raise _Later(f"no answer within {self.settings.timeout_s:g} s") from error
        except httpx.TransportError as error:
            raise _Later(f"it cannot be reached ({error})", ends=True) from error
        except (httpx.InvalidURL, UnicodeError) as error:
            raise StopError(f"--llm-url: {self.settings.url!r} is no address ({error}).") from error
        _check(response, content, self.settings)
        return _reply(content, body)


def _form(dialect: str) -> dict[str, Any]:
    """The `response_format` of a request."""
    forms: dict[str, dict[str, Any]] = {
        "json_schema": {"type": "json_schema", "json_schema": {"name": "events", "strict": True, "schema": schema()}},
        "json_object with schema": {"type": "json_object", "schema": schema()},
        "json_object": {"type": "json_object"},
    }
    return forms.get(dialect, {})


def _tls(address: str) -> ssl.SSLContext | bool:
    """Certificates are checked wherever there are any; reading the list of authorities takes a while."""
    return _authorities() if address.startswith("https:") else False


@cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _limited(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    """The body, as long as neither its size nor its time runs away."""
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > MOST_BYTES:
            raise SourceError(f"the server's answer has more than {MOST_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the answer takes too long")
        yield piece


def _check(response: httpx.Response, content: bytes, settings: Settings) -> None:
    """Raise what the status code of the answer means, if it is none."""
    status = response.status_code
    if status == 200:
        return
    said = f"{status} {_words(content)}".strip()
    if response.is_redirect:
        raise StopError(f"{settings.host} sends us elsewhere ({status}); give the final address to --llm-url.")
    if status in CLOSED:
        raise StopError(f"{settings.host} answers {said}: {CLOSED[status]}.")
    if status in BUSY:
        raise _Later(f"it answers {said}", _seconds(response.headers.get("retry-after")), status == 429)
    raise _Refused(said)


def _words(content: bytes) -> str:
    """What the server says of an error, on one line."""
    try:
        found = json.loads(content)
        error = found.get("error", found) if isinstance(found, dict) else found
        said = error.get("message", error) if isinstance(error, dict) else error
    except (ValueError, RecursionError):
        said = content.decode("utf-8", "replace")
    return " ".join(str(said).split())[:200]


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.strip().isdecimal() else None


def _given_up(error: _Later, settings: Settings) -> SourceError | StopError:
    """A server that is gone or wants no more calls ends the run; one that is slow costs this report."""
    said = f"{settings.host} gave no answer in {settings.tries} tries: {error}"
    if error.ends:
        return StopError(f"{said}; what is done is kept.")
    return SourceError(said)


def _reply(content: bytes, body: dict[str, Any]) -> Reply:
    """The text of the answer. What is no answer at all is an empty one, which nobody takes for a report of no event."""
    try:
        found = json.loads(content)
        choice = found["choices"][0]
        text = choice["message"]["content"]
        usage = found.get("usage") or {}
        sent, received = usage.get("prompt_tokens"), usage.get("completion_tokens")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        text, choice, sent, received = None, {}, None, None
    text = text if isinstance(text, str) else ""
    asked = "".join(message["content"] for message in body["messages"])
    return Reply(
        content=text,
        is_cut=choice.get("finish_reason") == "length",
        sent=sent if isinstance(sent, int) else tokens(asked),
        received=received if isinstance(received, int) else tokens(text),
    )
