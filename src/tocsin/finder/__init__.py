"""The model finder: a small encoder of our own training that looks at a whole report.

In:  the text of a report, its title and date.
Out: a `Sight`: where events are told, in what status, of which type; which words are whose actors, places, tolls; which
     mentions are of one event. It proposes and scores; `code` decides.
"""

from tocsin.finder.finder import Finder, FinderError
from tocsin.finder.sight import Sight

__all__ = ["Finder", "FinderError", "Sight"]
