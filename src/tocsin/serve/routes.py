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
    places,
    places_edit,
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
