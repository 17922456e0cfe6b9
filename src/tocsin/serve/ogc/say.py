"""What the documents of OGC's API look like, in JSON Schema of OpenAPI 3.0.

In:  nothing.
Out: schemas for the definition of the interface; the schema of the properties that filters may name.
"""

from __future__ import annotations

from typing import Any

from tocsin.codebook.columns import columns
from tocsin.serve.ogc.queryables import QUERYABLES

Json = dict[str, Any]
FEATURES_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
COMMON, CQL2 = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/", "http://www.opengis.net/spec/cql2/1.0/conf/"
CLASSES = [
    f"{COMMON}core", *(FEATURES_1 + each for each in ("core", "oas30", "geojson")),
    *(FEATURES_3 + each for each in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(CQL2 + each for each in ("cql2-text", "basic-cql2", "advanced-comparison-operators",
                               "case-insensitive-comparison", "basic-spatial-functions")),
]  # fmt: skip
_TEXT: Json = {"type": "string"}


def _object(*needed: str, **properties: Json) -> Json:
    return {"type": "object", "required": list(needed), "properties": properties}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


_LINK = _object("href", "rel", href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT)
_LINKS = _list(_LINK)
_ENDS = _list({"type": "string", "nullable": True})
LANDING = _object("links", title=_TEXT, description=_TEXT, links=_LINKS)
CONFORMS = _object("conformsTo", conformsTo={**_list(_TEXT), "example": CLASSES})
_EXTENT = _object(
    spatial=_object(bbox=_list(_list({"type": "number"})), crs=_TEXT),
    temporal=_object(interval=_list(_ENDS), trs=_TEXT),
)
COLLECTION = _object("id", "links", id=_TEXT, title=_TEXT, description=_TEXT, itemType=_TEXT, crs=_list(_TEXT),
                     storageCrs=_TEXT, extent=_EXTENT, links=_LINKS)  # fmt: skip
LINKS = _object("links", "collections", links=_LINKS, collections=_list(COLLECTION))
_POINT = _object("type", "coordinates", type={"type": "string", "enum": ["Point"]},
                 coordinates={**_list({"type": "number"}), "minItems": 2, "maxItems": 2})  # fmt: skip
FEATURE = _object("type", "geometry", "properties", type={"type": "string", "enum": ["Feature"]}, id=_TEXT,
                  geometry={}, properties={"type": "object"}, links=_LINKS)  # fmt: skip
_COUNT = {"type": "integer", "minimum": 0}
FEATURES = _object("type", "features", type={"type": "string", "enum": ["FeatureCollection"]}, features=_list(FEATURE),
                   links=_LINKS, timeStamp={"type": "string", "format": "date-time"}, numberMatched=_COUNT,
                   numberReturned=_COUNT)  # fmt: skip
_TYPES: dict[str, Json] = {"number": {"type": "number"}, "text": _TEXT, "truth": {"type": "boolean"},
                           "day": {"type": "string", "format": "date"},
                           "place": {"$ref": "https://geojson.org/schema/Point.json"}}  # fmt: skip


def queryables(address: str) -> Json:
    """The JSON Schema of the properties that filters may name; known values are listed."""
    known = {each.name: each.values for each in columns() if each.values and each.type == "str"}
    found = {name: {"title": each.title, **_TYPES[each.kind], **({"enum": list(known[name])} if name in known else {})}
             for name, each in QUERYABLES.items()}  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "type": "object",
            "title": "Events", "properties": found, "additionalProperties": False}  # fmt: skip
