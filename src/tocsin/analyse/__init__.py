"""Questions about events: one module for each.

In:  Events of a database or a file, and options. The methods are in methods/, figures in shown/.
Out: an Answer: one sentence with its uncertainty, a tidy table, a figure.
"""

from importlib.util import find_spec

NEEDED = ("polars", "matplotlib", "statsmodels", "pointpats", "ruptures")  # the extra "analyse"


def missing() -> list[str]:
    """What of it is not installed."""
    return [name for name in NEEDED if find_spec(name) is None]
