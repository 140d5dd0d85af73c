"""A firm with a mail account, a bill that waits, and a server that takes letters."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offices import DAY, TODAY, Answer, H, new_ledger
from post import Authority, Post, authority, served

from billcli.store.ledger import Ledger, attach

# The bills of the golden files are at hand here too.
sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))


@pytest.fixture(scope="session")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Certificates; slow to make, so once."""
    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def post() -> Iterator[Post]:
    """A server without TLS on this machine, which takes everything."""
    with served(Post()) as made:
        yield made


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A firm with mail; bill 2026-0001 is approved and goes to two, 2026-0002 to one.

    2026-0003 is issued and goes to nobody.
    """
    from billcli.services.bill import bills
    from billcli.services.bill.billing import Request
    from billcli.services.matter import matters, options
    from billcli.services.office import clients, timekeepers
    from billcli.services.work import time
    from billcli.store import settings

    path = new_ledger(tmp_path_factory.mktemp("firm") / "ledger.db")
    ledger = attach(path, today=TODAY, actor="tester", command="test")
    with ledger.write():
        settings.put(ledger, "firm.name", "Byrne, Smith & Co")
        settings.put(ledger, "firm.payment_instructions", "Cheque, or https://pay.example/{number}")
        settings.put(ledger, "email.host", "localhost")
        settings.put(ledger, "email.security", "none")
        settings.put(ledger, "email.from", "Byrne, Smith & Co <office@byrne.example>")
    timekeepers.add(ledger, "NB", "N. Byrne", rate_e4=300 * H)
    clients.add(ledger, "acme", "Acme Ltd", email="pay@acme.example")
    for n in (1, 2, 3):
        matters.add(ledger, f"2026-00{n}", f"Matter {n}", client="acme")
        time.add(ledger, f"2026-00{n}", n * H, "Review of the contract", day=DAY)
        bills.create(ledger, f"2026-00{n}", Request(DAY, DAY), approved=True, issued=n == 3)
    both = {"email": ["gc@acme.example"], "email_client": True}
    options.set_options(ledger, "2026-001", both)
    options.set_options(ledger, "2026-002", {"email_client": True})
    ledger.close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, furnished: bytes) -> Path:
    """The ledger of that firm."""
    made = tmp_path / "ledger.db"
    made.touch(mode=0o600)
    made.write_bytes(furnished)
    return made


@pytest.fixture
def firm(path: Path) -> Iterator[Ledger]:
    """The same, open."""
    ledger = attach(path, today="2026-11-30", actor="tester", command="test")
    yield ledger
    ledger.close()


@pytest.fixture
def office(path: Path, post: Post, cli: Callable[..., Answer]) -> Callable[..., Answer]:
    """The command line on that ledger, whose mail goes to the server."""
    assert cli("firm", "set", "email.port", post.port).code == 0
    return cli
