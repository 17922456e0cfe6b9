"""Which language model is asked, and how much of it may be used. Built once from the options of a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tocsin.errors import UsageError

LETTERS = 3.2  # characters of a token, rather too few: English has 4.2, French 3.5 in the tokenizers we looked at
NEAR_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """A server that speaks the chat completions of OpenAI, and the limits. A limit of 0 is none.

    `context` and `answer` are in tokens: what the model can hold, and how much of that is for its answer.
    `budget` (tokens sent and received) and `calls` hold for one `run`, over all its processes.
    """

    url: str  # up to /v1: what is before /chat/completions
    model: str
    cache: Path
    key: str = field(default="", repr=False)
    context: int = 16_000
    answer: int = 3_000
    budget: int = 0
    calls: int = 0
    per_minute: float = 0.0
    timeout_s: float = 120.0
    tries: int = 5
    pause_s: float = 1.0  # before the second try; doubled for each further one
    run: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts is None:
            raise UsageError(f"--llm-url: found {self.url!r}, expected an address such as http://127.0.0.1:8080/v1.")
        if parts.username or parts.query or parts.fragment:
            raise UsageError("--llm-url: the address carries a user name or a query; give a key in TOCSIN_LLM_KEY.")
        if self.key and parts.scheme == "http" and not self.is_private:
            raise UsageError("--llm-url: the key would go out unencrypted; use https, or unset TOCSIN_LLM_KEY.")
        if not self.model:
            raise UsageError("--llm-model is missing: the name under which the server knows the model.")

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def is_local(self) -> bool:
        """The server is this machine: nothing leaves it."""
        return self.host in NEAR_HOSTS

    @property
    def is_private(self) -> bool:
        """This machine or the network that it stands in, by the look of the address."""
        try:
            return self.is_local or ip_address(self.host).is_private
        except ValueError:
            return False


def _parts(url: str) -> SplitResult | None:
    """The parts of a whole address of the web."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole else None


def tokens(text: str) -> int:
    """About how many tokens the text is, rather too many."""
    return round(len(text) / LETTERS) + 1
