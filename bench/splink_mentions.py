"""Splink beside our linker: the same mentions, its own training, average link on its chances.

In:  a file of tools/make_mentions.py.
Out: pairs (n, 2) of row numbers and their chances. Blocks: 0.3 degree grids, four of them laid apart, within 4 days.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.link.words import rare_words, words

DAYS = 4
LEAST = 0.02  # chance; less counts as none
GRIDS = ((0.0, 0.0), (0.0, 0.5), (0.5, 0.0), (0.5, 0.5))
GRID = 0.3  # degrees


def table(path: Path) -> dict[str, list[Any]]:
    """The columns that Splink compares; the notes as an array of rare words, as our own linker sees them."""
    with path.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    found: dict[str, list[Any]] = {
        name: [row[name] or None for row in rows]
        for name in ("location", "event_type", "sub_event_type", "actor1", "actor2")
    }
    latitude, longitude = ([float(row[name]) for row in rows] for name in ("latitude", "longitude"))
    known = ("actor1", "actor2", "country", "location", "admin1")
    for at, (north, east) in enumerate(GRIDS):
        found[f"grid{at}"] = [
            f"{row['country']} {int(a / GRID + north + 1000)} {int(b / GRID + east + 1000)}"
            for row, a, b in zip(rows, latitude, longitude, strict=True)
        ]
    return found | {
        "unique_id": list(range(len(rows))),
        "day": [date.fromisoformat(row["event_date"]).toordinal() for row in rows],
        "latitude": latitude,
        "longitude": longitude,
        "dead": [int(row["fatalities"]) if row["fatalities"] else None for row in rows],
        "named": [words(f"{row['actor1']} {row['actor2']}") for row in rows],
        "rare": [list(rare_words(row["notes"], [row[name] for name in known])) for row in rows],
    }


def comparisons() -> list[Any]:
    """What Splink compares; levels as close to ours as its library has them."""
    import splink.comparison_level_library as level
    import splink.comparison_library as compare

    def steps(column: str, *conditions: str) -> Any:
        parts = [level.CustomLevel(condition) for condition in conditions]
        return compare.CustomComparison([level.NullLevel(column), *parts, level.ElseLevel()], output_column_name=column)

    kind = "event_type_l = event_type_r"
    return [
        steps("day", "day_l = day_r", "abs(day_l - day_r) = 1", "abs(day_l - day_r) = 2", "abs(day_l - day_r) = 3"),
        compare.DistanceInKMAtThresholds("latitude", "longitude", [1, 3, 7, 12]),
        compare.JaroWinklerAtThresholds("location", [0.92, 0.8]),
        compare.JaroWinklerAtThresholds("actor1", [0.92, 0.8]),
        compare.JaroWinklerAtThresholds("actor2", [0.92, 0.8]),
        compare.ArrayIntersectAtSizes("named", [3, 2, 1]),
        steps("sub_event_type", "sub_event_type_l = sub_event_type_r", kind),
        steps("dead", "dead_l = dead_r", "abs(dead_l - dead_r) <= 1", "abs(dead_l - dead_r) <= 3"),
        compare.ArrayIntersectAtSizes("rare", [3, 2, 1]),
    ]


def chances(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Train Splink on the file itself, without its key, and predict."""
    import pyarrow
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink.blocking_rule_library import CustomRule

    near = [CustomRule(f"l.grid{at} = r.grid{at} and abs(l.day - r.day) <= {DAYS}") for at in range(len(GRIDS))]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons(), blocking_rules_to_generate_predictions=near
    )
    database = DuckDBAPI()
    linker = Linker(database.register(pyarrow.table(table(path))), settings, log_level=40)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("day", "location", "actor1")], recall=0.3)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in (("day", "location"), ("actor1", "actor2", "latitude")):
        training.estimate_parameters_using_expectation_maximisation(block_on(*columns), record_sample_proportion=1.0)
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pyarrow_table()
    one, two = (found[f"unique_id_{side}"].to_numpy() for side in "lr")
    pairs = np.stack([np.minimum(one, two), np.maximum(one, two)], axis=1)
    return pairs, found["match_probability"].to_numpy()
