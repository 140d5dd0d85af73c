"""The demo's month end: where it happens, and what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shlex import split
from shutil import copyfile
from tempfile import mkdtemp

from billcli import assets
from billcli.errors import Refused

TODAY = "2026-10-31"
"""A day that is past, as trust takes nothing that is dated ahead of the real day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the demo, after the remark that says why it is typed."""

    remark: str
    typed: str

    @property
    def words(self) -> list[str]:
        """The words after `billcli`."""
        return split(self.typed)[1:]


MONTH_END = "billcli mass run --through 2026-10 --approve --issue --out bills --key 2026-10"
PAGE = "dashboard.html"
"""What the demo ends with: a page to open."""
STEPS = (
    Step(
        "A firm file holds the whole set-up; the ledger is made from it.",
        "billcli init --firm firm.toml",
    ),
    Step(
        "A petition at a fixed fee, which falls due milestone by milestone.",
        "billcli matter show 2026-001",
    ),
    Step(
        "Completing a milestone makes its charge.",
        "billcli task done 2026-001 1 --date 2026-09-09 --charge",
    ),
    Step(
        "A task without a trigger charges nothing.",
        "billcli task done 2026-001 2 --date 2026-10-02",
    ),
    Step(
        "Here nobody says whether to charge, so the trigger waits …",
        "billcli task done 2026-001 3 --date 2026-10-16",
    ),
    Step("… and is not forgotten.", "billcli status"),
    Step("The lawyer decides.", "billcli task fire 2026-001 3"),
    Step(
        "A general retainer is the firm's money only where it may be, so the reason is kept.",
        "billcli retainer deposit 2026-006 1,000.00 --basis client-consent "
        "--note 'Engagement letter, section 4' --date 2026-10-01",
    ),
    Step("Advance deposits are the clients' money, in trust.", "billcli trust balance"),
    Step(
        "Time goes in as it is worked.",
        "billcli t 2026-005 1h30m 'Settlement conference' --task-code L160 --activity-code A109",
    ),
    Step(
        "A fee by percent complete: the lawyer tells how far the work is.",
        "billcli matter progress 2026-018 40%",
    ),
    Step(
        "What would this work come to under other arrangements?",
        "billcli arrangement compare 2026-014",
    ),
    Step(
        "What would the month end bill, and what not, and why? This only looks.",
        "billcli mass preview --through 2026-10",
    ),
    Step("Bill every matter: approve, issue, write the pages.", MONTH_END),
    Step("Started again by mistake, it bills nothing twice.", MONTH_END),
    Step("A bill as the client reads it.", "billcli bill show 2026-0001"),
    Step(
        "How a bill with a contingent reserve came about, step by step.",
        "billcli bill explain 2026-0011",
    ),
    Step(
        "The claim succeeds: what was held in reserve falls due …",
        "billcli matter outcome 2026-015 success --note 'Settled on October 31'",
    ),
    Step("… on the next bill.", "billcli bill create 2026-015 --issue"),
    Step("Nothing of it is left.", "billcli report reserve"),
    Step("Who brought in the fees.", "billcli report allocation"),
    Step("The tasks know where their money is.", "billcli task list 2026-001"),
    Step(
        "One client pays a part …",
        "billcli payment add 2026-0001 1,500.00 --method check --reference 2041",
    ),
    Step("… another too much.", "billcli payment add 2026-0002 1,400.00 --method wire"),
    Step(
        "Trust paid a bill when it was issued, and the client is asked to top it up.",
        "billcli trust ledger 2026-005",
    ),
    Step("What the bank is to transfer …", "billcli trust transfer-sheet"),
    Step("… was transferred.", "billcli trust transfer-sheet --confirm 'FT 2210'"),
    Step(
        "Bank, journal and the clients' ledgers agree, and the month is locked.",
        "billcli trust reconcile --date 2026-10-31 --statement 3,800.00",
    ),
    Step(
        "Goodwill has a credit note of its own.",
        "billcli credit add 2026-0003 100.00 --reason courtesy",
    ),
    Step(
        "A large bill is paid in parts, as agreed.",
        "billcli plan set 2026-0001 --down 0 --count 3 --every month",
    ),
    Step("All bills.", "billcli bill list"),
    Step("What clients will owe by December.", "billcli report ageing --as-of 2026-12-15"),
    Step("What is not billed yet.", "billcli report wip"),
    Step(
        "The client wants more: that is a milestone of its own.",
        "billcli change-order add 2026-001 600.00 --name 'Second interview' "
        "--approved-by 'by mail'",
    ),
    Step("Every milestone of the practice.", "billcli report milestones"),
    Step("What money is to come.", "billcli report forecast --periods 4"),
    Step("What a client owes and has paid.", "billcli statement mesa-brewing"),
    Step(
        "A bill for the client's e-billing system …",
        "billcli export ledes 2026-0003 --out 2026-0003.txt",
    ),
    Step("… which holds what such systems check.", "billcli ledes check 2026-0003.txt"),
    Step(
        "It goes out by e-mail, to each recipient once; here it is only written.",
        "billcli bill send 2026-0003 --dry-run --out letters",
    ),
    Step("The books, for hledger.", "billcli export hledger --out books.journal"),
    Step("The ledger proves itself.", "billcli check"),
    Step("The whole practice on one page.", f"billcli report dashboard --html {PAGE}"),
)


def prepared(folder: Path | None) -> Path:
    """An empty folder for the demo, with the sample firm's file in it.

    Raises `demo.folder` (3) where the folder has something in it.
    """
    if folder is None:
        place = Path(mkdtemp(prefix="billcli-demo-"))
    else:
        place = folder.expanduser().absolute()
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise Refused(
                "demo.folder",
                f"{place} isn't empty; the demo only writes where nothing is.",
                hint="Name a folder that doesn't exist yet, or leave --dir out.",
            )
    copyfile(assets.sample_firm(), place / "firm.toml")
    return place


def made(place: Path) -> tuple[Path, ...]:
    """The files that the demo left, in the order of their names; SQLite's own are not told."""
    files = (path for path in place.rglob("*") if path.is_file())
    return tuple(sorted(path for path in files if not path.name.endswith(("-wal", "-shm"))))
