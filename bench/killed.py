"""How well the dead of a text are counted, on reports of shootings in the United States.

    python -m bench.killed [--data ../shared] [--mistakes 20]

In:  gvdb/dev.jsonl, and gva_incidents/docs_*.jsonl with incidents_*.jsonl: every usable document of one incident of
     which the number of killed is known; of documents with the same words the first, of the archive's training part
     every fifth.
Out: `killed exact`: the share of documents whose figure is the set's. Hardly any of these shootings is political and
     would be coded, so that the reading alone is measured: `tocsin.code.told` on the counts of the text (not the
     title), which makes of all that the text says about dead people the toll of its main incident. Shooters who die
     count, as both sets count all who were shot dead. gvdb counts the victims that its annotators marked as killed,
     the archive the final toll, whatever the document knew.
     Naive: one dead if the text has the word killed, dead, died, death, fatal, fatally, murder, murdered or homicide.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from bench.asked import Asked, command, yes
from bench.events import Line

DEADLY = re.compile(r"\b(?:killed|dead|died|deaths?|fatal|fatally|murder(?:ed)?|homicide)\b", re.I)
SETS = ("gvdb", "gva_incidents")


def documents(data: Path) -> Iterator[Line]:
    """`set`, `id`, `text`, `killed` of each document."""
    for line in _lines(data / "data/gvdb/dev.jsonl"):
        yield {"set": "gvdb", "id": line["doc_id"], "text": line["text"], "killed": line["killed"]}
    known = {
        line["incident_id"]: line["killed"]
        for part in ("dev", "train")
        for line in _lines(data / f"data/gva_incidents/incidents_{part}.jsonl")
        if line.get("killed") is not None
    }
    for name, every in (("docs_dev.jsonl", 1), ("docs_train.jsonl.gz", 5)):
        for line in list(_lines(data / "data/gva_incidents" / name))[::every]:
            if line["usable"] and len(line["incident_ids"]) == 1 and (incident := line["incident_ids"][0]) in known:
                yield {"set": SETS[1], "id": line["doc_id"], "text": line["text"], "killed": known[incident]}


def _lines(path: Path) -> Iterator[Line]:
    """The lines of a file, packed or not; none if it is not there."""
    if path.exists():
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            yield from (json.loads(line) for line in file)


@cache
def _reader() -> Any:
    from tocsin.read.reader import Reader

    return Reader()


def dead(text: str) -> int:
    """How many the text says died."""
    from tocsin.code.told import told
    from tocsin.model import Report

    return told(_reader().read(Report("text", text, lang="en")).counts).best


def ask(data: Path) -> list[Asked]:
    answers: list[Asked] = []
    seen: set[str] = set()
    for line in documents(data):
        if line["text"] not in seen:
            seen.add(line["text"])
            found, naive = dead(line["text"]), int(bool(DEADLY.search(line["text"])))
            wrong = f"{line['id']} wanted {line['killed']}, found {found}: {line['text'][:200]!r}"
            right, simple = found == line["killed"], naive == line["killed"]
            answers.append(yes("killed exact", right, simple))
            answers.append(yes(f"  {line['set']}", right, simple, wrong))
    return answers


def main() -> int:
    return command(__doc__, "killed", ask)


if __name__ == "__main__":
    sys.exit(main())
