"""Every page and interface of the server. Each file says what it serves."""

from tocsin.serve import (
    account,
    acled,
    actors,
    actors_edit,
    admin,
    admin_jobs,
    api,
    backup,
    changes,
    decide,
    download,
    event,
    explore,
    login,
    oauth,
    ogc,
    paste,
    records,
    sources_page,
    towns,
    vector,
)

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
        event,
        decide,
        download,
        vector,
        towns,
        acled,
        actors_edit,  # before the actors, whose address takes any name
        actors,
        ogc,
        paste,
        sources_page,
        changes,
        records,
        api,
    )
)
