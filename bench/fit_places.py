"""Learn the weights of the finder and the ranker for any text: python -m bench.fit_places [--data ../shared] [--write].

In:  the sets of bench/places.py, and news-train for the ranker.
Out: spot.toml and rank.toml of src/tocsin/locate/data with --write.
First each set is left out once, the weights are learned on the others and tried on it: those figures tell what the
weights are worth on texts that nobody has looked at. The written weights are learned on all sets.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench import event_places, places
from tocsin.locate import rank, scene, spot, tables
from tocsin.model import Span

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
EVERY = {"wiktor": 5}
FOUND_ON = ("lgl", "trnews", "gwn", "geovirus")  # sets that mark all names of a text
TOWN_KM = 25.0  # in a report of an event the town is meant, not its province
MISSED = 3.0  # a name missed is as bad as so many words wrongly taken for one
PULL = 0.5  # towards zero, for each weight


@dataclass(frozen=True, slots=True)
class Words:
    """Every run of words that has candidates: its signs, and whether it is a gold name. `starts`: word -> runs."""

    signs: list[dict[str, float]]
    is_gold: list[bool]
    starts: list[list[int]]
    spans: list[tuple[int, int]]
    total: int  # gold names


@dataclass(frozen=True, slots=True)
class Names:
    """A text's scene; which candidates of gold names are right; which spots are gold; how many gold names there are."""

    scene: scene.Scene
    right: Bools  # to learn from: the same id if any candidate has it
    good: Bools  # to measure: the same id or within 161 km
    gold: Bools
    total: int


def words_of(t: places.Text) -> Words:
    """What the finder looks at in a text."""
    page, gold = spot.read(t.text, "en"), {(g.span.start, g.span.end) for g in t.gold}
    found = Words([], [], [], [], len(gold))
    for i in range(len(page.found)):
        runs = []
        for s, signs in spot.possible(page, i, places.gazetteer()):
            here = (s.start, s.end)
            if here in gold or not any(s.start < o.end and o.start < s.end for o in t.ignored):
                runs.append(len(found.signs))
                found.signs.append(signs)
                found.is_gold.append(here in gold)
                found.spans.append(here)
        found.starts.append(runs)
    return found


def names_of(t: places.Text) -> Names:
    """What the ranker looks at: the gold names and what the finder finds besides."""
    spans = {(g.span.start, g.span.end): g for g in t.gold}
    lookup = places.gazetteer()
    page = spot.read(t.text, t.lang)
    given = [spot.spot_at(page, g.span.start, g.span.end, lookup) for g in spans.values()]
    rest = [s for s in spot.spots(page, lookup) if not any(s.start < b and a < s.end for a, b in spans)]
    seen = scene.scene_of(t.text, sorted([*given, *rest], key=lambda s: (s.start, s.end)))
    golden = [spans.get((s.start, s.end)) for s in seen.spots]
    right, good = [], []
    for s, g in zip(seen.spots, golden, strict=True):
        same = [g is not None and g.geonameid is not None and c.place.geonameid == g.geonameid for c in s.candidates]
        near = [g is not None and places.is_right(g, c.place) for c in s.candidates]
        right += same if any(same) else near
        good += near
    is_gold = np.array([g is not None for g in golden], dtype=bool)
    return Names(seen, np.array(right, dtype=bool), np.array(good, dtype=bool), is_gold, len(spans))


def conflict_texts(data: Path) -> Iterable[places.Text]:
    """The invented reports of news-train: the names that stand where an event is said to be, and that lie there."""
    for row in event_places.reports([data / "data" / "news-train"]):
        page, gold = spot.read(row["text"], row["lang"]), []
        found = spot.spots(page, places.gazetteer())
        for event in (e for e in row["events"] if e["mentions"].get("place")):
            at = Span(event["mentions"]["place"][0]["start"], event["mentions"]["place"][0]["end"])
            for s in (s for s in found if at.covers(Span(s.start, s.end))):
                point = (event["latitude"], event["longitude"])
                g = places.Gold(Span(s.start, s.end), s.name, None, *point, within_km=TOWN_KM)
                gold += [g] * any(places.is_right(g, c.place) for c in s.candidates)
        yield places.Text(row["id"], row["text"], tuple({g.span: g for g in gold}.values()), lang=row["lang"])


def least_of(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    return np.asarray(minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x)


def fit_finder(sets: Mapping[str, list[Words]], names: Sequence[str]) -> Floats:
    """Logistic regression; each set counts by the root of its size."""
    rows = np.vstack([table(w.signs, names) for each in sets.values() for w in each])
    gold = np.array([g for each in sets.values() for w in each for g in w.is_gold], dtype=float)
    sizes = [sum(len(w.signs) for w in each) for each in sets.values()]
    weight = np.concatenate([np.full(n, n**-0.5) for n in sizes])
    weight = weight / weight.mean() * np.where(gold > 0, MISSED, 1.0)
    pull = np.array([0.0 if name == "always" else 1.0 for name in names])

    def loss(w: Floats) -> tuple[float, Floats]:
        points = rows @ w
        cost = weight * (np.logaddexp(0, points) - gold * points)
        slope = rows.T @ (weight * (1 / (1 + np.exp(-points)) - gold))
        return float(cost.sum() + (pull * w * w).sum()), slope + 2 * pull * w

    return least_of(loss, len(names))


def table(signs: Iterable[Mapping[str, float]], names: Sequence[str]) -> Floats:
    return np.array([[each.get(name, 0.0) for name in names] for each in signs]).reshape(-1, len(names))


def try_finder(texts: Iterable[Words], weights: Mapping[str, float]) -> str:
    """Precision, recall and F1 of exact spans."""
    right = found = total = 0
    for w in texts:
        total, end = total + w.total, -1
        for runs in w.starts:
            for run in runs:
                if w.spans[run][0] >= end and spot.likelihood(w.signs[run], weights) >= spot.least():
                    right, found, end = right + w.is_gold[run], found + 1, w.spans[run][1]
                    break
    p, r = right / found, right / total
    return f"precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / (p + r):.3f}"


def fit_ranker(sets: Mapping[str, list[Names]]) -> tuple[Floats, Floats]:
    """The weights of the first round, then those of the later ones, learned on what the rounds before them gave."""
    alone = {name: [scene.alone(n.scene) for n in each] for name, each in sets.items()}
    first = fit_choice(sets, alone)
    chance = {
        name: [rank.shares(n.scene, a @ first) for n, a in zip(sets[name], alone[name], strict=True)] for name in sets
    }
    later = first
    for _ in range(rank.ROUNDS):
        rows = {
            name: [
                np.hstack([a, scene.together(n.scene, c)])
                for n, a, c in zip(sets[name], alone[name], chance[name], strict=True)
            ]
            for name in sets
        }
        later = fit_choice(sets, rows)
        chance = {
            name: [rank.shares(n.scene, r @ later) for n, r in zip(sets[name], rows[name], strict=True)]
            for name in sets
        }
    return first, later


def fit_choice(sets: Mapping[str, list[Names]], rows: Mapping[str, list[Floats]]) -> Floats:
    """Softmax over the candidates of each gold name, all right ones together."""
    parts, right, sizes, weight = [], [], [], []
    for name, texts in sets.items():
        share = sum(n.gold.sum() for n in texts) ** -0.5
        for n, table in zip(texts, rows[name], strict=True):
            for part, good in choices(n, table):
                parts.append(part)
                right.append(good)
                sizes.append(len(good))
                weight.append(share)
    signs, good = np.vstack(parts), np.concatenate(right).astype(float)
    owner, begins = np.repeat(np.arange(len(sizes)), sizes), np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shares = np.array(weight) / np.mean(weight)

    def loss(w: Floats) -> tuple[float, Floats]:
        points = signs @ w
        raised = np.exp(points - np.maximum.reduceat(points, begins)[owner])
        whole, hit = np.add.reduceat(raised, begins), np.add.reduceat(raised * good, begins) + 1e-300
        cost = (shares * (np.log(whole) - np.log(hit))).sum()
        slope = signs.T @ (shares[owner] * raised * (1 / whole[owner] - good / hit[owner]))
        return float(cost + PULL * (w * w).sum()), slope + 2 * PULL * w

    return least_of(loss, signs.shape[1])


def choices(n: Names, table: Floats) -> Iterable[tuple[Floats, Bools]]:
    """The gold names of which some candidates are right and some are not."""
    for i in np.flatnonzero(n.gold):
        part = slice(n.scene.begins[i], n.scene.begins[i] + len(n.scene.spots[i].candidates))
        if n.right[part].any() and not n.right[part].all():
            yield table[part], n.right[part]


def try_ranker(texts: Iterable[Names], first: Floats, later: Floats) -> str:
    """Share of all gold names that get a good place."""
    good = total = 0
    for n in texts:
        total += n.total
        chance = rank.chances(n.scene, first, later)
        for i in np.flatnonzero(n.gold):
            begin = n.scene.begins[i]
            good += n.good[begin + int(np.argmax(chance[begin : begin + len(n.scene.spots[i].candidates)]))]
    return f"located {good / total:.3f}"


def without(sets: Mapping[str, list[Words]] | Mapping[str, list[Names]], name: str) -> dict[str, list]:  # type: ignore[type-arg]
    return {other: each for other, each in sets.items() if other != name}


def written(head: str, sections: Mapping[str, Mapping[str, float]], more: str = "") -> str:
    tables_ = [
        f"[{name}]\n" + "".join(f"{sign} = {w:.2f}\n" for sign, w in part.items()) for name, part in sections.items()
    ]
    return "\n".join(
        [f"# {head}\n# Learned by `python -m bench.fit_places --write` (docs/locate.md).\n{more}", *tables_]
    )


def finder(data: Path, write: bool) -> None:
    sets = {name: [words_of(t) for t in places.texts(data, name)] for name in FOUND_ON}
    names = sorted({sign for each in sets.values() for w in each for signs in w.signs for sign in signs})
    for left in sets:
        weights = dict(zip(names, fit_finder(without(sets, left), names), strict=True))
        print(f"finder, learned without {left:9} {try_finder(sets[left], weights)}", flush=True)
    best = sorted(zip(names, fit_finder(sets, names), strict=True), key=lambda pair: -pair[1])
    if write:
        head = (
            "Which capitalised words are the name of a place in any text: what speaks for it (above 0) and against it."
        )
        least = f"least = {spot.least()}  # how sure a name must be, 0 to 1\n"
        (tables.DATA / "spot.toml").write_text(written(head, {"weights": dict(best)}, least), encoding="utf-8")


def ranker(data: Path, write: bool) -> None:
    sets = {name: [names_of(t) for t in places.texts(data, name, EVERY.get(name, 1))] for name in places.SETS}
    sets["conflict"] = [names_of(t) for t in conflict_texts(data)]
    for left in sets:
        print(
            f"ranker, learned without {left:9} {try_ranker(sets[left], *fit_ranker(without(sets, left)))}", flush=True
        )
    first, later = fit_ranker(sets)
    for name, each in sets.items():
        print(f"ranker, learned on all, {name:9} {try_ranker(each, first, later)}")
    if write:
        head = "Which place a name of any text means: the points of a candidate by itself, then beside the other names."
        sections = {
            "first": dict(zip(scene.ALONE, first, strict=True)),
            "later": dict(zip((*scene.ALONE, *scene.TOGETHER), later, strict=True)),
        }
        (tables.DATA / "rank.toml").write_text(written(head, sections), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--only", choices=("finder", "ranker"), help="learn just this one")
    parser.add_argument("--write", action="store_true", help="write the weights")
    given = parser.parse_args()
    if given.only != "ranker":
        finder(given.data, given.write)
        spot.weights.cache_clear()
        tables.toml.cache_clear()
    if given.only != "finder":
        ranker(given.data, given.write)


if __name__ == "__main__":
    main()
