"""Read the statements of a text.

In:  a Report, the Tools of code/.
Out: `Statement`s: quote, how it was read, or why it cannot be checked.
"""

from tocsin.check.reading.find import statements

__all__ = ["statements"]
