"""What was read, coded, decided and published, kept for ever.

In:  reports, claims, decisions, events built by link/.
Out: events with their history; any earlier state exactly as it was.
"""

from tocsin.store.change import Change, report_id
from tocsin.store.errors import StoreError
from tocsin.store.events import Cluster
from tocsin.store.filter import Filter
from tocsin.store.store import Near, Store, Version, create_store, open_store

__all__ = [
    "Change", "Cluster", "Filter", "Near", "Store", "StoreError", "Version", "create_store", "open_store", "report_id",
]  # fmt: skip
