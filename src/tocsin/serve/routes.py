"""Every page and interface of the server. Each file says what it serves."""

from tocsin.analyse import missing
from tocsin.serve.access import account, login
from tocsin.serve.acled import oauth
from tocsin.serve.acled import routes as acled
from tocsin.serve.admin import backup
from tocsin.serve.admin import jobs_page as admin_jobs
from tocsin.serve.admin import page as admin
from tocsin.serve.analyse import page as analyse
from tocsin.serve.api import changes, records
from tocsin.serve.api import events as api
from tocsin.serve.check import page as check
from tocsin.serve.desk import adjudicate, blind, decide, event, verdicts
from tocsin.serve.desk import page as desk
from tocsin.serve.explore import download, towns, vector
from tocsin.serve.explore import page as explore
from tocsin.serve.ogc import routes as ogc
from tocsin.serve.paste import page as paste
from tocsin.serve.registry import actors, actors_edit, places, places_edit, suggest
from tocsin.serve.sources import page as sources_page

ROUTERS = tuple(
    each.router
    for each in (
        account,
        admin,
        admin_jobs,
        backup,
        login,
        oauth,
        explore,
        *([] if missing() else [analyse, check]),
        event,
        decide,
        desk,
        verdicts,
        suggest,
        blind,
        adjudicate,
        download,
        vector,
        towns,
        acled,
        actors_edit,  # before the actors, whose address takes any name
        actors,
        places_edit,
        places,
        ogc,
        changes,
        records,
        api,
        paste,
        sources_page,
    )
)
