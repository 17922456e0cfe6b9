-- The user's own gazetteer: what `tocsin places load` and `tocsin places add` put beside the one that comes with Tocsin.
-- A positive id is a GeoNames id, a negative one a row without. Columns of `places` as in schema.sql, but for
-- admin1 and admin2, which are numbers of `units`, and the last two.

CREATE TABLE sources (
    number INTEGER PRIMARY KEY,  -- 0: places added by hand
    name TEXT NOT NULL,          -- of the file
    sha256 TEXT NOT NULL
);

CREATE TABLE units (
    number INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,   -- "ML.04", "ML.04.2460489"; "MLI|mopti" or "MLI|mopti|bandiagara" of a table
    place INTEGER,               -- GeoNames id of the unit
    name TEXT                    -- used if the gazetteer of Tocsin does not know that id
);

CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    lat REAL NOT NULL,
    lon REAL NOT NULL,
    country TEXT NOT NULL,
    admin1 INTEGER,
    admin2 INTEGER,
    population INTEGER,
    feature TEXT,
    radius REAL,
    cell INTEGER,                -- half-degree cell; NULL for an admin unit
    source INTEGER NOT NULL,
    geonameid INTEGER            -- of a place added by hand: the one it corrects
);

CREATE INDEX places_by_cell ON places (cell, lat) WHERE cell IS NOT NULL;
CREATE INDEX places_by_geonameid ON places (geonameid) WHERE geonameid IS NOT NULL;

CREATE TABLE names (
    key TEXT NOT NULL,           -- keys.key(name)
    rank INTEGER NOT NULL,       -- minus the population: the largest places of a name come first
    place INTEGER NOT NULL,
    PRIMARY KEY (key, rank, place)
) WITHOUT ROWID;

CREATE TABLE sounds (
    sound TEXT NOT NULL,         -- keys.sound(name)
    rank INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (sound, rank, place)
) WITHOUT ROWID;

CREATE TABLE about (word TEXT PRIMARY KEY, value TEXT NOT NULL);
