"""How a client wants its electronic bills: the client's rules, and a bill with all a file says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from billcli.core.document import BillDocument
from billcli.errors import UsageProblem
from billcli.formats.firm.ebilling import read_rule, rule_names, rule_text
from billcli.formats.ledes.columns import COLUMNS
from billcli.formats.ledes.model import Order, Place, Profile, Timekeeper
from billcli.store import find, people, recording, settings
from billcli.values.text import did_you_mean, shown

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger
    from billcli.store.models import ClientRow

__all__ = ["Post", "read_rule", "rule_names", "rule_text", "rules_of"]

ENCODINGS = ("ascii", "cp1252", "utf-8")


class Post:
    """The firm, its people and its clients, read once for all bills of an export."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.settings = settings.all_(ledger)
        self.people = {
            row.id: Timekeeper(row.id, row.name, row.surname, row.first_name, row.classification)
            for row in people.timekeepers(ledger)
        }
        self.clients = {row.id: row for row in people.clients(ledger)}

    def order(
        self,
        document: BillDocument,
        matter_id: int,
        *,
        format: str | None = None,
        encoding: str | None = None,
    ) -> Order:
        """A bill with its sender and its payor; what is asked for goes before what is agreed.

        The bill's own words are those of its approval; what only the file says is of today.
        """
        row = self.clients.get(document.client.id)
        profile = self._profile(row, matter_id, format=format, encoding=encoding)
        details: dict[str, Any] = json.loads(row.details) if row else {}
        firm = {key: str(self.settings.get(f"firm.{key}") or "") for key in _PARTS}
        firm["tax_id"] = document.firm.tax_id or firm["tax_id"]
        client = {key: str(details.get(key) or "") for key in _PARTS}
        number = document.client_matter_id
        if not number:
            number = find.matter_by_id(self.ledger, matter_id).client_matter_id
        return Order(
            replace(document, client_matter_id=number),
            Place(document.firm.name, document.firm.address, **firm),
            Place(document.client.name, document.client.address, **client),
            self.people,
            profile,
        )

    def _profile(
        self, row: ClientRow | None, matter_id: int, *, format: str | None, encoding: str | None
    ) -> Profile:
        rules = rules_of(row) if row else {}
        known = {name: value for name, value in rules.items() if name in _FIELDS}
        options = recording.options_of(self.ledger, matter_id)
        agreed = options.get("ledes") or rules.get("ledes") or self.settings.get("billing.ledes")
        known["format"] = format or agreed or "1998B"
        known["encoding"] = encoding or str(rules.get("encoding", "ascii")).replace("_", "-")
        known["allowed_codes"] = tuple(rules.get("allowed_codes", ()))
        return Profile(**known)


_PARTS = ("city", "region", "postcode", "country", "tax_id")
_FIELDS = set(Profile.__dataclass_fields__) - {"format", "encoding", "allowed_codes"}


def rules_of(row: ClientRow) -> dict[str, Any]:
    """The e-billing rules of a client, as they are kept."""
    found: dict[str, Any] = json.loads(row.details).get("ebilling") or {}
    return found


def read_format(text: str | None) -> str | None:
    """A format as typed. UsageProblem `ledes.format`."""
    if text is None:
        return None
    word = text.strip().upper().removeprefix("LEDES")
    word = "1998BI" if word in ("98BI", "98BI V2") else word
    if word not in COLUMNS:
        raise UsageProblem(
            "ledes.format", f"{shown(text)} is no format that can be written.",
            hint=did_you_mean(word, COLUMNS) or "It is 1998B or, with tax, 1998BI.",
        )  # fmt: skip
    return word


def read_encoding(text: str | None) -> str | None:
    """An encoding as typed. UsageProblem `ledes.encoding`."""
    if text is None:
        return None
    word = text.strip().lower().replace("_", "-")
    word = {"us-ascii": "ascii", "utf8": "utf-8", "windows-1252": "cp1252"}.get(word, word)
    if word not in ENCODINGS:
        raise UsageProblem(
            "ledes.encoding", f"{shown(text)} is no encoding of an electronic bill.",
            hint=f"It is one of {', '.join(ENCODINGS)}.",
        )  # fmt: skip
    return word


def read_end_of_line(text: str | None) -> str:
    """How lines end, as typed: crlf or lf. UsageProblem `ledes.eol`."""
    ends = {"crlf": "\r\n", "lf": "\n"}
    word = (text or "crlf").strip().lower()
    if word not in ends:
        raise UsageProblem(
            "ledes.eol", f"{shown(text or '')} is no end of a line.", hint="It is crlf or lf."
        )
    return ends[word]
