"""Write the encoder as an ONNX graph with 8-bit weights.

In:  the arrays of a trained encoder, float32, named as in `training.encoder`.
     Weights and biases of what is read off each token: the tags and the focus.
Out: encoder.onnx: `ids` (1, length) int64 -> `tokens` (1, length, width) and `marks` (1, length, tags + 1) float32.

Every matrix product with weights is done in 8 bits: weights by output channel with 7 bits, so that sums do not overflow
on processors without the newer instructions, activations by tensor as they come. A word vector has 8 bits and a
scale of its own. Channels that peak are evened out first, divided before the product and multiplied in the weights
(Xiao et al. 2023, SmoothQuant, arXiv 2211.10438).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.encoder import Array

OPSET = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
EPSILON = 1e-12  # of BERT's layer norms
LEVELS = 63  # of a weight on either side of zero


class Graph:
    """Collects nodes and weights."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, *, own: bool = False, **attributes: object) -> str:
        domain = "com.microsoft" if own else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, domain=domain, **attributes))
        return output


def export(
    arrays: Mapping[str, Array],
    marks: tuple[Array, Array],
    layers: int,
    heads: int,
    out: Path,
    *,
    peaks: Mapping[str, Array] | None,
) -> None:
    """Write the graph; without `peaks` (of each channel that goes into a product: its largest size) in float32."""
    graph, arrays = Graph(), joined(arrays, layers)
    embedded = _embedding(graph, arrays, quantised=peaks is not None)
    for layer in range(layers):
        embedded = _layer(graph, arrays, f"l{layer}", heads, embedded, peaks)
    graph.add("Identity", [embedded], "tokens")
    found = graph.add("MatMul", [embedded, graph.weight("marks.w", marks[0].T)], "marks.found")
    graph.add("Add", [found, graph.weight("marks.b", marks[1])], "marks")
    width = arrays["emb.ln.w"].shape[0]
    made = helper.make_graph(
        graph.nodes,
        "finder",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["windows", "length"]),
        ],
        [
            helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["windows", "length", width]),
            helper.make_tensor_value_info("marks", TensorProto.FLOAT, ["windows", "length", len(marks[1])]),
        ],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=OPSET, ir_version=9, producer_name="tocsin")
    onnx.save(model, out)


def _embedding(graph: Graph, arrays: Mapping[str, Array], *, quantised: bool) -> str:
    words = arrays["emb.word"]
    if quantised:
        scales = np.abs(words).max(axis=1, keepdims=True) / 127
        levels = np.rint(words / np.maximum(scales, 1e-9)).astype(np.int8)
        graph.add("Gather", [graph.weight("emb.levels", levels), "ids"], "emb.picked")
        graph.add("Cast", ["emb.picked"], "emb.cast", to=TensorProto.FLOAT)
        graph.add("Gather", [graph.weight("emb.scales", scales.astype(np.float32)), "ids"], "emb.scale")
        words_out = graph.add("Mul", ["emb.cast", "emb.scale"], "emb.words")
    else:
        words_out = graph.add("Gather", [graph.weight("emb.word", words), "ids"], "emb.words")
    positions = arrays["emb.pos"] + arrays["emb.type"][None, : words.shape[1]]
    graph.add("Shape", ["ids"], "emb.length", start=1, end=2)
    bounds = [graph.weight("zero", np.array([0])), "emb.length", graph.weight("first", np.array([0]))]
    place = graph.add("Slice", [graph.weight("emb.positions", positions), *bounds], "emb.place")
    total = graph.add("Add", [words_out, place], "emb.sum")
    return _norm(graph, arrays, "emb.ln", total)


def _norm(graph: Graph, arrays: Mapping[str, Array], name: str, inside: str) -> str:
    weights = [graph.weight(f"{name}.{part}", arrays[f"{name}.{part}"]) for part in ("w", "b")]
    return graph.add("LayerNormalization", [inside, *weights], f"{name}.out", axis=-1, epsilon=EPSILON)


def _layer(
    graph: Graph, arrays: Mapping[str, Array], name: str, heads: int, inside: str, peaks: Mapping[str, Array] | None
) -> str:
    def product(part: str, source: str) -> str:
        weight, output = arrays[f"{name}.{part}.w"].T, f"{name}.{part}.out"
        if peaks is None:
            return graph.add("MatMul", [source, graph.weight(f"{name}.{part}.w", weight)], output)
        shares = np.sqrt(peaks[f"{name}.{part}"] / np.abs(weight).max(axis=1)).astype(np.float32).clip(min=1e-4)
        weight = weight * shares[:, None]
        source = graph.add("Mul", [source, graph.weight(f"{name}.{part}.shares", 1 / shares)], f"{name}.{part}.even")
        scales = np.abs(weight).max(axis=0) / LEVELS
        levels = graph.weight(f"{name}.{part}.levels", np.rint(weight / scales).astype(np.int8))
        inputs = [source, levels, graph.weight(f"{name}.{part}.scales", scales)]
        return graph.add("DynamicQuantizeMatMul", inputs, output, own=True)

    def bias(part: str) -> str:
        return graph.weight(f"{name}.{part}.b", arrays[f"{name}.{part}.b"])

    def added(inside: str, part: str, source: str, norm: str) -> str:
        biased = graph.add("Add", [product(part, source), bias(part)], f"{name}.{part}.biased")
        return _norm(graph, arrays, f"{name}.{norm}", graph.add("Add", [inside, biased], f"{name}.{part}.sum"))

    parts = [f"{name}.{part}" for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [product("qkv", inside)], parts, axis=-1, name=f"{name}.split"))
    inputs = [*parts, bias("qkv")]
    attended = graph.add("MultiHeadAttention", inputs, f"{name}.attended", own=True, num_heads=heads)
    middle = added(inside, "ao", attended, "aln")
    wide = graph.add("BiasGelu", [product("fi", middle), bias("fi")], f"{name}.gelu", own=True)
    return added(middle, "fo", wide, "oln")


def joined(arrays: Mapping[str, Array], layers: int) -> dict[str, Array]:
    """The arrays with the three products of attention made one."""
    qkv = {
        f"l{layer}.qkv.{kind}": np.concatenate([arrays[f"l{layer}.{part}.{kind}"] for part in "qkv"])
        for layer in range(layers)
        for kind in "wb"
    }
    return {**arrays, **qkv}
