"""Statements of a text, checked against events.

In:  a text and a database.
Out: each checkable statement with its quote, how it was read, the verdict, the figure and the events behind it; what
     cannot be checked, with the reason.
"""
