"""Actors and places: lists, profiles, changes, names that nobody knows yet."""
