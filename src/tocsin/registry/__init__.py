"""Actors by name, day and country."""

from tocsin.registry.find import find_actors
from tocsin.registry.registry import Registry

__all__ = ["Registry", "find_actors"]
