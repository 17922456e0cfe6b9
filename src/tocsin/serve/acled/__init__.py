"""ACLED's API, as its clients know it."""
