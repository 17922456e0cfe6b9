"""The network that is trained: the encoder and the heads, in torch.

In:  windows of ids, spans and pairs of spans in them.
Out: scores before the sigmoid or softmax; the same sums as tocsin/finder/heads.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tocsin.finder.heads import GAPS, PARAGRAPHS, ROLES, TAGS
from training.encoder import Array

VIEW = 128  # width inside the heads of pairs
MENTION = 256  # width inside the head of mentions
DROPOUT = 0.1
MARKS = ("tags", "focus")
BEYOND = -1e4  # added to the score of what stands beyond the end of a window


class Layer(nn.Module):
    """A layer of BERT."""

    def __init__(self, width: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.ao = (nn.Linear(width, width) for _ in range(4))
        self.fi, self.fo = nn.Linear(width, inner), nn.Linear(inner, width)
        self.aln, self.oln = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        windows, length, width = x.shape
        q, k, v = (part(x).view(windows, length, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v))
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]) + bias.to(q.dtype)
        seen = scores.softmax(-1) @ v  # by hand: in half precision twice as fast on a processor as torch's own
        x = self.aln(x + self.drop(self.ao(seen.transpose(1, 2).reshape(windows, length, width))))
        made: Tensor = self.oln(x + self.drop(self.fo(functional.gelu(self.fi(x)))))
        return made


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked about a batch. Spans are rows (first, last + 1) of tokens of the batch."""

    mentions: Tensor  # (mentions, 2)
    spans: Tensor  # (spans, 2)
    roles: Tensor  # (pairs, 4): mention, span, gap, paragraphs
    sames: Tensor  # (pairs, 4): mention, mention, gap, paragraphs


@dataclass(frozen=True, slots=True)
class Answers:
    tags: Tensor  # (tokens, tags)
    status: Tensor
    kind: Tensor
    role: Tensor
    same: Tensor


class Network(nn.Module):
    """Encoder and heads. Word vectors stay as they are: names that training never shows keep theirs."""

    def __init__(self, arrays: Mapping[str, Array], layers: int, heads: int, statuses: int, kinds: int) -> None:
        super().__init__()
        width, inner = arrays["emb.ln.w"].shape[0], arrays["l0.fi.b"].shape[0]
        self.register_buffer("word", torch.tensor(np.asarray(arrays["emb.word"])), persistent=False)
        self.position = nn.Parameter(torch.tensor(arrays["emb.pos"] + arrays["emb.type"][None, :width]))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, inner, heads) for _ in range(layers))
        self.drop = nn.Dropout(DROPOUT)
        self.load_encoder(arrays)
        self.heads = nn.ModuleDict(
            {
                "tags": nn.Linear(width, len(TAGS)),
                "focus": nn.Linear(width, 1),
                "mention": nn.Linear(width, MENTION),
                "status": nn.Linear(MENTION, statuses),
                "kind": nn.Linear(MENTION, kinds),
                "role_trigger": nn.Linear(width, VIEW),
                "role_span": nn.Linear(width, VIEW, bias=False),
                "role_left": nn.Linear(width, VIEW),
                "role_right": nn.Linear(width, VIEW),
                "role_gap": nn.Embedding(len(GAPS) + 1, VIEW),
                "role_paragraph": nn.Embedding(len(PARAGRAPHS) + 1, VIEW),
                "role_out": nn.Linear(VIEW, len(ROLES)),
                "same_view": nn.Linear(width, VIEW),
                "same_apart": nn.Linear(VIEW, VIEW),
                "same_alike": nn.Linear(VIEW, VIEW, bias=False),
                "same_gap": nn.Embedding(len(GAPS) + 1, VIEW),
                "same_paragraph": nn.Embedding(len(PARAGRAPHS) + 1, VIEW),
                "same_out": nn.Linear(VIEW, 1),
            }
        )
        nn.init.zeros_(self.heads["focus"].weight)
        nn.init.zeros_(self.heads["focus"].bias)

    def encode(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Vectors (windows, length, width)."""
        length = ids.shape[1]
        beyond = torch.arange(length) >= lengths[:, None]
        bias = torch.zeros(beyond.shape).masked_fill(beyond, BEYOND)[:, None, None, :]
        x = self.drop(self.norm(functional.embedding(ids, self.word) + self.position[:length]))
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def forward(self, windows: list[tuple[Tensor, Tensor]], places: Tensor, questions: Questions) -> Answers:
        """`places`: where in the flattened windows the tokens of the texts stand."""
        with torch.autocast("cpu", torch.bfloat16):
            encoded = [self.encode(ids, lengths).flatten(0, 1) for ids, lengths in windows]
        tokens = torch.cat(encoded)[places].float()
        tokens = self.drop(tokens)
        mentions = self._pooled(tokens, questions.mentions, self.heads["focus"](tokens)[:, 0])
        spans = self._pooled(tokens, questions.spans, torch.zeros(len(tokens)))
        inner = functional.gelu(self.heads["mention"](mentions))
        return Answers(
            self.heads["tags"](tokens),
            self.heads["status"](inner),
            self.heads["kind"](inner),
            self._role(mentions, spans, questions.roles),
            self._same(mentions, questions.sames),
        )

    def _pooled(self, tokens: Tensor, spans: Tensor, focus: Tensor) -> Tensor:
        """The mean of each span's tokens, weighed by the softmax of `focus` within the span."""
        sizes = spans[:, 1] - spans[:, 0]
        owner = torch.repeat_interleave(torch.arange(len(spans)), sizes)
        inside = torch.arange(len(owner)) - torch.repeat_interleave(sizes.cumsum(0) - sizes, sizes)
        inside = inside + spans[:, 0][owner]
        weight = (focus[inside] - focus.max().detach()).exp()
        total = torch.zeros(len(spans)).index_add(0, owner, weight)
        share = weight / total[owner]
        return torch.zeros(len(spans), tokens.shape[1]).index_add(0, owner, share[:, None] * tokens[inside])

    def _role(self, mentions: Tensor, spans: Tensor, pairs: Tensor) -> Tensor:
        one, other = pairs[:, 0], pairs[:, 1]
        hidden = self.heads["role_trigger"](mentions)[one] + self.heads["role_span"](spans)[other]
        hidden = hidden + self.heads["role_left"](mentions)[one] * self.heads["role_right"](spans)[other]
        hidden = hidden + self.heads["role_gap"](pairs[:, 2]) + self.heads["role_paragraph"](pairs[:, 3])
        made: Tensor = self.heads["role_out"](functional.gelu(hidden))
        return made

    def _same(self, mentions: Tensor, pairs: Tensor) -> Tensor:
        view = self.heads["same_view"](mentions)
        a, b = view[pairs[:, 0]], view[pairs[:, 1]]
        hidden = self.heads["same_apart"]((a - b).abs()) + self.heads["same_alike"](a * b)
        hidden = hidden + self.heads["same_gap"](pairs[:, 2]) + self.heads["same_paragraph"](pairs[:, 3])
        made: Tensor = self.heads["same_out"](functional.gelu(hidden))[:, 0]
        return made

    def load_encoder(self, arrays: Mapping[str, Array]) -> None:
        with torch.no_grad():
            for name, parameter in self._named():
                parameter.copy_(torch.tensor(np.asarray(arrays[name])))

    def encoder_arrays(self) -> dict[str, Array]:
        """The encoder's arrays, named as in `training.encoder`."""
        found = {name: parameter.detach().float().numpy() for name, parameter in self._named()}
        width = self.position.shape[1]
        return {
            **found,
            "emb.word": self.word.numpy(),
            "emb.pos": self.position.detach().numpy(),
            "emb.type": np.zeros(width, np.float32),
        }

    @torch.no_grad()
    def peaks(self, windows: Iterable[Tensor]) -> dict[str, Array]:
        """The largest size of each channel that goes into a product of a layer, over windows of ids (1, length)."""
        found: dict[str, Tensor] = {}

        def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
            def note(module: nn.Module, inside: tuple[Tensor, ...]) -> None:
                peak = inside[0].float().abs().flatten(0, -2).amax(0)
                found[name] = torch.maximum(found[name], peak) if name in found else peak

            return note

        parts = {"q": "qkv", "ao": "ao", "fi": "fi", "fo": "fo"}
        hooks = [
            getattr(layer, part).register_forward_pre_hook(watch(f"l{number}.{name}"))
            for number, layer in enumerate(self.layers)
            for part, name in parts.items()
        ]
        for ids in windows:
            self.encode(ids, torch.tensor([ids.shape[1]]))
        for hook in hooks:
            hook.remove()
        return {name: peak.numpy() for name, peak in found.items()}

    def head_arrays(self) -> dict[str, Array]:
        """The arrays of the heads of spans and pairs."""
        arrays = {name: value.detach().numpy() for name, value in self.heads.state_dict().items()}
        return {name: array for name, array in arrays.items() if name.split(".")[0] not in MARKS}

    def marks(self) -> tuple[Array, Array]:
        """Weights and biases of what is read off each token: the tags, then the focus."""
        parts = [self.heads[name] for name in MARKS]
        weights = torch.cat([part.weight for part in parts]).detach().numpy()
        return weights, torch.cat([part.bias for part in parts]).detach().numpy()

    def _named(self) -> list[tuple[str, nn.Parameter]]:
        found = [("emb.ln.w", self.norm.weight), ("emb.ln.b", self.norm.bias)]
        for number, layer in enumerate(self.layers):
            for part in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
                module = getattr(layer, part)
                found += [(f"l{number}.{part}.w", module.weight), (f"l{number}.{part}.b", module.bias)]
        return found

    def groups(self, rate: float, head_rate: float, decay: float) -> list[dict[str, object]]:
        """Parameters with their learning rates: the deeper in the encoder, the lower."""
        found: list[dict[str, object]] = [{"params": list(self.heads.parameters()), "lr": head_rate}]
        depth = len(self.layers)
        for number, layer in enumerate(self.layers):
            found.append({"params": list(layer.parameters()), "lr": rate * decay ** (depth - 1 - number)})
        below = [self.position, *self.norm.parameters()]
        found.append({"params": below, "lr": rate * math.pow(decay, depth)})
        return found
