"""What the process beside a run does with a bill: its pages, its rows, its files (§6).

It knows no ledger. What it can't do is left to the run, where it fails again and is told.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from billcli.core.document import BillDocument
from billcli.deliver import files
from billcli.render.bill import FORMS, frozen_templates
from billcli.store import bill_rows
from billcli.store.bill_rows import BillRows, Heading

HEAD = struct.Struct("!I")
"""Before each message, how long it is."""


class Order(NamedTuple):
    """A bill that is wanted: its paper, what it will be given, the texts of its templates."""

    paper: BillDocument
    heading: Heading
    state: str
    texts: str


class Printed(NamedTuple):
    """A bill as it came: the bytes of its pages with their SHA-256, its rows, its files.

    `parts` are its pages in the folder for them, on the disk and without their names yet.
    """

    heading: Heading
    pages: Mapping[str, bytes]
    hashes: Mapping[str, str]
    rows: BillRows
    parts: Mapping[str, str]


Answer = tuple[str, Printed | None]
"""The bill's D-n, and what came of it."""


def work(asked: BinaryIO, answers: BinaryIO) -> None:
    """Print what is asked, a group at a time, until nobody asks any more."""
    while head := asked.read(HEAD.size):
        folder, forms, orders = pickle.loads(asked.read(HEAD.unpack(head)[0]))
        said = pickle.dumps(_group(folder, forms, orders), 5)
        answers.write(HEAD.pack(len(said)))
        answers.write(said)
        answers.flush()


def _group(folder: str | None, forms: Sequence[str], orders: Sequence[Order]) -> list[Answer]:
    """A group of bills, their files begun one by one and then synced one by one."""
    made = [(order, _printed(order)) for order in orders]
    begun: list[dict[str, files.Part]] = [{} for _ in made]
    if folder is not None:
        for parts, (_, printed) in zip(begun, made, strict=True):
            if printed is not None:
                for form in forms:
                    with suppress(OSError):
                        path = Path(folder, f"{printed.heading.number}.{form}")
                        parts[form] = files.begin(path, printed.pages[form])
                        parts[form].start()
    answers: list[Answer] = []
    for parts, (order, printed) in zip(begun, made, strict=True):
        if printed is not None:
            printed = printed._replace(parts=_synced(parts))
        answers.append((order.paper.id, printed))
    return answers


def _synced(parts: Mapping[str, files.Part]) -> dict[str, str]:
    """Where the files are that the disk has; the others are gone."""
    there = {}
    for form, part in parts.items():
        with suppress(OSError):
            part.sync()
            there[form] = str(part.part)
    return there


def _printed(order: Order) -> Printed | None:
    try:
        paper = order.paper
        document = replace(paper, number=order.heading.number, state=order.state)
        templates = frozen_templates(order.texts)
        pages = {form: templates.render(document, form).encode() for form in FORMS}
        hashes = {form: hashlib.sha256(page).hexdigest() for form, page in pages.items()}
        return Printed(order.heading, pages, hashes, bill_rows.rows_of(order.heading, paper), {})
    except Exception:  # noqa: BLE001 - it fails again where it is printed then, and is told
        return None
