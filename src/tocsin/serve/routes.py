"""Every page and interface of the server. Each file says what it serves."""

from tocsin.serve import (
    account,
    acled,
    admin,
    admin_jobs,
    backup,
    decide,
    download,
    event,
    explore,
    login,
    oauth,
    ogc,
    paste,
    towns,
    vector,
)

ROUTERS = tuple(
    each.router
    for each in (
        login,
        oauth,
        explore,
        event,
        decide,
        download,
        vector,
        towns,
        acled,
        ogc,
        paste,
    )
)
