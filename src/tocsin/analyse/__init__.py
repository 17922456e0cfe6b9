"""Questions about events: one module for each.

In:  Events of a database or a file, and options. The methods are in methods/, figures in shown/.
Out: an Answer: one sentence with its uncertainty, a tidy table, a figure.
"""
