"""The model finder: pieces, windows, heads, and what the model that comes with tocsin sees."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.code import Tools, claims_in, introduce, same
from tocsin.code.both import Both
from tocsin.code.found import RULES
from tocsin.finder import Finder, FinderError, Sight
from tocsin.finder.finder import FILES, WEIGHTS
from tocsin.finder.heads import GAPS, PARAGRAPHS, ROLES, TAGS, Heads, bucket, gap
from tocsin.finder.pieces import Pieces, normal
from tocsin.finder.windows import SIZE, tokens, windows
from tocsin.model import Report, Span, Status

ATTACK = (
    "Gunmen on motorcycles killed eleven farmers in the village of Kossi Bara, near Maradi, on Tuesday.\n\n"
    "The governor denied that a second raid had taken place. Last year the same road saw forty ambushes."
)
ATTAQUE = (
    "Des hommes armés à moto ont tué onze cultivateurs mardi dans le village de Kossi Bara, près de Maradi.\n\n"
    "Le gouverneur a démenti toute attaque à Dakoro."
)
MARKET = "The price of rice fell for the third month in a row, traders in the capital said, and the harvest looks good."


def small() -> Pieces:
    """A table of few pieces."""
    letters = dict.fromkeys("abcdefghijklmnopqrstuvwxyzé.▁", -9.0)
    return Pieces({"<s>": 0, "<pad>": 0, "</s>": 0, "<unk>": 0, "▁the": -3.0, "▁fight": -5.0, "ers": -4.0, **letters})


@cache
def finder() -> Finder:
    missing = [name for name in FILES if not (WEIGHTS / name).exists()]
    if missing:
        pytest.skip(f"no weights in {WEIGHTS}")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    return Finder.load()


@cache
def seen(text: str) -> Sight:
    return finder().look(text, title="Raid in Maradi region", published=date(2024, 5, 23))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("the fighters", ["the", "fight", "ers"]),
        ("  the\n\nfighters", ["the", "fight", "ers"]),
        ("the ersé", ["the", "", "ers", "é"]),
        ("", []),
        ("ﬁght", ["ﬁght"]),  # one sign for two letters
        ("the 漢", ["the", "", "漢"]),  # no piece has it: unknown, at its place
    ],
)
def test_cutting_takes_the_likeliest_pieces(text: str, wanted: list[str]) -> None:
    """Pieces with the highest scores, each with the characters it stands for."""
    found = [span.of(text) for _, span in small().cut(text)]
    assert [word for word in found if word] == [word for word in wanted if word]


@given(st.text(max_size=300))
def test_pieces_lie_in_the_text_in_order(text: str) -> None:
    """Every character that is not space is in some piece; pieces never go back."""
    spans = [span for _, span in small().cut(text)]
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(spans))


@given(st.text(max_size=80))
def test_the_normal_form_knows_where_it_came_from(word: str) -> None:
    """One place for each letter."""
    letters, places = normal(word)
    assert len(letters) == len(places)
    assert all(0 <= start < end <= len(word) for start, end in places)


@given(st.lists(st.sampled_from(["the", "fighters", "é.", "\n\n", "a" * 120]), max_size=700), st.booleans())
def test_windows_hold_each_token_once(words: list[str], dated: bool) -> None:
    """Nothing is lost or read twice, and no window is too long."""
    text, pieces = " ".join(words), small()
    found = tokens(text, pieces)
    made = windows(text, found, pieces, title="the fight", published=date(2024, 1, 2) if dated else None)
    assert [piece for window in made for piece in window.ids[window.offset : -1]] == list(found.ids)
    assert all(len(window.ids) <= SIZE for window in made)
    assert all(a.last == b.first for a, b in pairwise(made))


def test_windows_break_between_paragraphs() -> None:
    """A paragraph that fits is not cut."""
    pieces = small()
    text = ("the fighters " * 60 + "\n\n") * 3
    found = tokens(text, pieces)
    made = windows(text, found, pieces, title=None, published=None)
    assert [found.paragraphs[window.first] for window in made] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other", "wanted"), [((0, 2), (2, 4), 1), ((2, 4), (0, 2), -1), ((0, 3), (2, 5), 0), ((0, 1), (9, 10), 9)]
)
def test_gap_counts_tokens(one: tuple[int, int], other: tuple[int, int], wanted: int) -> None:
    """1 side by side, 0 overlapping, below 0 if the other stands before."""
    assert gap(one, other) == wanted


@given(st.integers(-400, 400))
def test_buckets_are_in_order(value: int) -> None:
    """A larger gap is never in a lower bucket."""
    assert bucket(value, GAPS) <= bucket(value + 1, GAPS) <= len(GAPS)


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    """No weights: an error that names the files."""
    with pytest.raises(FinderError, match=r"found no encoder.onnx, heads.npz, pieces.csv.gz"):
        Finder.load(tmp_path)


def test_heads_compute_what_was_trained() -> None:
    """The sums in numpy are those of torch."""
    torch = pytest.importorskip("torch", reason="torch is for training only")
    network = pytest.importorskip("training.network", reason="training is not on the path")
    rng = np.random.default_rng(1)
    width, inner = 384, 1536
    arrays = {"emb.ln.w": np.ones(width), "emb.ln.b": np.zeros(width), "emb.word": np.zeros((4, width))}
    arrays |= {"emb.pos": np.zeros((8, width)), "emb.type": np.zeros(width), "l0.fi.b": np.zeros(inner)}
    net = network.Network({k: v.astype(np.float32) for k, v in arrays.items()}, 0, 12, 11, 26).eval()
    heads = Heads(net.head_arrays(), ("a",) * 11, ("b",) * 26)
    one, other = rng.normal(size=(2, width)).astype(np.float32)
    both = torch.tensor(np.stack([one, other]))
    pairs = torch.tensor([[0, 1, bucket(7, GAPS), bucket(1, PARAGRAPHS)]])
    with torch.no_grad():
        role = torch.sigmoid(net._role(both, both, pairs))[0].numpy()
        same = float(torch.sigmoid(net._same(both, pairs))[0])
    assert heads.role(heads.asking(one), heads.asked(other), 7, 1) == pytest.approx(role, abs=1e-5)
    assert heads.same(one, other, 7, 1) == pytest.approx(same, abs=1e-5)
    assert heads.same(other, one, -7, -1) == pytest.approx(same, abs=1e-5)


@pytest.mark.parametrize(("text", "word"), [(ATTACK, "killed"), (ATTAQUE, "tué")])
def test_an_attack_is_seen_in_both_languages(text: str, word: str) -> None:
    """Where it is told, that it happened, what it was, and who and where."""
    sight = seen(text)
    start = text.index(word)
    trigger = Span(start, start + len(word))
    assert any(span.overlaps(trigger) for span, _ in sight.events)
    status, kinds = sight.status(trigger), sight.kinds(trigger)
    assert max(status, key=status.__getitem__) == "happened"
    assert max(kinds, key=kinds.__getitem__) == "Attack"
    place = Span(text.index("Kossi Bara"), text.index("Kossi Bara") + len("Kossi Bara"))
    assert sight.role(trigger, place)["place"] > 0.5


@pytest.mark.parametrize(
    ("text", "words", "wanted"),
    [(ATTACK, "denied that a second raid", "denied"), (ATTAQUE, "démenti toute attaque", "denied")],
)
def test_a_denial_is_no_event(text: str, words: str, wanted: str) -> None:
    """What is denied has that status."""
    status = seen(text).status(Span(text.index(words), text.index(words) + len(words)))
    assert max(status, key=status.__getitem__) == wanted


def test_a_market_report_has_no_event() -> None:
    """Nothing is proposed where nothing happened."""
    assert seen(MARKET).events == ()


@pytest.mark.parametrize("text", [ATTACK, ATTAQUE, MARKET])
def test_probabilities_are_probabilities(text: str) -> None:
    """Classes add up to one; roles lie between 0 and 1; all that is proposed lies in the text."""
    sight = seen(text)
    whole, first = Span(0, len(text)), Span(0, 6)
    assert sum(sight.status(first).values()) == pytest.approx(1, abs=1e-4)
    assert sum(sight.kinds(whole).values()) == pytest.approx(1, abs=1e-4)
    assert set(sight.role(first, whole)) == {*ROLES, "none"}
    assert 0 <= sight.same(first, whole) <= 1
    proposed = [*sight.triggers, *sight.events, *(found for role in TAGS[2:] for found in sight.spans(role))]
    assert all(0 <= span.start < span.end <= len(text) and 0.5 < p <= 1 for span, p in proposed)


def test_the_same_text_gets_the_same_answer() -> None:
    """To the last bit, whatever was looked at in between."""
    first = finder().look(ATTACK).vectors.tobytes()
    finder().look(MARKET)
    assert Finder.load().look(ATTACK).vectors.tobytes() == first


@pytest.mark.parametrize("text", ["", "   \n", "\u200b"])
def test_a_text_without_words_has_no_triggers(text: str) -> None:
    """Nothing to look at is no error."""
    assert finder().look(text).triggers == ()


def test_rules_and_model_together_code_as_the_rules_do_when_both_are_sure() -> None:
    finder()
    report = Report("r", ATTACK, published=date(2024, 5, 23), lang="en")
    by_rules, by_both = (claims_in(report, Tools.load(finder=each)) for each in (RULES, Both()))
    assert [claim.location.value for claim in by_both.claims] == [claim.location.value for claim in by_rules.claims]
    assert len(by_both.claims) == 1


def test_the_model_speaks_for_and_against_an_event() -> None:
    table = introduce.weights(introduce.BOTH)
    assert table["model_happened"] > 0 > table["model_no_kind"]
    assert table["model_alike"] < 0
    assert not any(sign.startswith("model_") for sign in introduce.weights())


def test_the_model_speaks_for_and_against_one_happening() -> None:
    table = same.weights()
    assert table["rule_agrees"] > table["rule_there"] > table["rule_together"] > table["rule_neither"]
    assert table["model"] > 0


def test_what_the_model_may_overrule_is_a_sign_for_each_status() -> None:
    """A rule that takes the mention for none speaks against it, but has not the last word."""
    table = introduce.weights(introduce.BOTH)
    assert {sign for sign in table if sign.startswith("said_")} <= {f"said_{status}" for status in Status}
    assert table["said_planned"] < 0 > table["said_not_political"]


def test_words_that_no_list_knows_are_an_event_if_the_model_sees_one() -> None:
    """The codebook decides on the type; the words are quoted."""
    finder()
    text = "KIDAL, Mali - Two herders did not survive a visit of men on motorbikes to their camp near Kidal on Monday."
    report = Report("r", text, published=date(2024, 5, 23), lang="en")
    assert not claims_in(report, Tools.load(finder=RULES)).claims
    (claim,) = claims_in(report, Tools.load()).claims
    assert claim.sub_event_type.value == "Attack"
    assert str(claim.trigger.value).startswith("model.")
    assert all(span.of(text) for span in claim.sub_event_type.spans)


def test_the_model_alone_finds_an_event_without_the_lexicon() -> None:
    finder()
    report = Report("r", ATTACK, published=date(2024, 5, 23), lang="en")
    alone, together = (claims_in(report, Tools.load(finder=Both(lexicon=each))).claims for each in (False, True))
    assert [claim.location.value for claim in alone] == [claim.location.value for claim in together]
    assert all(str(claim.trigger.value).startswith("model.") for claim in alone)


def test_both_without_weights_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FinderError, match=r"found no encoder\.onnx"):
        Both(tmp_path)
