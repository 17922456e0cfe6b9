"""Our errors.

TocsinError
├── SourceError     the outside broke its promise (no answer, no text)   -> an Issue for that report, go on
├── StopError       a limit is reached or a service is gone              -> stop, keep what is done
├── DataError       a data file of ours or the user's contradicts itself -> stop at start-up, with file and line
└── UsageError      asked for something that is not there                -> exit 2
"""


class TocsinError(Exception):
    """Any error that Tocsin raises on purpose; its text is one clear sentence with the next step."""


class SourceError(TocsinError):
    """A report could not be had: unreadable file, empty text, no answer, too large."""


class StopError(TocsinError):
    """Going on makes no sense for any further report: the budget is spent, the key is refused, the server is gone."""


class DataError(TocsinError):
    """A data file is wrong. The message starts with file:line."""


class UsageError(TocsinError):
    """The call itself is wrong."""
