"""Tocsin: conflict events that anyone can check, from news reports."""

__version__ = "0.1.0"
