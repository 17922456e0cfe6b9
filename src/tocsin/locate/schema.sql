-- The gazetteer. Written once by build.py, then only read.
-- A positive id is a GeoNames id; a negative one is a row of our own data files or of the airport list.

CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,          -- country, admin1, admin2, place, region, area
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    country TEXT NOT NULL,       -- ISO alpha-3; '' for regions over several countries
    admin1 INTEGER,              -- id of the first-order unit; for an admin unit its parent
    admin2 INTEGER,
    population INTEGER,
    feature TEXT,                -- GeoNames feature code
    radius REAL,                 -- km; NULL: the rule of the kind and population applies
    seat INTEGER,                -- of an admin unit: its principal town
    cell INTEGER                 -- of a place: half-degree cell, for "nearest"
);

CREATE TABLE names (
    key TEXT NOT NULL,           -- keys.key(name)
    place INTEGER NOT NULL,
    main INTEGER NOT NULL,       -- 1: the principal name, 0: another one
    PRIMARY KEY (key, place)
) WITHOUT ROWID;

CREATE TABLE sounds (
    sound TEXT NOT NULL,         -- keys.sound(name)
    place INTEGER NOT NULL,
    PRIMARY KEY (sound, place)
) WITHOUT ROWID;

CREATE TABLE about (word TEXT PRIMARY KEY, value TEXT NOT NULL);
