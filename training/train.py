"""Train the model finder.

    python -m training.train --out src/tocsin/finder/weights [--data ../shared] [--work DIR]
                             [--made N] [--extra FILE.jsonl=SHARE ...] [--jobs 2]

In:  news-train, two sets of others, reports made by training.generate, and further files in the format of news-train.
Out: encoder.onnx, heads.npz and pieces.csv.gz in the folder of --out.
     The examples are parted in two halves, so that no happening is in both. One network is trained without half a, one
     without half b. Each is scored on the half it has not seen, and kept in the folder of --work under that half's
     name; which.json there tells the half of each example. Then each goes on over all examples; the mean of the
     weights of both, before and after that, is the finder. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
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

State = dict[str, torch.Tensor]
ROOT = Path(__file__).parents[1]
MADE, MADE_SEED = 3000, 1  # reports made by training.generate
PIECES = "pieces.csv.gz"
CLASSES = Classes((*Status, NONE), (*taxonomy().sub_event_types, NONE))
THEN = Settings(rounds=3, rate=1.2e-4)  # over all examples, after those over half of them
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
    sources = list(_sources(options))
    encoder = _cut(sources, options.work)
    (options.work / "which.json").write_text(json.dumps(_halves(sources), indent=0))
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        ends = list(pool.map(partial(train_part, options), "ab"))
    network = _network(encoder)
    network.load_state_dict(mean(*ends))
    options.out.mkdir(parents=True, exist_ok=True)
    save(network.eval(), encoder, options.work / PIECES, _probes(sources), options.out)


def train_part(options: argparse.Namespace, half: str) -> State:
    """Train without one half, score on it, go on over all; the mean of the weights before and after."""
    torch.set_num_threads(1)  # two runs side by side waste less than one on two cores
    sources = list(_sources(options))
    encoder, which = _cut(sources, options.work), _halves(sources)
    everything = [one for source in sources for one in source.examples]
    seen = [one for one in everything if which.get(one.id) != half]
    unseen = [one for one in everything if which.get(one.id) == half]
    say = partial(print, half, flush=True)
    pieces = Pieces.read(options.work / PIECES)
    network = fit(encoder, pieces, CLASSES, seen, Settings(), options.work, say)
    folder = options.work / half
    folder.mkdir(exist_ok=True)
    save(network, encoder, options.work / PIECES, [one.text for one in seen[:: len(seen) // PROBES]], folder)
    for row in score(Finder.load(folder), unseen, most_frequent(seen)).rows():
        say(row)
    then = replace(THEN, seed=THEN.seed + 1 + "ab".index(half))
    after = fit(encoder, pieces, CLASSES, everything, then, options.work, say, begin=network)
    return mean(network.state_dict(), after.state_dict())


def mean(one: State, other: State) -> State:
    """The mean of the weights of two networks that began alike."""
    return {name: (value + other[name]) / 2 for name, value in one.items()}


def _network(encoder: Encoder) -> Network:
    return Network(encoder.arrays, Settings().layers, encoder.heads, len(CLASSES.statuses), len(CLASSES.kinds))


def _halves(sources: Sequence[Source]) -> dict[str, str]:
    return halves([one for source in sources if source.own for one in source.examples])


def _probes(sources: Sequence[Source]) -> list[str]:
    texts = [one.text for source in sources for one in source.examples]
    return texts[:: len(texts) // PROBES]


def save(network: Network, encoder: Encoder, table: Path, texts: Sequence[str], out: Path) -> None:
    """The graph, the heads and the table of pieces. Without `texts` the graph is in float32."""
    pieces = Pieces.read(table)
    begin, end = pieces.ids["<s>"], pieces.ids["</s>"]
    rows = [[begin, *[piece for piece, _ in pieces.cut(text)][: SIZE - 2], end] for text in texts]
    peaks = network.peaks(torch.tensor([row]) for row in rows) if rows else None
    path = out / "encoder.onnx"
    export(network.encoder_arrays(), network.marks(), len(network.layers), encoder.heads, path, peaks=peaks)
    names = {"statuses": np.array(CLASSES.statuses), "kinds": np.array(CLASSES.kinds)}
    np.savez(out / "heads.npz", **network.head_arrays(), **names)
    shutil.copyfile(table, out / PIECES)


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
        yield Source("made", tuple(candidates.add(read_examples(path, share=MADE_SHARE))), own=False)
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


def _cut(sources: Sequence[Source], work: Path) -> Encoder:
    """The encoder with the pieces that are needed; they are written down."""
    encoder = read_encoder(packed())
    texts = (text for source in sources for one in source.examples for text in (one.text, one.title or ""))
    kept = choose(encoder, texts, GAZETTEER)
    write_pieces(encoder, kept, work / PIECES)
    arrays = {**encoder.arrays, "emb.word": encoder.arrays["emb.word"][kept]}
    return replace(encoder, arrays=arrays, pieces=tuple(encoder.pieces[number] for number in kept))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.train", description="Train the model finder.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared", help="folder that has data/news-train")
    parser.add_argument("--work", type=Path, default=ROOT / "build/training", help="folder that a later run uses")
    parser.add_argument("--made", type=int, default=MADE, help="reports to make by training.generate")
    parser.add_argument("--extra", action="append", default=[], metavar="FILE=SHARE", help="examples, share of a round")
    parser.add_argument("--jobs", type=int, default=2, help="1: one half after the other")
    return parser


if __name__ == "__main__":
    main()
