"""Which claims tell the same happening.

In:  claims as Items. Out: clusters of claims, each pair explained by readable features.
"""
