"""Write coded reports down: JSON Lines, ACLED's CSV, GeoJSON, and for people to read.

In:  Coded reports.
Out: text in the format asked for; docs/output.md tells every field.
"""

from tocsin.codebook import COLUMNS
from tocsin.exchange.event import to_json
from tocsin.exchange.formats import AcledCsv, Format, GeoJson, JsonLines

__all__ = ["COLUMNS", "AcledCsv", "Format", "GeoJson", "JsonLines", "to_json"]
