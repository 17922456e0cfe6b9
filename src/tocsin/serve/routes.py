"""Every page and interface of the server. Each file says what it serves."""

from tocsin.serve import (
    acled,
    decide,
    download,
    event,
    explore,
    login,
    oauth,
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
    )
)
