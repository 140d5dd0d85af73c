"""A letter says what it was told, to whom it was told, and nothing that anybody slipped in."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import cast

import pytest
from cases import hourly_with_discount_tax_and_costs

from billcli.core.document import BillDocument
from billcli.deliver.letters import (
    Attachment,
    Letter,
    address_of,
    new_message_id,
    one_line,
    sender_of,
    written,
)
from billcli.errors import BillError, Refused
from billcli.render.mail import MailTemplates

AT = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
ODD = 'R&D | "Smith" <b> — Müller & Søn, 日本 🙂'


def letter(**changes: object) -> Letter:
    facts: dict[str, object] = {
        "sender": "Byrne, Smith & Co <office@byrne.example>",
        "recipient": "ana@rivera.example",
        "subject": "Bill 2026-0001",
        "body": "Dear Ana,\n",
        "message_id": "<1@byrne.example>",
        "at": AT,
    }
    return Letter(**(facts | changes))  # type: ignore[arg-type]


def read(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=policy.default))


def test_a_letter_reads_as_it_was_written() -> None:
    body = f"Dear {ODD},\n\n.\n..two\n{'long ' * 400}\nFrom here on\n"
    page = f"<p>{ODD}</p>\r\n.\r\n".encode()
    files = (Attachment(f"{ODD}.html", page, "text/html"), Attachment("a.pdf", bytes(range(256)),
             "application/pdf"))  # fmt: skip
    subject = f"{ODD * 4} =?utf-8?q?no?="
    content = written(
        letter(subject=subject, body=body, attachments=files, reply_to="b@byrne.example")
    )
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert b"\n" not in content.replace(b"\r\n", b"")
    found = read(content)
    assert (found["Subject"], found["To"], found["Reply-To"]) == (
        subject,
        "ana@rivera.example",
        "b@byrne.example",
    )
    (sender,) = found["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Byrne, Smith & Co", "office@byrne.example")
    assert (found["Date"].datetime, found["Message-ID"]) == (AT, "<1@byrne.example>")
    text = cast(EmailMessage, found.get_body(("plain",)))
    assert text.get_content().replace("\r\n", "\n") == body
    first, second = found.iter_attachments()
    assert (first.get_filename(), first.get_content_type()) == (f"{ODD}.html", "text/html")
    assert first.get_payload(decode=True) == page
    assert (second.get_filename(), second.get_content()) == ("a.pdf", bytes(range(256)))


@pytest.mark.parametrize(
    "subject",
    ["Bill 2026-0001", "Byrne, Smith & Co: bill 2026-0001, " + "a long matter " * 12, "x" * 300,
     "a =?utf-8?q?word?= as it is", f"{ODD * 9}", "two  blanks"],
)  # fmt: skip
def test_subjects_of_any_length(subject: str) -> None:
    content = written(letter(subject=subject))
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert read(content)["Subject"] == " ".join(subject.split())
    if subject.startswith("Byrne"):
        assert b"Subject: Byrne, Smith & Co: bill 2026-0001, a long" in content


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "nobody", "a@", "@b.c", "a@b c", "a b@c.d", "a@b.c, d@e.f", "a@b.c;d@e.f",
        "a@b.c\r\nBcc: x@y.z", "a@b.c\nBcc: x@y.z", "a@b.c\0", "Ana <a@b.c>", "a..b@c.d",
        "a@b..c", "jürgen@b.c", "a@b.c\u2028x", "(x)a@b.c", "a@b.c (x)", '"a b"@c.d',
    ],
)  # fmt: skip
def test_B10_only_one_whole_address_is_written_to(address: str) -> None:
    for made in (lambda: address_of(address), lambda: written(letter(recipient=address))):
        with pytest.raises(Refused) as refused:
            made()
        assert refused.value.code == "mail.address"


def test_a_domain_of_any_letters_is_written_in_ascii() -> None:
    found = read(written(letter(recipient="ana@bücher.example")))
    assert found["To"] == "ana@xn--bcher-kva.example"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85", "\v", "\f"])
def test_B10_a_line_end_adds_no_header(end: str) -> None:
    slipped = f"Bill{end}Bcc: spy@evil.example{end}{end}<h1>"
    files = (Attachment(f"a{slipped}.html", b"x", "text/html"),)
    content = written(letter(subject=slipped, attachments=files, body=slipped, sender=(
        f"Byrne{end}Bcc: spy@evil.example <office@byrne.example>")))  # fmt: skip
    found = read(content)
    assert set(found) == {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
                          "Content-Type"}  # fmt: skip
    assert [address.addr_spec for address in found["To"].addresses] == ["ana@rivera.example"]
    assert found["Subject"] == "Bill Bcc: spy@evil.example <h1>"
    (attached,) = found.iter_attachments()
    assert not set(attached) - {
        "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "name", "address"),
    [
        ("office@byrne.example", "", "office@byrne.example"),
        ("Byrne <office@byrne.example>", "Byrne", "office@byrne.example"),
        ('"Byrne, LLC" <office@byrne.example>', "Byrne, LLC", "office@byrne.example"),
        (f"{ODD * 3} <office@byrne.example>", ODD * 3, "office@byrne.example"),
        (" Ö & Co  <office@bücher.example> ", "Ö & Co", "office@xn--bcher-kva.example"),
        ("=?utf-8?q?Byrne?= <office@byrne.example>", "=?utf-8?q?Byrne?=", "office@byrne.example"),
        ("<office@byrne.example>", "", "office@byrne.example"),
    ],
)
def test_senders_as_people_write_them(given: str, name: str, address: str) -> None:
    found = sender_of(given)
    assert (found.display_name, found.addr_spec) == (name, address)
    assert new_message_id(given).endswith(f"@{found.domain}>")
    head = read(written(letter(sender=given)))["From"]
    assert head.addresses[0].addr_spec == address
    if name == ODD * 3:  # of several encoded words, which this reader puts blanks between
        head = written(letter(sender=given)).partition(b"\r\n <")[0].removeprefix(b"From: ")
        assert str(make_header(decode_header(head.decode()))) == name
    else:
        assert head.addresses[0].display_name == name


@pytest.mark.parametrize("given", ["", "Byrne", "Byrne <office>", "a@b.c, d@e.f"])
def test_what_is_no_sender(given: str) -> None:
    with pytest.raises(Refused) as refused:
        sender_of(given)
    assert refused.value.code == "mail.sender"


def test_what_a_mail_program_would_obey_is_shown() -> None:
    assert one_line("a\u202eb\x1b[31m c\x00") == "a\\u202eb\\x1b[31m c\\x00"


# Templates -------------------------------------------------------------------------------------


@pytest.fixture
def document() -> BillDocument:
    return replace(hourly_with_discount_tax_and_costs(), number="2026-0007", state="issued")


def test_the_standard_mail_names_the_bill_and_what_is_due(document: BillDocument) -> None:
    subject, body = MailTemplates().render(
        document, balance_cents=1_234_56, attachments=("a.html",)
    )
    assert subject.startswith(document.firm.name) and "bill 2026-0007" in subject
    assert body.startswith(f"Dear {document.client.name},\n")
    assert "1,234.56" in body and "Attached: a.html" in body
    assert "\n\n\n" not in body
    _, text = MailTemplates().render(document, balance_cents=0)
    assert "nothing is due" in text and "Please pay" not in text


def test_B10_fields_can_not_break_out_of_the_subject(document: BillDocument) -> None:
    name = "Ana\r\nBcc: spy@evil.example\n\nBuy now {{ 7 * 7 }} &amp; <b>\x1b[2J"
    odd = replace(document, client=replace(document.client, name=name), matter_title=f"Case{name}")
    subject, body = MailTemplates().render(odd, balance_cents=1)
    assert "\n" not in subject and "Bcc: spy@evil.example Buy now {{ 7 * 7 }} &amp; <b>" in subject
    assert body.startswith("Dear Ana\nBcc: spy@evil.example\n\nBuy now {{ 7 * 7 }} &amp; <b>\\x1b")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dear {{ client.name }}\n", "template.fault"),
        ("Subject:   \n\nDear\n", "template.fault"),
        ("Subject: x\n{{ client.nam }}\n", "template.fault"),
        ("Subject: x\n{{ client.name.__class__.__mro__ }}\n", "template.fault"),
        ("Subject: x\n{% include '/etc/passwd' %}\n", "template.fault"),
        ("Subject: {% if %}\n", "template.fault"),
        ("Subject: {{ bill.number }}\n\nKindly,\n{{ firm.name }}\n", ""),
    ],
)
def test_templates_of_ones_own(
    document: BillDocument, tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "kind.txt.j2").write_text(text, "utf-8")
    shelf = MailTemplates(tmp_path)
    assert "kind" in shelf.names() and "standard" in shelf.names()
    if code:
        with pytest.raises(BillError) as fault:
            shelf.render(document, "kind", balance_cents=1)
        assert fault.value.code == code
    else:
        assert shelf.render(document, "kind", balance_cents=1) == (
            "2026-0007",
            f"Kindly,\n{document.firm.name}\n",
        )
    with pytest.raises(BillError) as fault:
        shelf.render(document, "kin", balance_cents=1)
    assert (fault.value.code, fault.value.hint) == ("template.missing", 'Did you mean "kind"?')


@pytest.mark.skipif(shutil.which("git") is None, reason="git, which reads mail too, isn't here")
def test_a_reader_of_another_kind_reads_the_same(tmp_path: Path) -> None:
    body = f"Dear {ODD},\n\n.\nFrom here on\n{'long ' * 300}end\n"
    page = (Attachment("page.html", b"<p>x", "text/html"),)
    sender = "Müller, Søn & Co <office@byrne.example>"
    content = written(letter(subject=ODD * 4, body=body, attachments=page, sender=sender))
    told = subprocess.run(
        ["git", "mailinfo", "-k", "--encoding=utf-8", tmp_path / "body", tmp_path / "rest"],
        input=content.replace(b"\r\n", b"\n"), capture_output=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    lines = told.stdout.decode().splitlines()
    assert lines[:3] == [
        "Author: Müller, Søn & Co",
        "Email: office@byrne.example",
        f"Subject: {ODD * 4}",
    ]
    assert (
        ((tmp_path / "body").read_bytes() + (tmp_path / "rest").read_bytes())
        .decode()
        .startswith(body)
    )
