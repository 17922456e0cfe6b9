"""Linking: order never matters, adding bit by bit equals all at once, decisions hold."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import DataError
from tocsin.link.block import DAYS
from tocsin.link.cluster import clusters
from tocsin.link.columns import columns
from tocsin.link.features import FEATURES
from tocsin.link.item import Item, item_of
from tocsin.link.link import link, relink
from tocsin.link.score import explain, read_weights, weights
from tocsin.link.tables import read_actors, read_taken_for
from tocsin.link.words import sentences

FAR = 3.0  # degrees
DETAILS = ("ambush bus", "ferry reeds", "granary", "")
ACTORS = ("JNIM: Group for Support of Islam and Muslims", "Unidentified Armed Group (Mali)", "Civilians (Mali)", "")


def claim(number: int, day: int = 1, east: float = 0.0, **other: Any) -> Item:
    row = {
        "event_date": f"2024-03-{day:02}",
        "country": "Mali",
        "admin1": "Mopti",
        "location": "Bankass",
        "latitude": 14.07,
        "longitude": -3.5 + east,
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        **other,
    }
    report = None if row.get("dataset") else f"r{number}"
    found = item_of(row, f"c{number:03}", report=report, origin=None)
    assert found is not None
    return found


@st.composite
def claims(draw: st.DrawFn) -> list[Item]:
    count = draw(st.integers(1, 14))
    return [
        claim(
            number,
            draw(st.integers(1, 6)),
            draw(st.sampled_from([0.0, 0.04, 0.12, 1.0, FAR])),
            actor1=draw(st.sampled_from(ACTORS)),
            notes=draw(st.sampled_from(DETAILS)),
            fatalities=draw(st.sampled_from([None, 0, 3, 12])),
            time_precision=draw(st.sampled_from([1, 1, 2])),
            dataset=draw(st.sampled_from([None, None, "ged 1", "ged 2"])),
        )
        for number in range(count)
    ]


PAIRS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda pair: pair[0] != pair[1]), max_size=3)


def keys(pairs: list[tuple[int, int]]) -> list[tuple[str, str]]:
    return [(f"c{one:03}", f"c{two:03}") for one, two in pairs]


@settings(max_examples=30, deadline=None)
@given(claims(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_order_never_matters(items: list[Item], same: Any, different: Any, random: Any) -> None:
    mixed = random.sample(items, len(items))
    assert link(mixed, keys(same)[::-1], keys(different)[::-1]) == link(items, keys(same), keys(different))


class Base:
    """What a database does: it knows claims, finds those near a claim, and keeps the clusters."""

    def __init__(self, same: Any = (), different: Any = ()) -> None:
        self.known: dict[str, Item] = {}
        self.clusters: set[tuple[str, ...]] = set()
        self.same, self.different = list(same), list(different)
        self.fetched: set[str] = set()

    def near(self, items: Sequence[Item]) -> list[Item]:
        """Only claims near in place and day, and those that a decision ties to one of the items."""
        asked = {item.key for item in items}
        tied = {other for pair in self.same for key, other in (pair, pair[::-1]) if key in asked}
        found = [each for each in self.known.values() if each.key in tied or any(close(each, item) for item in items)]
        self.fetched |= {each.key for each in found}
        return found

    def relink(self, new: Sequence[Item]) -> None:
        changed = relink(new, self.near, self.same, self.different)
        gone = {key for cluster in changed for key in cluster}
        self.clusters = {cluster for cluster in self.clusters if not gone & set(cluster)} | set(changed)

    def add(self, item: Item) -> None:
        self.relink([item])
        self.known[item.key] = item

    def together(self, keys: Sequence[str]) -> set[str]:
        return {key for cluster in self.clusters if set(keys) & set(cluster) for key in cluster}

    def retire(self, key: str) -> None:
        beside = self.together([key]) - {key}
        del self.known[key]
        self.clusters = {cluster for cluster in self.clusters if key not in cluster}
        self.relink([self.known[other] for other in sorted(beside)])

    def undo(self, pair: tuple[str, str]) -> None:
        beside = self.together(pair)
        self.same = [each for each in self.same if each != pair]
        self.different = [each for each in self.different if each != pair]
        self.relink([self.known[key] for key in sorted(beside)])

    def anew(self) -> list[tuple[str, ...]]:
        return link(self.known.values(), self.same, self.different)


def close(one: Item, two: Item) -> bool:
    days = max(one.first - two.last, two.first - one.last) <= DAYS
    return days and abs(one.longitude - two.longitude) < FAR - 0.1


@settings(max_examples=20, deadline=None)
@given(claims(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_one_by_one_equals_all_at_once(items: list[Item], same: Any, different: Any, random: Any) -> None:
    base = Base(keys(same), keys(different))
    for item in random.sample(items, len(items)):
        base.add(item)
    assert sorted(base.clusters) == base.anew() == link(items, keys(same), keys(different))


@settings(max_examples=20, deadline=None)
@given(claims(), PAIRS, PAIRS, st.randoms(use_true_random=False))
def test_a_retired_claim_leaves_no_trace(items: list[Item], same: Any, different: Any, random: Any) -> None:
    base = Base(keys(same), keys(different))
    for item in items:
        base.add(item)
    base.retire(random.choice(items).key)
    assert sorted(base.clusters) == base.anew()


@settings(max_examples=20, deadline=None)
@given(claims(), PAIRS.filter(bool), PAIRS.filter(bool), st.booleans())
def test_an_undone_decision_leaves_no_trace(items: list[Item], same: Any, different: Any, first: bool) -> None:
    base = Base(keys(same), keys(different))
    for item in items:
        base.add(item)
    pair = keys(same if first else different)[0]
    before = link(
        items,
        [each for each in keys(same) if each != pair],
        [each for each in keys(different) if each != pair],
    )
    base.undo(pair)
    assert sorted(base.clusters) == before


def test_a_new_claim_fetches_its_own_neighbours_only() -> None:
    base = Base()
    for number in range(40):  # ten towns, four claims each, 320 km from the next
        base.add(claim(number, 1 + number // 10 % 4, FAR * (number % 10)))
    base.fetched.clear()
    base.relink([claim(40, 2, FAR * 4)])
    assert base.fetched == {f"c{number:03}" for number in (4, 14, 24, 34)}


def test_what_differs_from_day_to_day_is_no_component() -> None:
    """A month of daily clashes in one town: a new claim links with its day, and asks only for the days around."""
    base = Base()
    details = ("ambush bus", "ferry reeds", "granary fire", "bridge mortar", "well cattle", "school roof")
    for number in range(28):
        base.add(claim(number, number + 1, notes=details[number % 6], fatalities=(1, 9, 40, 150)[number % 4]))
    base.fetched.clear()
    base.relink([claim(28, 14, notes=details[13 % 6], fatalities=9)])
    assert ("c013", "c028") in base.clusters
    assert base.fetched <= {f"c{number:03}" for number in range(7, 21)}


@settings(max_examples=30, deadline=None)
@given(claims(), PAIRS)
def test_different_always_holds(items: list[Item], different: Any) -> None:
    for cluster in link(items, (), keys(different)):
        assert not any(one in cluster and two in cluster for one, two in keys(different))


def test_same_joins_what_lies_far_apart() -> None:
    far = [claim(0), claim(1, 30, 3.0)]
    assert link(far) == [("c000",), ("c001",)]
    assert link(far, same=[("c000", "c001")]) == [("c000", "c001")]


def test_one_bad_pair_chains_nothing() -> None:
    two_threes = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    found = clusters(6, np.array(two_threes), np.array([9.0] * 7))
    assert found.tolist() == [0, 0, 0, 3, 3, 3]


def test_claims_of_one_report_are_different() -> None:
    row = {"event_date": "2024-03-01", "country": "Mali", "latitude": 14.0, "longitude": -3.5}
    both = [item_of(row, key, report="r", origin=None) for key in "ab"]
    assert link([item for item in both if item]) == [("a",), ("b",)]


def test_a_village_that_one_report_places_badly() -> None:
    """25 km apart and no name in common: two happenings; the same name: one."""
    told = {"actor1": ACTORS[0], "notes": "ambush bus reeds", "fatalities": 7}
    assert link([claim(0, **told), claim(1, 2, 0.6, location="Koro", **told)]) == [("c000",), ("c001",)]
    assert link([claim(0, **told), claim(1, 2, 0.6, **told)]) == [("c000", "c001")]


def test_a_third_claim_never_joins_two_of_one_report() -> None:
    """Both claims of report 0 look like the others; the better one is joined, the other stays alone."""
    scores = np.array([9.0, 9.0, 9.0, 8.0, 8.0])
    pairs = np.array([(0, 2), (0, 3), (2, 3), (1, 2), (1, 3)])
    assert clusters(4, pairs, scores).tolist() == [0, 0, 0, 0]
    assert clusters(4, pairs, scores, tellers=np.array([0, 0, 1, 2])).tolist() == [0, 1, 0, 0]
    assert clusters(4, pairs, scores, [(0, 1)], tellers=np.array([0, 0, 1, 2])).tolist() == [0, 0, 0, 0]


def test_a_count_that_no_report_states_is_unknown() -> None:
    row = {"event_date": "2024-03-01", "country": "Mali", "latitude": 14.0, "longitude": -3.5, "fatalities": 0}
    said, unsaid = (
        item_of({**row, "rules": rules}, "a", report=None, origin=None)
        for rules in ([], ["fatalities: fatalities.not-stated"])
    )
    assert said is not None
    assert unsaid is not None
    assert (said.low, said.best, said.high) == (0, 0, 0)
    assert (unsaid.low, unsaid.best, unsaid.high) == (None, None, None)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Army", "Army", 0),
        ("Army", "Army; Civilians (Mali)", 1),
        ("Army; Police", "Army; Civilians (Mali)", 2),
        ("Unidentified Armed Group (Mali)", "JNIM", 2),
        ("JNIM", "Unidentified Armed Group (Mali)", 2),
        ("Unidentified Armed Group (Mali)", "Army", 3),
        ("Army", "Civilians (Mali)", 3),
        ("Army", "", 4),
    ],
)
def test_kinds_of_people_in_common(one: str, other: str, level: int) -> None:
    known = columns([claim(0, actor1=one), claim(1, actor1=other)])
    assert FEATURES["sides"](known, np.array([0]), np.array([1])).tolist() == [level]


PAPER = "Agency; Daily"
WORDS = "Eleven die as convoy is ambushed; Army denies losses near Bankass"


@pytest.mark.parametrize(
    ("names", "other", "levels"),
    [
        (("ged 19.1", "ged 22.1"), {}, (0, 0)),
        (("ged 19.1", "ged 22.1"), {"notes": "Army denies losses near Bankass. Village"}, (0, 0)),
        (("ged 19.1", "ged 22.1"), {"notes": "Another headline of that day"}, (0, 1)),
        (("ged 19.1", "ged 22.1"), {"notes": "Another headline of that day", "source": "Weekly"}, (0, 2)),
        (("ged 19.1", "ged 22.1"), {"notes": None, "source": None}, (0, 3)),
        (("ged 19.1", "ged 22.1"), {"fatalities": 12}, (1, 0)),
        (("ged 19.1", "ged 22.1"), {"fatalities": 12, "latitude": 14.08, "event_date": "2024-03-02"}, (3, 0)),
        (("ged", "acled"), {}, (5, 4)),
        ((None, "ged 22.1"), {}, (5, 4)),
    ],
)
def test_two_releases_are_compared_cell_by_cell(names: Any, other: Any, levels: tuple[int, int]) -> None:
    told = {"actor1": "Army", "fatalities": 11, "notes": WORDS, "source": PAPER}
    known = columns([claim(0, **told, dataset=names[0]), claim(1, **{**told, **other}, dataset=names[1])])
    i, j = np.array([0]), np.array([1])
    assert tuple(int(FEATURES[name](known, i, j)[0]) for name in ("cells", "cited")) == levels


@pytest.mark.parametrize(("new", "found"), [("ged 22.1", [("c000", "c001")]), ("acled", [("c000",), ("c001",)])])
def test_a_row_whose_place_a_new_release_has_moved(new: str, found: list[tuple[str, ...]]) -> None:
    """110 km away under another name, the headlines being the same."""
    told = {"actor1": ACTORS[0], "fatalities": 11, "notes": WORDS, "source": PAPER}
    moved = claim(1, 1, 1.0, **told, location="Koro", dataset=new)
    assert link([claim(0, **told, dataset="ged 19.1"), moved]) == found


def test_the_daily_clash_of_one_town_in_two_releases() -> None:
    """Every day the same actors, place and toll: headlines tell which is which; what was taken out stays alone."""
    told = {"actor1": "Army", "actor2": ACTORS[0], "fatalities": 1, "source": "Agency"}
    heads = ["First day of shelling here", "Second night of shelling here", "Third truce is broken again"]
    old = [claim(at, at + 1, **told, notes=head, dataset="ged 1") for at, head in enumerate(heads)]
    new = [claim(at + 3, at + 1, **told, notes=heads[at], dataset="ged 2") for at in (0, 2)]
    assert link([*old, *new]) == [("c000", "c003"), ("c001",), ("c002", "c005")]


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("Army shells eastern suburb; Truce", "Truce. ARMY shells  Eastern suburb", 1),
        ("No fatalities.", "No fatalities.", 0),
        ("", "Army shells eastern suburb", 0),
    ],
)
def test_sentences_in_common(one: str, other: str, common: int) -> None:
    assert len(set(sentences(one)) & set(sentences(other))) == common


TABLE = (files("tocsin.link") / "data" / "features.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[told]]", "[[tells]]", "found features ['tells', 'told'] on one side only"),
        ('[[day]]\nweight = 2.23\nwhy = "the same day"\n', "", "found 4 levels of day, expected 5"),
        ("weight = 2.23", "weight = -2.23", "found '1 day apart' above 'the same day'"),
        ("prior =", "prior", "expected TOML"),
    ],
)
def test_a_wrong_table_of_weights(old: str, new: str, said: str) -> None:
    assert old in TABLE
    with pytest.raises(DataError, match=r"^link/data/features.toml:\d+: ") as error:
        read_weights(TABLE.replace(old, new))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[side]\na = 'x'", "toml:1: found tables ['side'], expected ['generic', 'side']"),
        ("[side]\na = 'x'\n[generic]\nb = 'Étudiants'", "toml:4: found 'Étudiants' in b, expected plain small"),
        ("[side]\nunidentified = 'x'\na = 'y'\n[generic]\nb = 'x'", "toml:3: found a last, expected unidentified"),
        ("[side]\na = 3\n[generic]\nb = 'x'", "toml:2: found a = 3, expected words"),
    ],
)
def test_a_wrong_table_of_actors(text: str, said: str) -> None:
    with pytest.raises(DataError) as error:
        read_actors(text)
    assert said in str(error.value)


def test_a_type_that_the_codebook_lacks() -> None:
    with pytest.raises(DataError, match=r"taken_for.toml:2: found 'Strike', expected one of the 25"):
        read_taken_for('"Attack" = ["Armed clash"]\n"Armed clash" = ["Strike"]')


@pytest.mark.parametrize("missing", ["event_date", "country", "latitude"])
def test_nothing_to_link_by(missing: str) -> None:
    row = {"event_date": "2024-03-01", "country": "Mali", "latitude": 14.0, "longitude": -3.5, missing: None}
    assert item_of(row, "a", report=None, origin=None) is None


@settings(max_examples=20, deadline=None)
@given(claims())
def test_every_level_has_a_sentence(items: list[Item]) -> None:
    known = columns(items)
    for at in range(len(items)):
        assert [part.feature for part in explain(known, 0, at)] == list(FEATURES)
    assert all(level.why for levels in weights().levels.values() for level in levels)
