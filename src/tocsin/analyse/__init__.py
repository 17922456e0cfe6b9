"""Questions about events: one module for each.

In:  Events of a database or a file, and options.
Out: an Answer: one sentence with its uncertainty, a tidy table, a figure.
"""
