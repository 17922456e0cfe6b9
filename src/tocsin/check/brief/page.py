"""A briefing as a page of its own (HTML, nothing from outside), or as Markdown with its pictures beside it.

In:  a Brief.
Out: text. Every sentence links to its events, every event shows its quotes; whatever comes from reports is escaped.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tocsin.check.brief.brief import Brief
from tocsin.check.brief.lines import Line
from tocsin.check.brief.listed import Report, Told
from tocsin.errors import UsageError
from tocsin.exchange.writers.files import into

SHOWN = 4  # links behind a sentence that stand in the open
META = '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
LOOK = """body{font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;
color:#1b1f24;background:#fff}h1{margin-bottom:0}.soft{color:#5a6270}a{color:#8a1c1a}img{width:100%;height:auto}
li{margin:.4rem 0}.said{font-size:1.1rem}.rests{font-size:.85rem;color:#5a6270}q{background:#fff3c4}
article{border-top:1px solid #ddd;padding:.5rem 0}article:target{outline:3px solid #1a5fb4}
@media(prefers-color-scheme:dark){body{color:#eee;background:#171614}a{color:#f0938b}q{background:#5b4a12}
.soft,.rests{color:#aaa}article{border-color:#444}img{background:#fff}}"""


def write(brief: Brief, path: Path) -> list[Path]:
    """The files that were written: the page, and the pictures of Markdown. UsageError: another ending."""
    if path.suffix == ".html":
        with into(path) as out:
            out.write(as_html(brief).encode())
        return [path]
    if path.suffix != ".md":
        raise UsageError(f"{path}: found the ending {path.suffix!r}, expected .html or .md.")
    beside = [path.with_name(f"{path.stem}-{each.name}.svg") for each in brief.figures]
    for name, each in zip(beside, brief.figures, strict=True):
        with into(name) as out:
            out.write(each.svg)
    with into(path) as out:
        out.write(as_markdown(brief, [name.name for name in beside]).encode())
    return [path, *beside]


def as_html(brief: Brief) -> str:
    """One page; pictures are part of it."""
    said = brief.words
    body = [f"<h1>{escape(brief.title)}</h1><p class=soft>{escape(said['subtitle'])}</p>"]
    for heading, lines in brief.sections:
        if lines:
            body.append(f"<h2>{escape(heading)}</h2><ul>" + "".join(_line(line, brief) for line in lines) + "</ul>")
    if not any(lines for _, lines in brief.sections):
        body.append(f"<p>{escape(said['none'])}</p>")
    body.append(f"<h2>{escape(said['figures'])}</h2>" if brief.figures else "")
    for each in brief.figures:
        data = base64.b64encode(each.svg).decode()
        body.append(f'<figure><img alt="{escape(each.text)}" src="data:image/svg+xml;base64,{data}"></figure>')
    for heading, events in (("events", brief.events), ("earlier", brief.earlier)):
        if events:
            body.append(f"<h2>{escape(said[heading])}</h2>" + "".join(_article(each, brief) for each in events))
    if brief.left:
        body.append(
            f"<h2>{escape(said['left'])}</h2><ul>" + "".join(f"<li>{escape(x)}</li>" for x in brief.left) + "</ul>"
        )
    body.append(f"<p class=soft>{escape(said['source'])}: {escape(brief.source)}</p>")
    head = f"{META}<title>{escape(brief.title)}</title><style>{LOOK}</style>"
    return f'<!doctype html><html lang="{said.lang}"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def as_markdown(brief: Brief, pictures: list[str]) -> str:
    """The same as Markdown."""
    return "\n".join(_markdown(brief, pictures)) + "\n"


def _markdown(brief: Brief, pictures: list[str]) -> Iterator[str]:
    said = brief.words
    yield from (f"# {_flat(brief.title)}", "", said["subtitle"])
    for heading, lines in brief.sections:
        if lines:
            yield from ("", f"## {heading}", "")
            yield from (f"- {_flat(line.text)} ({said['rests']} {_links(line, brief)})" for line in lines)
    if not any(lines for _, lines in brief.sections):
        yield from ("", said["none"])
    for name, picture in zip(pictures, brief.figures, strict=True):
        yield from ("", f"![{_flat(picture.text)}]({name})")
    for title, events in (("events", brief.events), ("earlier", brief.earlier)):
        if events:
            yield from ("", f"## {said[title]}")
            for each in events:
                yield from ("", f'<a id="{escape(each.id)}"></a>', f"**{_flat(each.id)}** {_flat(_facts(each, brief))}")
                yield from (f"> {_flat(_reported(report))}" for report in each.reports)
    if brief.left:
        yield from ("", f"## {said['left']}", "")
        yield from (f"- {_flat(each)}" for each in brief.left)
    yield from ("", f"{said['source']}: {_flat(brief.source)}")


def _line(line: Line, brief: Brief) -> str:
    return f"<li><span class=said>{escape(line.text)}</span> {_rests(line, brief)}</li>"


def _rests(line: Line, brief: Brief) -> str:
    links = [f'<a href="#{escape(each)}">{escape(each)}</a>' for each in line.events]
    if not links:
        return ""
    if len(links) <= SHOWN:
        return f"<span class=rests>{escape(brief.words['rests'])} {', '.join(links)}</span>"
    said = brief.words.say("rest_on", count=f"{len(links):,}")
    return f"<details class=rests><summary>{escape(said)}</summary>{', '.join(links)}</details>"


def _links(line: Line, brief: Brief) -> str:
    return ", ".join(f"[{each}](#{each})" for each in line.events)


def _article(each: Told, brief: Brief) -> str:
    reports = "".join(f"<p>{_report(report)}</p>" for report in each.reports)
    return f'<article id="{escape(each.id)}"><b>{escape(each.id)}</b> {escape(_facts(each, brief))}{reports}</article>'


def _facts(each: Told, brief: Brief) -> str:
    said = brief.words
    dead = f"{each.deaths} {said['deaths']}" if each.deaths is not None else f"{said['deaths']}: {said['not_stated']}"
    return " · ".join(
        part for part in (each.day or said["not_stated"], each.type, each.actors, each.place, dead) if part
    )


def _report(report: Report) -> str:
    quotes = " ".join(f"<q>{escape(each)}</q>" for each in report.quotes)
    name = escape(report.name)
    if report.url and report.url.startswith(("http://", "https://")):
        name = f'<a rel="noreferrer noopener" href="{escape(report.url)}">{name}</a>'
    return f"{quotes} <span class=soft>{name}</span>"


def _reported(report: Report) -> str:
    return " ".join(f"“{each}”" for each in report.quotes) + f" ({report.name})"


def _flat(text: str) -> str:
    """One line without anything that Markdown would take for its own."""
    return re.sub(r"([\\`*_\[\]#|])", r"\\\1", escape(" ".join(text.split()), quote=False))
