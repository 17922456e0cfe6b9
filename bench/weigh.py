"""Weights of signs, learned by logistic regression: what the modules on other people's sets rank with.

In:  rows of signs (words that hold or not), and whether each is wanted.
Out: the weight of each sign in log odds; "" is the weight of every row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Row = frozenset[str]
Weights = dict[str, float]
Table = npt.NDArray[np.float64]


def total(weights: Mapping[str, float], row: Row) -> float:
    """How much speaks for the row; every row has the sign ""."""
    return weights.get("", 0.0) + sum(weights.get(sign, 0.0) for sign in row)


def fit(rows: Sequence[Row], wanted: Sequence[bool], ridge: float = 4.0, fewest: int = 8) -> Weights:
    """Weights of the signs of at least `fewest` rows; a greater `ridge` keeps them smaller."""
    often = Counter(sign for row in rows for sign in row)
    names = sorted(sign for sign, times in often.items() if times >= fewest)
    index = {name: n for n, name in enumerate(names)}
    table, signs = _matrix(rows, index), np.where(np.array(wanted), 1.0, -1.0)

    def loss(weights: Table) -> tuple[float, Table]:
        margins = signs * (table @ weights[1:] + weights[0])
        pull = -signs / (1 + np.exp(np.clip(margins, -30, 30)))
        slope = np.concatenate([[pull.sum()], table.T @ pull]) + ridge * np.concatenate([[0.0], weights[1:]])
        return float(np.logaddexp(0, -margins).sum() + ridge / 2 * (weights[1:] ** 2).sum()), slope

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 40}).x
    return {"": float(found[0]), **{name: float(found[n + 1]) for name, n in index.items()}}


def _matrix(rows: Sequence[Row], index: Mapping[str, int]) -> csr_matrix:
    cells = [(n, index[name]) for n, row in enumerate(rows) for name in row if name in index]
    across = np.array(cells).reshape(-1, 2).T
    return csr_matrix((np.ones(len(cells)), (across[0], across[1])), (len(rows), len(index)))
