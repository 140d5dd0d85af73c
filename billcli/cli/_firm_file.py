"""Reading a firm file for a command; a person confirms what it would let the program run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from billcli.cli._prompt import confirm
from billcli.cli._root import run
from billcli.errors import Refused
from billcli.values.text import shown

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.office.firm_files import FirmFile
    from billcli.services.office.firm_import import ImportView

KINDS = {
    "settings": "setting",
    "taxes": "tax",
    "expense_categories": "expense category",
    "timekeepers": "timekeeper",
    "workflows": "workflow",
    "clients": "client",
    "matters": "matter",
    "tasks": "task",
    "schedule": "instalment",
    "time": "time entry",
    "expenses": "expense",
    "trust_deposits": "trust deposit",
}
PLURALS = {"tax": "taxes", "expense category": "expense categories", "time entry": "time entries"}


def read_confirmed(path: Path, ledger: Ledger | None = None) -> tuple[FirmFile, str | None]:
    """The firm file, and the command for the mail password that was confirmed, if it has a new one.

    UsageProblem `input.needed` where nobody can be asked; Refused `firm-file.password-command`.
    """
    from billcli.services.office import firm, firm_files

    file = firm_files.read(path, currency=ledger.currency if ledger else None)
    command = firm.new_command(file, ledger)
    if command is None:
        return file, None
    question = f"The file sets a command to run for the mail password: {command}. Keep it?"
    if not run().yes and not confirm(question, default=False):
        raise Refused(
            "firm-file.password-command",
            f"The command {shown(command)} was not confirmed; nothing was imported.",
            hint="Take email.password_command out of the file.",
        )
    return file, command


def told(view: ImportView) -> str:
    """What an import brought, in words: `12 settings, 2 timekeepers, 1 client`."""
    found = []
    for name, word in KINDS.items():
        count = getattr(view, name)
        if count:
            found.append(f"{count} {word if count == 1 else PLURALS.get(word, word + 's')}")
    return ", ".join(found)
