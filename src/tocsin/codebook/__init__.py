"""The codebook: what counts as an event, what it is called, how actors are named, and how a row is checked.

In:  a `Happening` in the words of `vocabulary()`; kinds and names of actors; rows of an export.
Out: a `Verdict` with the rule that decided, interactions, names, findings. All knowledge is in the files of data/.
"""

from tocsin.codebook.aggregate import Occurrence, merge, same_event, split
from tocsin.codebook.checks import Finding, check
from tocsin.codebook.columns import COLUMNS, Column, columns
from tocsin.codebook.decide import Explanation, Happening, Verdict, decide, explain, proposed
from tocsin.codebook.interaction import inter_label, inter_number, interaction, interaction_number, interactions
from tocsin.codebook.naming import ParsedName, Regime, fill, parse_name, regime_of
from tocsin.codebook.taxonomy import EventType, SubEventType, Taxonomy, disorder_type, taxonomy
from tocsin.codebook.vocabulary import Tactic, Vocabulary, vocabulary

__all__ = [
    "COLUMNS",
    "Column",
    "EventType",
    "Explanation",
    "Finding",
    "Happening",
    "Occurrence",
    "ParsedName",
    "Regime",
    "SubEventType",
    "Tactic",
    "Taxonomy",
    "Verdict",
    "Vocabulary",
    "check",
    "columns",
    "decide",
    "disorder_type",
    "explain",
    "fill",
    "inter_label",
    "inter_number",
    "interaction",
    "interaction_number",
    "interactions",
    "merge",
    "parse_name",
    "proposed",
    "regime_of",
    "same_event",
    "split",
    "taxonomy",
    "vocabulary",
]
