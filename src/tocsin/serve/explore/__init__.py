"""The page on which people look at all events, the tiles of its map, its files."""
