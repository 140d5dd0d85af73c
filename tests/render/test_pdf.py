"""Bills as PDF: the same page gives the same bytes, and nothing is fetched for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import cases
import pytest

from billcli.core.arrangements.hourly import Hourly
from billcli.core.bill import compute
from billcli.core.document import BillDocument
from billcli.errors import Refused, UsageProblem
from billcli.render import pdf
from billcli.render.bill import BillTemplates

TEMPLATES = BillTemplates(None)
SECRET = "the-secret-of-the-house"


@pytest.fixture(autouse=True)
def _loads() -> None:
    try:
        pdf.ready()
    except UsageProblem as problem:
        pytest.skip(f"{problem.sentence} {problem.hint}")


def long(*, entries: int, narrative: str) -> BillDocument:
    """A bill of many entries; the first of them has much to tell."""
    told = [f"Entry {n} {'' if n else narrative}" for n in range(entries)]
    works = [cases.worked(n, 10_000, 100, what) for n, what in enumerate(told)]
    return cases.document(compute(cases.order(Hourly(), *works)))


def text_of(content: bytes, tmp_path: Path, *words: str) -> str:
    """What pdftotext reads."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext isn't here; on Debian: apt-get install poppler-utils")
    file = tmp_path / "page.pdf"
    file.write_bytes(content)
    told = subprocess.run(
        [program, *words, str(file), "-"], capture_output=True, check=True, timeout=60
    )
    return told.stdout.decode()


def test_the_same_page_gives_the_same_bytes() -> None:
    page = TEMPLATES.render(cases.hourly_with_discount_tax_and_costs(), "html")
    assert pdf.pdf(page) == pdf.pdf(page)


def test_no_file_is_taken_along_that_would_tell_the_time(tmp_path: Path) -> None:
    file = f'rel="Attachment noopener" href="data:text/plain,{SECRET}"'
    page = f"<html lang=en><title>T</title><link {file}><p>Here <a {file}>it is</a>"
    content = unpacked(pdf.pdf(page), tmp_path)
    assert b"/EmbeddedFile" not in content
    assert b"/CreationDate" not in content


def test_a_page_says_on_paper_what_it_says_on_the_screen(tmp_path: Path) -> None:
    document = cases.hourly_with_discount_tax_and_costs()
    read = text_of(pdf.pdf(TEMPLATES.render(document, "html")), tmp_path, "-layout")
    for said in ("Bill 2026-0042", "1,746.00", "Alvarez Law PLLC", "Page 1 of 1"):
        assert said in read


def test_a_long_bill_repeats_its_heads_and_counts_its_pages(tmp_path: Path) -> None:
    page = TEMPLATES.render(long(entries=60, narrative="word " * 300), "html")
    read = text_of(pdf.pdf(page), tmp_path, "-layout")
    pages = read.split("\f")[:-1]
    assert len(pages) > 2
    for number, each in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in each
    assert all("DESCRIPTION" in each.upper() for each in pages[:-1])


def test_b09_many_entries_and_a_narrative_of_20_kb_can_be_printed(tmp_path: Path) -> None:
    page = TEMPLATES.render(long(entries=40, narrative="x" * 20_000), "html")
    read = text_of(pdf.pdf(page), tmp_path)
    assert read.count("x") >= 20_000, "a word without a space is broken, not cut off"
    assert "Entry 39" in read


def test_any_script_of_the_world_can_be_printed(tmp_path: Path) -> None:
    page = "<html lang=en><title>T</title><p>Müller &amp; Søn — 漢字 — עברית — €"
    read = text_of(pdf.pdf(page), tmp_path)
    assert "Müller & Søn" in read
    assert "€" in read


def test_a_page_reaches_for_nothing(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *words: object) -> None:
            pass

    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    server = HTTPServer(("127.0.0.1", 0), Listening)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        home = f"http://127.0.0.1:{server.server_port}"
        page = f"""<!DOCTYPE html><html lang=en><head><title>T</title>
            <link rel=stylesheet href="{home}/style.css"><link rel=stylesheet href="file://{secret}">
            <link rel=attachment href="file://{secret}"><link rel=attachment href="{home}/a">
            <style>@import url("{home}/import.css"); @font-face {{ font-family: F;
            src: url("{home}/font.woff") }} body {{ font-family: F; background: url({home}/b.png) }}
            p::before {{ content: url(file://{secret}) }}</style></head><body><p>Here</p>
            <img src="{home}/c.png"><img src="file://{secret}" alt="">
            <object data="file://{secret}"></object><embed src="{home}/e">
            <a rel=attachment href="file://{secret}">there</a></body></html>"""
        content = pdf.pdf(page)
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []
    assert SECRET.encode() not in unpacked(content, tmp_path)
    assert "Here" in text_of(content, tmp_path)


def unpacked(content: bytes, tmp_path: Path) -> bytes:
    """The file with its streams laid open; as it is where qpdf isn't here."""
    program = shutil.which("qpdf")
    if program is None:
        return content
    packed, plain = tmp_path / "packed.pdf", tmp_path / "plain.pdf"
    packed.write_bytes(content)
    told = subprocess.run([program, "--check", str(packed)], capture_output=True, timeout=60)
    assert told.returncode == 0, told.stdout + told.stderr
    subprocess.run([program, "--qdf", str(packed), str(plain)], check=True, timeout=60)
    return plain.read_bytes()


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf._fetcher.cache_clear()
    with pytest.raises(UsageProblem, match="isn't installed") as found:
        pdf.pdf("<p>x")
    pdf._fetcher.cache_clear()
    assert (found.value.code, found.value.hint) == (
        "pdf.missing",
        "Install it: pip install 'billcli[pdf]'",
    )


def test_what_the_engine_cannot_lay_out_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import weasyprint

    def broken(*words: object, **more: object) -> bytes:
        raise AssertionError("no such box")

    monkeypatch.setattr(weasyprint.HTML, "write_pdf", broken)
    with pytest.raises(Refused, match="AssertionError: no such box") as found:
        pdf.pdf("<p>x")
    assert found.value.code == "pdf.failed"
