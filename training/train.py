"""Train the model finder.

    python -m training.train --out src/tocsin/finder/weights [--data ../shared] [--work DIR]
                             [--made N] [--extra FILE.jsonl=SHARE ...] [--without a|b|FILE,FILE ...] [--rounds N]

In:  news-train, two sets of others, reports made by training.generate, and further files in the format of news-train.
Out: encoder.onnx, heads.npz and pieces.csv.gz in the folder of --out; figures on what was left out with --without:
     half of the examples ("a" or "b", parted by happening), or the named files. Nothing left out: no figures.
     A run that was stopped goes on where it was; the same call makes the same weights on the same machine.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from tocsin.codebook.taxonomy import taxonomy
from tocsin.finder import Finder
from tocsin.finder.pieces import Pieces
from tocsin.finder.windows import SIZE
from tocsin.model import Status
from training.batches import Classes
from training.candidates import Candidates
from training.encoder import Encoder, packed, read_encoder
from training.examples import NONE, Example, read_examples
from training.export import export
from training.fit import Settings, fit
from training.generate.compose import Composer
from training.generate.lines import record
from training.network import Network
from training.score import most_frequent, score
from training.sets import event_location, wikievents
from training.split import halves
from training.vocabulary import choose, write_pieces

ROOT = Path(__file__).parents[1]
MADE, MADE_SEED = 3000, 1  # reports made by training.generate
PROBES = 200  # texts that show how far the channels of the encoder reach
MADE_SHARE = 0.25  # of them that each round sees
GAZETTEER = ROOT / "src/tocsin/locate/gazetteer.sqlite"


@dataclass(frozen=True, slots=True)
class Source:
    """Examples of one file. `own`: written by people, so that some of it may be left out and scored."""

    name: str
    examples: tuple[Example, ...]
    own: bool


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    classes = Classes((*Status, NONE), (*taxonomy().sub_event_types, NONE))
    sources = list(_sources(options))
    encoder = _cut(sources, options.out)
    seen, unseen = _parted(sources, options.without)
    print(f"{len(seen)} examples to train on, {len(unseen)} left out; {len(encoder.pieces)} pieces", flush=True)
    pieces = Pieces.read(options.out / "pieces.csv.gz")
    settings = Settings(layers=options.layers, rounds=options.rounds, rate=options.rate, begin=options.begin)
    network = fit(encoder, pieces, classes, seen, settings, options.work, lambda line: print(line, flush=True))
    save(network, encoder, classes, [one.text for one in seen[:: len(seen) // PROBES]], options.out)
    if unseen:
        print("\n".join(score(Finder.load(options.out), unseen, most_frequent(seen)).rows()), flush=True)


def save(network: Network, encoder: Encoder, classes: Classes, texts: Sequence[str], out: Path) -> None:
    """The graph and the heads, into the folder of the pieces. Without `texts` the graph is in float32."""
    pieces = Pieces.read(out / "pieces.csv.gz")
    begin, end = pieces.ids["<s>"], pieces.ids["</s>"]
    rows = [[begin, *[piece for piece, _ in pieces.cut(text)][: SIZE - 2], end] for text in texts]
    peaks = network.peaks(torch.tensor([row]) for row in rows) if rows else None
    path = out / "encoder.onnx"
    export(network.encoder_arrays(), network.marks(), len(network.layers), encoder.heads, path, peaks=peaks)
    names = {"statuses": np.array(classes.statuses), "kinds": np.array(classes.kinds)}
    np.savez(out / "heads.npz", **network.head_arrays(), **names)


def _sources(options: argparse.Namespace) -> Iterator[Source]:
    candidates = Candidates(options.work / "candidates")
    for path in sorted((options.data / "data/news-train").glob("*.jsonl")):
        yield Source(path.stem, tuple(candidates.add(read_examples(path))), own=True)
    sets = options.data / "data"
    located = event_location(sets / "event_location/train.jsonl")
    yield Source("event_location", tuple(candidates.add(located)), own=True)
    yield Source("wikievents", tuple(candidates.add(wikievents(sets / "wikievents/train_derived.jsonl.gz"))), own=True)
    if options.made:
        path = _made(options.made, options.work)
        yield Source("made", tuple(candidates.add(read_examples(path, share=options.made_share))), own=False)
    for given in options.extra:
        path, _, share = given.rpartition("=")
        yield Source(path, tuple(candidates.add(read_examples(Path(path), share=float(share)))), own=False)


def _made(number: int, work: Path) -> Path:
    """A file of so many reports made by `training.generate`, half of them in each language."""
    path = work / f"made-{number}.jsonl"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            for place, made in enumerate(Composer(MADE_SEED, ("en", "fr")).reports(number), 1):
                file.write(json.dumps(record(made, place), ensure_ascii=False) + "\n")
        part.replace(path)
    return path


def _cut(sources: Sequence[Source], out: Path) -> Encoder:
    """The encoder with the pieces that are needed; they are written down."""
    encoder = read_encoder(packed())
    texts = (text for source in sources for one in source.examples for text in (one.text, one.title or ""))
    kept = choose(encoder, texts, GAZETTEER)
    write_pieces(encoder, kept, out / "pieces.csv.gz")
    arrays = {**encoder.arrays, "emb.word": encoder.arrays["emb.word"][kept]}
    return replace(encoder, arrays=arrays, pieces=tuple(encoder.pieces[number] for number in kept))


def _parted(sources: Sequence[Source], without: str) -> tuple[list[Example], list[Example]]:
    """What is trained on, and what is left out."""
    own = [one for source in sources if source.own for one in source.examples]
    if without in ("a", "b"):
        half = halves(own)
        gone = {one.id for one in own if half[one.id] == without}
    else:
        names = set(filter(None, without.split(",")))
        gone = {one.id for source in sources if source.name in names for one in source.examples}
        if len(names - {source.name for source in sources}):
            raise SystemExit(f"--without {without}: known files are {', '.join(s.name for s in sources if s.own)}")
    extra = [one for source in sources if not source.own for one in source.examples]
    return [one for one in own if one.id not in gone] + extra, [one for one in own if one.id in gone]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Train the model finder.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared", help="folder that has data/news-train")
    parser.add_argument("--work", type=Path, default=ROOT / "build/training", help="folder that a later run uses")
    parser.add_argument(
        "--extra",
        action="append",
        default=[],
        metavar="FILE=SHARE",
        help="more examples, and the share that a round sees",
    )
    parser.add_argument("--made", type=int, default=MADE, help="reports to make by training.generate")
    parser.add_argument("--made-share", type=float, default=MADE_SHARE, help="of them that each round sees")
    parser.add_argument("--without", default="", help="a or b: half of the examples; or names of files")
    parser.add_argument("--rounds", type=int, default=Settings().rounds)
    parser.add_argument("--layers", type=int, default=Settings().layers)
    parser.add_argument("--rate", type=float, default=Settings().rate)
    parser.add_argument("--begin", default="", help="a network kept in the --work folder, to go on from")
    parser.add_argument("--threads", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
