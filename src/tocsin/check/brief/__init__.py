"""A briefing: plain sentences about a country and a month, each checked before it is written.

In:  a Store, a country, a month.
Out: `Brief`: sentences with the events behind them, figures, and the events with their quotes; as a page (HTML) or
     Markdown.
"""

from tocsin.check.brief.brief import Brief, brief

__all__ = ["Brief", "brief"]
