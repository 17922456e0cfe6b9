"""Inputs of every kind become reports, and bad ones become one clear sentence."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.acquire import Options, boilerplate_spans, report_from_text, reports
from tocsin.errors import SourceError, UsageError
from tocsin.model import Issue, Report

DATA = Path(__file__).parent / "data" / "acquire"
ENGLISH = "Gunmen killed four farmers near the town on Monday, the police said. They fled before the army arrived."
FRENCH = "Des hommes armés ont tué quatre cultivateurs lundi près de la ville, selon la police."


def read(*inputs: object, options: Options | None = None) -> tuple[list[Report], list[Issue]]:
    """Reports and issues other than "no publication date", each in their order."""
    found = list(reports([str(name) for name in inputs], options))
    issues = [one for one in found if isinstance(one, Issue) and "no publication date" not in one.message]
    return [one for one in found if isinstance(one, Report)], issues


def only(*inputs: object, options: Options | None = None) -> Report:
    (report,), issues = read(*inputs, options=options)
    assert not issues
    return report


def refusal(*inputs: object, options: Options | None = None) -> str:
    """The one error that stands in place of the report."""
    found, (issue,) = read(*inputs, options=options)
    assert not found
    assert issue.level == "error"
    return issue.message


def put(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def pdf(*pages: str) -> bytes:
    """A PDF made by hand, one string of ASCII lines per page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        shown = "".join(f"({line}) Tj T* " for line in page.split("\n"))
        body = f"BT /F1 12 Tf 14 TL 40 800 Td {shown}ET" if page else ""
        objects.append(f"<< /Length {len(body)} >>\nstream\n{body}\nendstream")
        content = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents {content} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out, offsets = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content_of}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>"
    return out + f"{end}\nstartxref\n{len(out)}\n%%EOF".encode()


def warc(*responses: tuple[str, int, str, bytes]) -> bytes:
    """Web archive of (address, status, media type, body)."""
    out = b""
    for url, status, kind, body in responses:
        http = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        out += (
            (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2022-08-09T00:00:00Z\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            ).encode()
            + http
            + b"\r\n\r\n"
        )
    return out


# Kinds of input


def test_text_with_all_furniture() -> None:
    """Outlet, blurb, byline, date line, buttons and teasers go; headline and date are kept apart."""
    report = only(DATA / "furniture.txt")
    assert report.title == "Gunmen Burn Two Villages in the North"
    assert report.source == "Sahel Security Review"
    assert report.published == date(2022, 8, 9)
    assert report.text == (DATA / "furniture.kept.txt").read_text(encoding="utf-8").strip()


def test_html_page() -> None:
    """Main text and metadata of a page, without its furniture."""
    report = only(DATA / "page.html")
    assert (report.title, report.source) == ("Gunmen kill four farmers in Kaduna", "Sahara Wire")
    assert (report.published, report.lang) == (date(2022, 9, 14), "en")
    assert report.text.startswith("Gunmen on motorcycles")
    assert report.text.endswith("at night.")
    assert "Read more" not in report.text


def test_html_in_a_declared_charset(tmp_path: Path) -> None:
    body = f'<html><head><meta charset="iso-8859-1"></head><body><article><p>{FRENCH}</p><p>{FRENCH[::1]}</p></article>'
    assert FRENCH in only(put(tmp_path, "a.html", body.encode("latin-1"))).text


def test_pdf(tmp_path: Path) -> None:
    """Printed lines are joined to paragraphs."""
    story = "Gunmen killed four farmers near the town on Mon-\nday, said the police, and burned the houses."
    lines = f"Attack near the town\n\n{story}\nThey fled."
    report = only(put(tmp_path, "a.pdf", pdf(lines, ENGLISH)))
    assert "on Monday, said the police" in report.text


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_warc(tmp_path: Path, name: str) -> None:
    """Pages and plain texts with status 200, nothing else."""
    page = (DATA / "page.html").read_bytes()
    data = warc(
        ("http://a.example/1", 200, "text/html; charset=utf-8", page),
        ("http://a.example/2", 404, "text/html", page),
        ("http://a.example/3", 200, "image/png", b"\x89PNG"),
        ("http://a.example/4", 200, "text/plain", ENGLISH.encode()),
    )
    found, issues = read(put(tmp_path, name, gzip.compress(data, mtime=0) if name.endswith("gz") else data))
    assert [report.url for report in found] == ["http://a.example/1", "http://a.example/4"]
    assert not issues


def test_report_lines_keep_their_text_exactly(tmp_path: Path) -> None:
    """Offsets of the output refer to the given text: not a character may change."""
    text = "\ufeff  Gunmen killed four people\r\nin the town.\u00a0 \n\nComments are closed.\n"
    row = {"id": 7, "text": text, "title": "Four killed", "published": "2022-08-09T23:30:00+02:00", "source": "Wire"}
    report = only(put(tmp_path, "a.jsonl", jsonl({**row, "source_scale": "National", "url": "http://a.example/"})))
    assert report == Report("7", text, "Four killed", date(2022, 8, 9), "Wire", "National", "http://a.example/", "en")


def test_packed_report_lines_stream(tmp_path: Path) -> None:
    """A line is handed out before the next is read."""
    rows = jsonl(*({"id": str(number), "text": ENGLISH} for number in range(1000)))
    path = put(tmp_path, "a.jsonl.gz", gzip.compress(rows.encode(), mtime=0)[:-200])
    stream = (one for one in reports([str(path)]) if isinstance(one, Report))
    assert next(stream).id == "0"


def test_folder_is_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.md", ".git/x.txt", ".hidden.txt"):
        put(tmp_path, name, f"{ENGLISH} {name}")
    put(tmp_path, "picture.jpg", b"\xff\xd8")
    found, (issue,) = read(tmp_path)
    assert [report.text.split()[-1] for report in found] == ["b.txt", "a/y.md", "a/z.txt"]
    assert issue.level == "info"
    assert "1 .jpg" in issue.message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (jsonl({"text": ENGLISH, "id": "x"}), "lines"),
        ("\n\n" + jsonl({"text": ENGLISH, "id": "x"}), "lines"),
        (ENGLISH, "text"),
        ("<!DOCTYPE html><html><body><article><p>" + ENGLISH + "</p></article></body></html>", "page"),
        (pdf(ENGLISH), "pdf"),
        (gzip.compress(ENGLISH.encode(), mtime=0), "packed text"),
    ],
)
def test_standard_input_is_told_by_its_content(data: str | bytes, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = data if isinstance(data, bytes) else data.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    report = only("-")
    assert report.text == ENGLISH
    assert (report.id == "x") == (kind == "lines")


# What is found and what is given


def test_given_values_win(tmp_path: Path) -> None:
    options = Options(published=date(2020, 1, 2), lang="FR", source="Given", title="Given title")
    report = only(DATA / "page.html", options=options)
    assert (report.published, report.lang, report.source, report.title) == (
        date(2020, 1, 2),
        "fr",
        "Given",
        "Given title",
    )


def test_missing_date_is_a_warning_before_the_report(tmp_path: Path) -> None:
    issue, report = list(reports([str(put(tmp_path, "a.txt", ENGLISH))]))
    assert isinstance(report, Report)
    assert isinstance(issue, Issue)
    assert issue.level == "warning"
    assert "--published YYYY-MM-DD" in issue.message


def test_same_words_have_the_same_id() -> None:
    """However the accents are encoded; another headline makes another report."""
    one, two = (
        report_from_text("Des tués à Gao selon l'armée"),
        report_from_text("Des tue\u0301s a\u0300 Gao selon l'arme\u0301e"),
    )
    assert one.id == two.id
    assert len(one.id) == 16
    assert report_from_text(one.text, title="Gao").id != one.id


@pytest.mark.parametrize(("text", "message"), [("", "empty"), (" \n\t", "empty"), ("1 2 3 !", "empty")])
def test_no_report_from_nothing(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        report_from_text(text)


# Refusals: one clear sentence with the next step, and the rest goes on


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json}", "not JSON"),
        ("[1, 2]", "found a list"),
        ("null", "found null"),
        ('"text"', "found text"),
        ('{"id": "a"}', 'no "text"'),
        ('{"text": "  "}', 'no "text"'),
        ('{"text": 5}', '"text" is a number'),
        ('{"text": ["a"]}', '"text" is a list'),
        ('{"text": "the dead \\ud800"}', "half a character"),
        ('{"text": "the army was in the town", "published": "9/8/2022"}', "expected YYYY-MM-DD"),
        ('{"text": "the army was in the town", "published": 20220809}', "expected YYYY-MM-DD"),
        ('{"text": "the army was in the town", "published": "2022-02-30"}', "expected YYYY-MM-DD"),
        ('{"text": "the army was in the town", "lang": "es"}', "'es' is not served yet (served: en, fr)"),
        ('{"text": "the army was in the town", "title": {}}', '"title" is an object'),
        ("[" * 100_000, "expected an object"),
        ("1" * 5_000, "expected an object"),
    ],
)
def test_wrong_line_costs_only_that_line(tmp_path: Path, line: str, message: str) -> None:
    good = jsonl({"id": "good", "text": ENGLISH})
    path = put(tmp_path, "a.jsonl", f"{good}{line}\n{good}")
    found, (issue,) = read(path)
    assert [report.id for report in found] == ["good", "good"]
    assert issue.where == f"{path}:2"
    assert message in issue.message


def test_line_that_is_not_utf8(tmp_path: Path) -> None:
    assert "UTF-8" in refusal(put(tmp_path, "a.jsonl", b'{"text": "\xe9t\xe9"}\n'))


def test_overlong_line_is_skipped(tmp_path: Path) -> None:
    rows = jsonl({"text": ENGLISH}, {"text": "x" * 5_000}, {"text": ENGLISH})
    found, (issue,) = read(put(tmp_path, "a.jsonl", rows), options=Options(max_bytes=1_000))
    assert len(found) == 2
    assert "longer than 1,000 bytes" in issue.message
    assert str(issue.where).endswith(":2")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", b"\xef\xbb\xbf \n", "no text"),
        ("a.txt", b"\x00\x01\x02\x03", "binary data"),
        ("a.txt", bytes(range(128, 256)) * 20, "binary data"),
        ("a.txt", "Al menos diez personas murieron en un ataque contra una base militar, informó el ejército.", "'es'"),
        ("a.html", "<html><body></body></html>", "no main text"),
        ("a.html", "", "no main text"),
        ("a.html", "<html><body>" + "<div>" * 60_000 + ENGLISH, "too large for one report"),
        ("a.pdf", b"%PDF-1.4 rubbish", "broken"),
        ("a.pdf", pdf("", ""), "no text layer"),
        ("a.warc", b"rubbish", "damaged"),
        ("a.zip", b"PK\x03\x04 and more", "zip archive"),
        ("a.docx", b"PK\x03\x04 and more", "Office document"),
        ("a.txt", b"\xfd7zXZ\x00 and more", "xz archive"),
        ("a.txt.gz", gzip.compress(ENGLISH.encode(), mtime=0)[:-9], "gzip data is damaged"),
        ("a.txt.gz", b"\x1f\x8b rubbish", "gzip data is damaged"),
    ],
)
def test_refused_files(tmp_path: Path, name: str, data: str | bytes, message: str) -> None:
    assert message in refusal(put(tmp_path, name, data))


def test_encrypted_pdf(tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(ENGLISH))))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "a.pdf")
    assert "encrypted" in refusal(tmp_path / "a.pdf")


def test_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert "200 MB" in refusal(path)


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.html.gz", "a.warc.gz"])
def test_gzip_bomb(tmp_path: Path, name: str) -> None:
    """120 MB of blank lines in 120 KB."""
    data = (b"WARC/1.0\r\n" if "warc" in name else b"") + b"\n" * 120_000_000
    found, issues = read(put(tmp_path, name, gzip.compress(data, 1, mtime=0)))
    assert not found
    assert len(issues) == 1


def test_missing_file_and_folder_without_rights(tmp_path: Path) -> None:
    found, (issue,) = read(tmp_path / "none.txt", put(tmp_path, "a.txt", ENGLISH))
    assert len(found) == 1
    assert "no such file" in issue.message
    assert "cannot be read" in refusal("a\0b")
    assert "only http and https" in refusal("ftp://a.example/x")


def test_wrong_options() -> None:
    with pytest.raises(UsageError, match="csv"):
        Options(in_format="csv")  # type: ignore[arg-type]


def test_inaccessible_page_fetches_nothing(tmp_path: Path) -> None:
    """Entities and frames of a page are never loaded."""
    page = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f"<html><body><article><p>{ENGLISH} &x;</p><p>{ENGLISH}</p></article></body></html>"
    )
    assert "root:" not in only(put(tmp_path, "a.html", page)).text


# Properties


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    head=st.sampled_from(
        [b"", b"%PDF-1.4\n", b"WARC/1.0\r\n", b"<html><body><p>", b'{"text": "', b"\x1f\x8b\x08\x00", b"\xff\xfe"]
    ),
    name=st.sampled_from(["a.txt", "a.html", "a.pdf", "a.jsonl", "a.warc", "a.warc.gz", "a.gz", "a"]),
)
def test_no_bytes_raise(tmp_path: Path, data: bytes, head: bytes, name: str) -> None:
    """Any bytes under any name give reports and issues, nothing else, and what is given can be written out."""
    path = put(tmp_path, name, head + data)
    for found in reports([str(path)]):
        assert isinstance(found, Report | Issue)
        str(found).encode()


@given(st.text(alphabet="aé \n\r\t\x00\u00a0\u200b#:.\u2028Z", max_size=200))
def test_boilerplate_spans_lie_on_lines(text: str) -> None:
    spans = boilerplate_spans(text + "\nComments are closed.")
    ends: Iterator[int] = iter([0, *(span.end for span in spans)])
    assert all(next(ends) <= span.start < span.end for span in spans)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("JNIM attack", "en"),
        ("Blast rocks Kabul mosque", "en"),
        ("Sitrep 12/2021 (2-8 October)", "en"),
        ("Attentat suicide, Kaboul", "fr"),
        ("Fusillade mortelle", "fr"),
        ("Homens armados mataram quatro agricultores em Cabo Delgado", None),
        ("Homes armats han mort quatre pagesos en un atac a la regió de Kidal, segons les autoritats", None),
        ("Bewaffnete töten vier Bauern im Norden Nigerias", None),
    ],
)
def test_language_of_short_texts(text: str, lang: str | None) -> None:
    """A headline of a served language is not refused, one of another language is."""
    if lang:
        assert report_from_text(text).lang == lang
        return
    with pytest.raises(SourceError, match="not served"):
        report_from_text(text)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Tuesday, 9 August 2022", date(2022, 8, 9)),
        ("Publié le 9 août 2022 à 10h12", date(2022, 8, 9)),
        ("Publié le 09/08/2022 à 10:12", date(2022, 8, 9)),
        ("Posted on Aug. 9, 2022 at 10:15 am GMT", date(2022, 8, 9)),
        ("Flash note no. 2, 14 June 2024", date(2024, 6, 14)),
        ("BAMAKO, 9 août 2022 (AFP) - Deux hommes ont été tués.", date(2022, 8, 9)),
        ("Published: 2022-08-09T10:22:00Z", date(2022, 8, 9)),
        ("Monday, 9 August 2022", None),  # it was a Tuesday
        ("MONDAY, 9 MAY", None),
        ("08/09/2022", None),  # August or September
        ("Date of incident: Thursday 15 February 2024", None),
        ("On 9 August 2022 the army attacked", None),
        ("BAMAKO, 9 août (AFP) - Deux hommes ont été tués.", None),
    ],
)
def test_date_at_the_top(line: str, day: date | None) -> None:
    """Only a date that is plainly that of publication counts."""
    assert report_from_text(f"{line}\n\n{ENGLISH}", lang="en").published == day
