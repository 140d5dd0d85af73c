"""What many tests need: a new ledger, and the command line run in this process."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from offices import TODAY, Answer, new_ledger
from undurable import compiled_once, hurried, patient

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger


# A run in the background begins with Ctrl-C ignored, and the programs that tests start would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/scenarios tests/errors --update-scenarios`; read the diff."""
    parser.addoption(
        "--update-scenarios",
        action="store_true",
        help="Write into the scenarios what their commands print now.",
    )
    parser.addoption(
        "--torture",
        action="store_true",
        help="Only the tests that have a long form, in it: more kills, longer games of chance.",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --torture, what has no long form stays aside: who has one asks for `torture`."""
    if config.getoption("--torture"):
        aside = [item for item in items if "torture" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=aside)
        items[:] = [item for item in items if "torture" in getattr(item, "fixturenames", ())]


@pytest.fixture
def torture(request: pytest.FixtureRequest) -> bool:
    """Whether the long form of a test was asked for."""
    return bool(request.config.getoption("--torture"))


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read nor fill the cache of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _in_a_hurry() -> Iterator[None]:
    """No test waits for the disk or for a compiler that others prove; `as_it_is` has both."""
    with pytest.MonkeyPatch.context() as patch:
        hurried(patch)
        compiled_once(patch)
        yield


@pytest.fixture
def as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ledgers of this test are made and kept as the program does it."""
    patient(monkeypatch)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEDGER", "TODAY", "NO_INPUT", "ACTOR", "BUSY_TIMEOUT"):
        monkeypatch.delenv(f"BILLCLI_{name}", raising=False)


@pytest.fixture
def ledger_path(tmp_path: Path) -> Path:
    """A new ledger in US dollars; nothing holds it open. `cli` works on the same file."""
    return new_ledger(tmp_path / "ledger.db")


@pytest.fixture
def make_ledger() -> Iterator[Callable[..., Ledger]]:
    """`make_ledger(path, currency="USD", today="2026-11-30")` makes a ledger and opens it."""
    from billcli.store.ledger import attach

    opened: list[Ledger] = []

    def make(path: Path, *, currency: str = "USD", today: str = TODAY) -> Ledger:
        if not path.exists():
            new_ledger(path, currency=currency)
        ledger = attach(path, today=today, actor="tester", command="test")
        opened.append(ledger)
        return ledger

    yield make
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(ledger_path: Path, make_ledger: Callable[..., Ledger]) -> Ledger:
    """An open, empty ledger in US dollars; today is 2026-11-30."""
    return make_ledger(ledger_path)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """`cli("client", "list", "--json")` → Answer(code, out, err), on tmp_path/ledger.db.

    Today is 2026-11-30 and the actor is "tester"; `today=` and `ledger=` name others.
    """
    from billcli.cli import main

    def answer(*words: object, today: str = TODAY, ledger: Path | None = None) -> Answer:
        path = ledger or tmp_path / "ledger.db"
        head = ["--ledger", str(path), "--today", today, "--actor", "tester"]
        capsys.readouterr()
        code = main([*head, *(str(word) for word in words)])
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    return answer
