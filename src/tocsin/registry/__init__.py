"""Actors by name, day and country."""

from tocsin.registry.find import find_actors
from tocsin.registry.registry import Registry
from tocsin.registry.suggest import Suggestion, suggest

__all__ = ["Registry", "Suggestion", "find_actors", "suggest"]
