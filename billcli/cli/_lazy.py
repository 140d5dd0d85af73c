"""The table of commands, and the root that imports a command's module only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from typer._click import Command as AnyCommand
from typer._click import Context, HelpFormatter

from billcli.cli._help import write_example, write_list
from billcli.cli._noun import HelpfulGroup
from billcli.errors import UsageProblem


class Stub(NamedTuple):
    """A word after `billcli`: the module behind it, one line of help, its section."""

    module: str
    help: str
    section: str
    verb: str | None = None


SET_UP, PEOPLE = "Set-up and care", "People and matters"
WORK, BILLS, INSIGHT = "The day's work", "Bills and money", "Reports"
EXCHANGE = "In and out"

TABLE: dict[str, Stub] = {
    "t": Stub("time", "Short for `time add`", WORK, "add"),
    "time": Stub("time", "Hours worked, and the timer", WORK),
    "timer": Stub("time", "Show the timers that run", WORK, "timer"),
    "expense": Stub("expense", "Costs paid for the client", WORK),
    "charge": Stub("charge", "Flat charges", WORK),
    "task": Stub("task", "Tasks and milestones, and the charges they trigger", WORK),
    "change-order": Stub("change_order", "More or less than was agreed", WORK),
    "status": Stub("status", "What needs attention today", WORK, "status"),
    "undo": Stub("undo", "Take back the last change, before a bill stands on it", WORK, "undo"),
    "client": Stub("client", "The people and companies who pay", PEOPLE),
    "timekeeper": Stub("timekeeper", "The people whose hours are billed", PEOPLE),
    "matter": Stub("matter", "Matters, their terms and their billing settings", PEOPLE),
    "arrangement": Stub("arrangement", "How a matter is billed", PEOPLE),
    "schedule": Stub("schedule", "The instalments of a fixed fee", PEOPLE),
    "workflow": Stub("workflow", "The steps and tasks of a kind of case", PEOPLE),
    "bill": Stub("bill", "Preview, draft, approve, issue and explain bills", BILLS),
    "payment": Stub("payment", "Money that came in", BILLS),
    "credit": Stub("credit", "Credit notes: bills taken back in whole or in part", BILLS),
    "writeoff": Stub("writeoff", "What is owed and won't be paid", BILLS),
    "statement": Stub("statement", "What a client owes and has paid", BILLS, "statement"),
    "plan": Stub("plan", "Payment plans: when a bill is paid, and where it stands", BILLS),
    "trust": Stub("trust", "Client money in trust: in, out, and what each matter holds", BILLS),
    "retainer": Stub("retainer", "General retainers, and requests for funds", BILLS),
    "mass": Stub("mass", "The month end: bill many matters at once", BILLS),
    "outbox": Stub("outbox", "Bills on their way by e-mail, and what became of them", BILLS),
    "report": Stub("report", "Work in progress, ageing and the rest", INSIGHT),
    "export": Stub("export", "Electronic bills, the books, the whole ledger", EXCHANGE),
    "import": Stub("imports", "Time, costs, clients, payments, codes; a whole ledger", EXCHANGE),
    "ledes": Stub("ledes", "Look through files of electronic bills", EXCHANGE),
    "init": Stub("ledger", "Make the ledger", SET_UP, "init"),
    "demo": Stub("demo", "Show a whole month end on a throw-away ledger", SET_UP, "demo"),
    "firm": Stub("firm", "The firm's own settings: show, set, import, export", SET_UP),
    "mail": Stub("mail", "The account that mail is sent from: try it", SET_UP),
    "check": Stub("ledger", "Prove the ledger sound", SET_UP, "check"),
    "backup": Stub("ledger", "Copy the ledger to a file", SET_UP, "backup"),
    "restore": Stub("ledger", "Put a backup in the ledger's place", SET_UP, "restore"),
    "migrate": Stub("ledger", "Bring an older ledger up to this program", SET_UP, "migrate"),
    "log": Stub("ledger", "Who did what, and when", SET_UP, "log"),
}

ROOT_EXAMPLE = """
billcli init
billcli client add rivera 'Ana Rivera'
billcli matter add 2026-001 'Rivera v. Ohm' --client rivera
billcli t 2026-001 1.5 'Review of the contract'
billcli bill create 2026-001 --issue
"""


class LazyGroup(HelpfulGroup):
    """`billcli` itself: its help is the table; calling a command imports that one module."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Every word of the table."""
        return list(TABLE)

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:
        """Import the module behind the word and build its command."""
        return build(cmd_name) if cmd_name in TABLE else None

    def short_helps(self) -> dict[str, str]:
        """The table's words and lines."""
        return {name: stub.help for name, stub in TABLE.items()}

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The commands under their headings."""
        for section in dict.fromkeys(stub.section for stub in TABLE.values()):
            rows = [(name, stub.help) for name, stub in TABLE.items() if stub.section == section]
            with formatter.section(section):
                write_list(formatter, rows)

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The first five commands of a first day."""
        write_example(formatter, ROOT_EXAMPLE)


def build(name: str) -> AnyCommand:
    """The command behind a word of the table."""
    stub = TABLE[name]
    module = f"billcli.cli.{stub.module}"
    try:
        app = import_module(module).app
    except ModuleNotFoundError as missing:
        if missing.name != module:
            raise
        raise UsageProblem("usage.command", f"`billcli {name}` isn't in this version.") from None
    if stub.verb is None:
        app.help = app.help or f"{stub.help}."
        return app.build()  # type: ignore[no-any-return]
    if stub.verb not in app.verbs:
        raise UsageProblem("usage.command", f"`billcli {name}` isn't in this version.")
    return app.verbs[stub.verb].build()  # type: ignore[no-any-return]
