"""Every page and interface of the server. Each file says what it serves."""

from tocsin.serve import (
    decide,
    download,
    event,
    explore,
    login,
    towns,
    vector,
)

ROUTERS = tuple(
    each.router
    for each in (
        login,
        explore,
        event,
        decide,
        download,
        vector,
        towns,
    )
)
