"""Load the model and run it.

In:  a folder with encoder.onnx, heads.npz and pieces.csv.gz; texts.
Out: a `Sight` of each text. Same text, same answer, whatever was looked at before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from tocsin.errors import TocsinError
from tocsin.finder.heads import TAGS, Array, Heads, sigmoid
from tocsin.finder.pieces import Pieces
from tocsin.finder.sight import Sight
from tocsin.finder.windows import Window, tokens, windows

WEIGHTS = Path(__file__).with_name("weights")
FILES = ("encoder.onnx", "heads.npz", "pieces.csv.gz")

Encode = Callable[[Array], tuple[Array, Array]]  # ids (1, pieces) -> vectors (1, pieces, width), marks (1, pieces, 10)


class FinderError(TocsinError):
    """The model finder cannot be used here."""


@dataclass(frozen=True, slots=True)
class Finder:
    """The model, ready to look at reports."""

    pieces: Pieces
    heads: Heads
    encode: Encode

    @classmethod
    def load(cls, folder: Path = WEIGHTS, *, threads: int = 1) -> Finder:
        """The model in `folder`; the one that comes with tocsin if none is named."""
        missing = [name for name in FILES if not (folder / name).exists()]
        if missing:
            raise FinderError(
                f"{folder}: found no {', '.join(missing)}; name a folder that has them, or code with --finder rules"
            )
        encode = _encoder(folder / "encoder.onnx", threads)
        return cls(Pieces.read(folder / "pieces.csv.gz"), Heads.read(folder / "heads.npz"), encode)

    def look(self, text: str, *, title: str | None = None, published: date | None = None) -> Sight:
        """What the model sees in a report."""
        found = tokens(text, self.pieces)
        parts = [self._read(window) for window in windows(text, found, self.pieces, title=title, published=published)]
        parts = parts or [(np.zeros((0, 1), np.float32), np.zeros((0, len(TAGS) + 1), np.float32))]
        vectors, marks = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Sight(text, found, vectors, sigmoid(marks[:, : len(TAGS)]), marks[:, len(TAGS)], self.heads)

    def _read(self, window: Window) -> tuple[Array, Array]:
        """Vectors and marks of the text's tokens in the window; alone, so that what else is read changes nothing."""
        vectors, marks = self.encode(np.array([window.ids], dtype=np.int64))
        inside = slice(window.offset, window.offset + window.last - window.first)
        return vectors[0, inside], marks[0, inside]


def _encoder(path: Path, threads: int) -> Encode:
    try:
        import onnxruntime  # type: ignore[import-untyped]
    except ImportError as error:
        raise FinderError(
            "the model finder needs onnxruntime: python -m pip install onnxruntime, or code with --finder rules"
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The graph is written as it runs fastest; further fusing makes its layer norms five times slower.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def encode(ids: Array) -> tuple[Array, Array]:
        vectors, marks = session.run(["tokens", "marks"], {"ids": ids})
        return vectors, marks

    return encode
