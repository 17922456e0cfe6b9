"""How fast Tocsin is, and how much memory it takes.

    python -m bench.speed [--data ../shared] [--reports 1000] [--json]

In:  reports of news-train, else the bundled examples; and a folder of reports made up here.
Out: words: words a second of the bare spaCy pipeline and of all the coding, one core, the same texts in the same run,
         taking turns; in processor time, so that what else the machine does weighs little.
     start: seconds from starting Python to the first event, by the clock and of a processor (less on a busy machine),
         and the peak memory of that process.
     folder: `tocsin code FOLDER` with one and with two processes: reports a second, the memory of the largest process,
         how much more that is than for a tenth of the reports, and whether the outputs are the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from bench.events import Figures, files_of, read, shown

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
SAMPLE = 80  # reports of each language
PUBLISHED = "2024-05-20"
FIRST = (
    "import tocsin, resource, datetime\n"
    f"day = datetime.date.fromisoformat({PUBLISHED!r})\n"
    "coded = tocsin.code('Gunmen killed nine villagers in Djibo, Burkina Faso, on Friday.', published=day)\n"
    "assert coded.claims\n"
    "used = resource.getrusage(resource.RUSAGE_SELF)\n"
    "print([used.ru_maxrss, used.ru_utime + used.ru_stime])\n"
)

PLACES = {
    "en": ("Djibo", "Gao", "Maiduguri", "Bamenda", "Goma", "Baidoa", "Kandahar", "Mandalay", "Aleppo", "Cali"),
    "fr": ("Djibo", "Gao", "Ménaka", "Bambari", "Goma", "Diffa", "Tillabéri", "Mopti", "Bunia", "Batangafo"),
}
OPENINGS = {
    "en": (
        "Gunmen killed {n} villagers in {place} on {day}, residents said.",
        "At least {n} soldiers died when a roadside bomb hit their convoy near {place} on {day}.",
        "Police fired tear gas at hundreds of protesters in {place} on {day} and arrested {n} of them.",
        "Troops and rebels exchanged fire for hours outside {place} on {day}; {n} fighters were killed.",
    ),
    "fr": (
        "Des hommes armés ont tué {n} villageois à {place} {day}, selon des habitants.",
        "Au moins {n} soldats sont morts {day} quand une mine a sauté au passage de leur convoi près de {place}.",
        "La police a dispersé des centaines de manifestants {day} à {place} et en a arrêté {n}.",
        "L'armée et des rebelles se sont affrontés {day} aux abords de {place} ; {n} combattants ont été tués.",
    ),
}
FILLING = {
    "en": (
        "The governor said that security had been stepped up and asked people to stay calm.",
        "Shops stayed shut on the following day, and the main market was empty.",
        "No group has said that it was behind the events, and the army has not commented.",
        "Aid workers fear that the roads may be closed for weeks if the rains come early.",
        "The region has seen fewer visitors since the border post was moved ten years ago.",
    ),
    "fr": (
        "Le gouverneur a assuré que la sécurité avait été renforcée et a appelé au calme.",
        "Les boutiques sont restées fermées le lendemain et le grand marché était vide.",
        "Personne n'a dit être à l'origine des faits et l'armée ne s'est pas exprimée.",
        "Les humanitaires craignent que les routes ne soient coupées si les pluies arrivent tôt.",
        "La région reçoit moins de voyageurs depuis que le poste frontière a été déplacé.",
    ),
}
NAMED = {
    "en": "The village chief, {name} {other}, said that people from {third} had fled.",
    "fr": "Le chef du village, {name} {other}, a dit que les gens de {third} avaient fui.",
}
SYLLABLES = ["ba", "di", "fo", "gu", "ka", "lé", "ma", "no", "ra", "si", "ta", "wo", "yé", "zan", "dou", "gor", "bin"]
DAYS = {"en": ("Monday", "Friday", "Saturday"), "fr": ("lundi", "vendredi", "samedi")}


def made_up(number: int) -> Iterator[str]:
    """So many short reports, half English half French, always the same ones."""
    chance = random.Random(1)
    for i in range(number):
        lang = ("en", "fr")[i % 2]
        told = chance.choice(OPENINGS[lang]).format(
            n=chance.randint(2, 40), place=chance.choice(PLACES[lang]), day=chance.choice(DAYS[lang])
        )
        names = {key: "".join(chance.choices(SYLLABLES, k=4)).capitalize() for key in ("name", "other", "third")}
        second = f"{NAMED[lang].format(**names)} {chance.choice(FILLING[lang])}"  # words never seen before
        yield "\n\n".join([f"{told} {chance.choice(FILLING[lang])}", second, *chance.sample(FILLING[lang], 2)]) + "\n"


# -- measured in processes of their own ------------------------------------------------------------------------------


def words(data: Path) -> dict[str, Figures]:
    """Words a second by language, in this process."""
    from tocsin.code import Tools, claims_in

    tools = Tools.load(("en", "fr"))
    found = {}
    for lang in ("en", "fr"):
        nlp, reports = tools.reader.pipeline(lang), _sample(data, lang)
        jobs = (lambda report, nlp=nlp: nlp(report.text), lambda report: claims_in(report, tools))
        for report in reports[:5]:
            claims_in(report, tools)
        spent = [0.0, 0.0]
        for i, report in enumerate(reports):
            for which in (0, 1) if i % 2 else (1, 0):
                begun = time.process_time()
                jobs[which](report)
                spent[which] += time.process_time() - begun
        total = sum(len(report.text.split()) for report in reports)
        bare, whole = (total / seconds for seconds in spent)
        found[lang] = {"bare spaCy, words/s": round(bare), "all, words/s": round(whole), "all / bare": whole / bare}
    return found


def _sample(data: Path, lang: str) -> list[Any]:
    from tocsin.model import Report

    lines = [line for line in read(files_of(data, "news-train")) if line["lang"] == lang][::4][:SAMPLE]
    if lines:
        days = [date.fromisoformat(line["published"]) for line in lines]
        return [Report(x["id"], x["text"], published=day, lang=lang) for x, day in zip(lines, days, strict=True)]
    texts = list(islice(made_up(2 * SAMPLE), int(lang == "fr"), None, 2))
    return [Report(str(i), text, published=date.fromisoformat(PUBLISHED), lang=lang) for i, text in enumerate(texts)]


def tocsin(arguments: list[str]) -> None:
    """Type a command here; then say how large this process became, and the largest of its children."""
    from tocsin.cli import main

    sys.argv = ["tocsin", *arguments]
    try:
        main()
    finally:
        both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        print(json.dumps([resource.getrusage(who).ru_maxrss for who in both]))


# -- starting them -----------------------------------------------------------------------------------------------------


def _ask(*arguments: str) -> Any:
    """What `python ARGUMENTS` with one thread says, as JSON."""
    environment = {**os.environ, **ONE_THREAD}
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: {' '.join(arguments)[:200]} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def start() -> Figures:
    begun = time.perf_counter()
    kilobytes, processor = _ask("-c", FIRST)
    seconds = time.perf_counter() - begun
    return {"seconds to the first event": seconds, "  of a processor": processor, "peak memory, MB": kilobytes // 1000}


def folder(number: int) -> dict[str, Figures]:
    """A folder of so many reports with one and with two processes."""
    found: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as place:
        many, few = Path(place, "many"), Path(place, "few")
        for path, size in ((many, number), (few, number // 10)):
            path.mkdir()
            for i, text in enumerate(made_up(size)):
                (path / f"{i:06}.txt").write_text(text, encoding="utf-8")
        outputs = []
        for jobs in (1, 2):
            _, before = _code(few, jobs, Path(place, "few.jsonl"))
            seconds, after = _code(many, jobs, out := Path(place, f"{jobs}.jsonl"))
            found[f"jobs {jobs}"] = {
                "reports/s": number / seconds, "memory, MB": max(after),
                "  of the parent": after[0], "  more than for a tenth": max(after) - max(before),
            }  # fmt: skip
            outputs.append(out.read_bytes())
            found[f"jobs {jobs}"]["output differs"] = int(outputs[0] != outputs[-1])
    return found


def _code(reports: Path, jobs: int, out: Path) -> tuple[float, list[int]]:
    """Seconds, and megabytes of the parent and of its largest child."""
    out.unlink(missing_ok=True)
    command = ("code", str(reports), "--published", PUBLISHED, "--jobs", str(jobs), "-o", str(out))
    begun = time.perf_counter()
    kilobytes = _ask("-m", "bench.speed", "--tocsin", *command)
    return time.perf_counter() - begun, [size // 1000 for size in kilobytes]


def measure(data: Path, reports: int) -> dict[str, dict[str, Figures]]:
    given = _ask("-m", "bench.speed", "--words", "--data", str(data))
    return {"words": given, "start": {"one process": start()}, "folder": folder(reports)}


def main() -> int:
    if sys.argv[1:2] == ["--tocsin"]:
        tocsin(sys.argv[2:])
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--reports", type=int, default=1000, help="size of the made-up folder")
    parser.add_argument("--words", action="store_true", help="only words a second, in this process, as JSON")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.words:
        print(json.dumps(words(options.data)))
        return 0
    given = measure(options.data, options.reports)
    text = json.dumps(given) if options.json else "\n\n".join(f"{name}\n{shown(part)}" for name, part in given.items())
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
