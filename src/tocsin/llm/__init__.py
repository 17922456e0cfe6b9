"""Find events with a language model, at any server that speaks the chat completions of OpenAI.

In:  the Scene of a report, the Settings of a server.
Out: Found, as the rules give it. Every value quotes the text of the report, or it is dropped.
"""

from tocsin.llm.estimate import Estimate, estimate
from tocsin.llm.finder import LlmFinder
from tocsin.llm.settings import Settings

__all__ = ["Estimate", "LlmFinder", "Settings", "estimate"]
