"""Realistic news reports whose events are known by construction, for training the finder.

In:  data/*.toml and data/countries.csv (templates and words), the registry of actors, the gazetteer; a seed.
Out: JSON Lines in the format of the training reports: text, events with exact spans, spans that are no events.

A template is a line of text with slots; `grammar.py` describes it. A report is built from marked pieces
(`draft.py`), so that every span is exact; nothing is ever searched in a finished text.
"""
