"""A project: reports and data sets go in, events come out, people decide; all of it is kept in one database.

In:  a Store; reports, rows of other data sets, decisions.
Out: claims and events in the Store. Each report is one change: read, coded and linked, or not there at all.
     Adding the same things in another order ends in the same events.
"""

from tocsin.project.adding import Read, ReadReport, Tally, add, told_about
from tocsin.project.building import MACHINE, Decided, least_of, policy_of, set_least, set_policy
from tocsin.project.deciding import claims_of, decide, undo
from tocsin.project.importing import import_rows
from tocsin.project.linking import items_of, link_all, with_origin
from tocsin.project.review import Item, length, of_event, queue, settle

__all__ = [
    "MACHINE", "Decided", "Item", "Read", "ReadReport", "Tally", "add", "claims_of", "decide", "import_rows",
    "items_of", "least_of", "length", "link_all", "of_event", "policy_of", "queue", "set_least", "set_policy",
    "settle", "told_about", "undo", "with_origin",
]  # fmt: skip
