"""How the server is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """`login`: people must log in; only a server on loopback may do without. `public`: the project's embargo rules."""

    host: str = "127.0.0.1"
    port: int = 8765
    login: bool = False
    public: Path | None = None  # tocsin.toml: what people without a role see (docs/export.md)
    secure: bool = False  # cookies only over TLS: set where a proxy speaks TLS

    @property
    def local(self) -> bool:
        return self.host in LOOPBACK
