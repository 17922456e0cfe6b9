"""The desk, the map and the API: one process that shows a database in the browser and answers other programs.

In:  a Store and the Settings of the server.
Out: a FastAPI application; nothing it sends asks another host for anything.

`routes.py` lists what answers addresses. A folder imports those named before it: access, events, explore, analyse,
desk, paste, check, registry, sources, admin, api, acled, ogc.
"""

from tocsin.serve.app import create_app
from tocsin.serve.settings import Settings

__all__ = ["Settings", "create_app"]
