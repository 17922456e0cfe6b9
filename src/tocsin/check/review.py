"""Verdicts as JSON, and as ClaimReview of schema.org.

In:  Checked statements; what is known of the text and of who checked it.
Out: JSON values; JSON-LD with one ClaimReview for each statement that could be checked.

Definitions: schema.org/ClaimReview, /Claim, /Rating. A rating is its text (`alternateName`); it has a number only where
there is a verdict: 1 contradicted, 2 supported. What cannot be told has none, and what is not checkable has no review.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tocsin.check.statement import Checked, Verdict

CONTEXT = "https://schema.org"
RATINGS: dict[Verdict, int] = {"contradicted": 1, "supported": 2}
WORDS: dict[Verdict, str] = {
    "supported": "Supported",
    "contradicted": "Contradicted",
    "cannot be told": "Cannot be told from these data",
}


@dataclass(frozen=True, slots=True)
class About:
    """The text that was checked, and who checked it. None: not known, and left out."""

    title: str | None = None
    url: str | None = None  # of the text
    publisher: str | None = None  # of the text
    published: date | None = None
    by: str = "Tocsin"
    by_url: str | None = None
    page: str | None = None  # address of the check; each review is a part of it
    day: date | None = None  # of the check


def to_json(checked: Iterable[Checked]) -> list[dict[str, Any]]:
    """Each statement with its reading and verdict; what is not known is null."""
    return [_plain(each) for each in checked]


def _plain(each: Checked) -> dict[str, Any]:
    given = asdict(each)
    statement = given.pop("statement")
    return {**statement, **given}


def reviews(checked: Iterable[Checked], about: About) -> dict[str, Any]:
    """A JSON-LD document: the reviews of all statements that can be checked."""
    graph = [_review(number, each, about) for number, each in enumerate(checked, 1) if each.verdict in WORDS]
    return {"@context": CONTEXT, "@graph": graph}


def to_script(document: dict[str, Any]) -> str:
    """The document for the inside of a <script type="application/ld+json">, which no text in it can end."""
    return json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028")


def _review(number: int, each: Checked, about: About) -> dict[str, Any]:
    return _known({
        "@type": "ClaimReview",
        "url": f"{about.page}#statement-{number}" if about.page else None,
        "claimReviewed": each.statement.quote,
        "reviewBody": " ".join([each.reason, *(_sentence(note) for note in each.notes)]),
        "datePublished": about.day,
        "author": _organization(about.by, about.by_url),
        "itemReviewed": _claim(about),
        "reviewRating": _rating(each),
    })  # fmt: skip


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:].rstrip('.')}."


def _claim(about: About) -> dict[str, Any]:
    work = _known({"@type": "NewsArticle" if about.publisher else "CreativeWork", "url": about.url,
                   "headline": about.title, "datePublished": about.published,
                   "publisher": _organization(about.publisher, None)})  # fmt: skip
    appears = work if len(work) > 1 else None
    return _known({"@type": "Claim", "datePublished": about.published, "appearance": appears,
                   "author": _organization(about.publisher, None)})  # fmt: skip


def _rating(each: Checked) -> dict[str, Any]:
    value = RATINGS.get(each.verdict)
    scale = {"worstRating": 1, "bestRating": 2} if value else {}
    return _known({"@type": "Rating", "alternateName": WORDS[each.verdict], "ratingValue": value, **scale,
                   "ratingExplanation": each.reason})  # fmt: skip


def _organization(name: str | None, url: str | None) -> dict[str, Any] | None:
    return _known({"@type": "Organization", "name": name, "url": url}) if name else None


def _known(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; days as ISO."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()
            if value is not None}  # fmt: skip
