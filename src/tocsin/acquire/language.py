"""Which served language a text is written in.

In:  a text, and what the user or the report line says about its language.
Out: "en", "fr", ...; SourceError for a language that is not served.
Frequent words decide when they are clear (fast, and right on headlines); py3langid is asked otherwise.
"""

from __future__ import annotations

import re
from functools import cache

from tocsin.acquire.words import load
from tocsin.errors import SourceError

_TOKEN = re.compile(r"[^\W\d_]+'?")
SAMPLE = 4_000  # characters: enough to tell, and long reports cost no more
CLEAR_SHARE = 0.2  # of the words: texts of 60 words or more reach it; Catalan comes closest, with 0.18 for French
FAR = 0.6  # score per character: English and French headlines stay below 0.45 of the first, other languages above 0.8


def served() -> tuple[str, ...]:
    """Codes of the languages that can be coded."""
    return tuple(load("languages.toml"))


def given_language(name: str) -> str:
    """Code for a language as people write it: "FR", "fr-CA", "French"; SourceError if it is not served."""
    key = re.split(r"[-_]", name.strip().casefold())[0]
    for code, table in load("languages.toml").items():
        if key in table["names"]:
            return str(code)
    raise SourceError(_not_served(name.strip()))


def language_of(text: str) -> str:
    """Code of the served language the text is written in; SourceError if it is another one."""
    tokens = _TOKEN.findall(text[:SAMPLE].replace("’", "'").casefold())
    shares = {code: _share(tokens, words) for code, words in _frequent().items()}
    best = max(shares, key=lambda code: shares[code])
    rest = max((share for code, share in shares.items() if code != best), default=0.0)
    if shares[best] >= CLEAR_SHARE and shares[best] > 1.5 * rest:
        return best
    return _by_model(text[:SAMPLE])


def _by_model(text: str) -> str:
    """py3langid's likeliest served language, unless another language is much likelier."""
    from py3langid.langid import rank  # type: ignore[import-untyped]  # its model of 0.6 s is seldom needed

    ranking = rank(text)
    found, score = next((code, score) for code, score in ranking if code in served())
    if ranking[0][0] == "zxx":  # its code for no language at all
        raise SourceError("there are no words in it; nothing to code")
    if ranking[0][1] - score > FAR * len(text):
        raise SourceError(_not_served(ranking[0][0]))
    return str(found)


def _not_served(found: str) -> str:
    codes = ", ".join(served())
    return f"language {found!r} is not served yet (served: {codes}); if it is one of these, say so with --lang"


@cache
def _frequent() -> dict[str, frozenset[str]]:
    return {code: frozenset(table["words"]) for code, table in load("languages.toml").items()}


def _share(tokens: list[str], words: frozenset[str]) -> float:
    return sum(token in words for token in tokens) / len(tokens) if tokens else 0.0
