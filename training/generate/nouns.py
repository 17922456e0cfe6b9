"""All slots of templates.

In:  the Teller that asks.
Out: words in its draft.
"""

from __future__ import annotations

from training.generate.people import People
from training.generate.settings import Settings
from training.generate.sides import Sides


class Nouns(Sides, People, Settings):
    """Fills every slot that is no bank of phrases."""
