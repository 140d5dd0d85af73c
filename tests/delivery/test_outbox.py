"""Bills go to each recipient once, whatever crashes, and whoever sends at the same time."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offices import Answer
from post import Post

from billcli.deliver.senders import Senders
from billcli.services.delivery.outbox import message, note, queue
from billcli.store.ledger import Ledger

Office = Callable[..., Answer]


def states(office: Office) -> list[tuple[str, str, int]]:
    rows = office("outbox", "list", "--json").json
    return [(row["to"], row["state"], row["tries"]) for row in rows]


def test_a_bill_is_issued_and_sent_to_each_recipient(office: Office, post: Post) -> None:
    told = office("bill", "issue", "2026-0001", "--send")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[1:] == [
        "Bill 2026-0001 was sent to gc@acme.example (M-1).",
        "Bill 2026-0001 was sent to pay@acme.example (M-2).",
    ]
    assert post.recipients == ["gc@acme.example", "pay@acme.example"]
    assert post.calls == 1, "one call for both letters"


@pytest.fixture
def dies(path: Path) -> Iterator[Callable[[], None]]:
    """Another process says that it sends M-1, and lives until this is called."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with Senders(path) as senders:
            senders.take(1)
            os.write(write, b".")
            signal.pause()
    living = [child]

    def end() -> None:
        for pid in living:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        living.clear()

    os.read(read, 1)
    try:
        yield end
    finally:
        end()
        os.close(read)
        os.close(write)


def sending(firm: Ledger) -> None:
    """M-1 is committed as being sent, and nothing more."""
    with firm.write():
        note(firm, message(firm, "M-1"), "sending", message_id="<1@byrne.example>")


def test_a_message_being_sent_is_unknown_once_its_sender_is_dead(
    office: Office, firm: Ledger, dies: Callable[[], None]
) -> None:
    assert office("bill", "issue", "2026-0002").code == 0
    queue(firm, "2026-0002")
    sending(firm)
    assert states(office) == [("pay@acme.example", "sending", 1)]
    for command in (("retry", "M-1"), ("drop", "M-1", "--reason", "no matter")):
        refused = office("outbox", *command, "--json")
        assert (refused.code, '"code": "mail.at-work"' in refused.err) == (3, True)
    dies()
    assert states(office) == [("pay@acme.example", "unknown", 1)]
