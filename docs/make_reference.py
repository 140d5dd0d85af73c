"""Writes what tells of every command: docs/reference.md, the man page, the completion scripts.

    python docs/make_reference.py

All of it comes from the commands themselves, so it is made anew whenever one changes; a test
compares what is kept with what this makes.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer._completion_shared import get_completion_script
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from billcli import __version__
from billcli.cli import _app, _lazy

ROOT = Path(__file__).parent.parent
COMPLETIONS = {
    "bash": "share/bash-completion/completions/billcli",
    "zsh": "share/zsh/site-functions/_billcli",
    "fish": "share/fish/vendor_completions.d/billcli.fish",
}
EXITS = (
    ("0", "Done. A batch in which matters were skipped for a stated reason is done."),
    ("1", "A fault of the program; --debug shows where."),
    ("2", "Mistyped, a file that can't be read or has a fault, or an answer that nobody gave."),
    ("3", "Refused by a rule; nothing changed."),
    ("4", "Not found."),
    ("5", "The ledger: missing, no ledger, newer than the program, busy, damaged; or a full disk."),
    ("6", "Some matters of a batch failed; the rest is done."),
    ("7", "A check found something."),
    ("130", "Interrupted; nothing is half done."),
)
VARIABLES = (
    ("BILLCLI_LEDGER", "The ledger file, as with --ledger."),
    ("BILLCLI_TODAY", "The day to take for today, as with --today."),
    ("BILLCLI_NO_INPUT", "With 1, nothing is asked, as with --no-input."),
    ("BILLCLI_ACTOR", "Who acts, for the log, as with --actor."),
    ("NO_COLOR", "Without colours, as with --no-color."),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One command as its help tells it; rows are what is typed and what it means."""

    words: str
    usage: str
    help: tuple[str, ...]
    arguments: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    example: tuple[str, ...] = ()


def root() -> TyperGroup:
    """`billcli` itself, with the options before the command."""
    found = get_command(_app._app)
    assert isinstance(found, TyperGroup)
    return found


def sections() -> Iterator[tuple[str, list[Entry]]]:
    """The commands under the headings of `billcli --help`."""
    for title in dict.fromkeys(stub.section for stub in _lazy.TABLE.values()):
        names = [name for name, stub in _lazy.TABLE.items() if stub.section == title]
        yield title, [entry for name in names for entry in entries(_lazy.build(name), name)]


def entries(command: Any, words: str) -> Iterator[Entry]:
    """A command, or the commands of a noun."""
    if isinstance(command, TyperGroup):
        for name in command.list_commands(None):  # type: ignore[arg-type]
            inner = command.get_command(None, name)  # type: ignore[arg-type]
            if inner is not None and not getattr(inner, "hidden", False):
                yield from entries(inner, f"{words} {name}")
        return
    context = command.make_context(words, [], resilient_parsing=True)
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece]
    example = getattr(command, "example", "").strip().splitlines()
    yield Entry(
        words,
        " ".join(("billcli", words, *pieces)),
        paragraphs(command.help or ""),
        tuple((p.metavar, said(p)) for p in command.params if isinstance(p, TyperArgument)),
        tuple(rows_of(command)),
        tuple(line.strip() for line in example),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """A docstring's paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def rows_of(command: Any) -> Iterator[tuple[str, str]]:
    """The options of a command that its help shows."""
    for param in command.params:
        if isinstance(param, TyperOption) and not param.hidden:
            typed = ", ".join(sorted(param.opts, key=len))
            typed += "".join(f"/{word}" for word in param.secondary_opts)
            yield (typed if param.is_flag else f"{typed} {param.metavar}"), said(param)


def said(param: Any) -> str:
    """What the help says of a parameter, and whether it may be left out or given again."""
    text = " ".join((param.help or "").split())
    if isinstance(param, TyperArgument) and not param.required:
        text += " May be left out."
    if isinstance(param, TyperOption) and param.required:
        text += " Needed."
    if isinstance(param.default, str):
        text += f" Without it: {param.default}."
    return text


def reference() -> str:
    """The reference as Markdown."""
    lines = [
        "# Reference",
        "",
        (
            "Every command with its arguments and options, made from the commands themselves by"
            " `python docs/make_reference.py`. `--help` after a command says the same."
        ),
        "",
        "## Before the command",
        "",
        *(f"- `{typed}`: {meaning}" for typed, meaning in rows_of(root())),
        "",
        "`--yes`, `--no-input`, `--quiet` and `--debug` are also taken after a command.",
        "",
        "## Exit codes",
        "",
        *(f"- `{code}`: {meaning}" for code, meaning in EXITS),
    ]
    for title, found in sections():
        lines += ["", f"## {title}"]
        for entry in found:
            lines += ["", f"### billcli {entry.words}", ""]
            for paragraph in entry.help:
                lines += [plain(paragraph), ""]
            lines += [f"`{entry.usage}`", ""]
            lines += [f"- `{typed}`: {plain(m)}" for typed, m in (*entry.arguments, *entry.options)]
            lines += ["", "```sh", *entry.example, "```"]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Words without what Markdown would read as its own."""
    return re.sub(r"([*<\[\]])", r"\\\1", text)


def manual() -> str:
    """The man page."""
    about = paragraphs(root().help or "")
    lines = [
        f'.TH BILLCLI 1 "" "billcli {__version__}" "User Commands"',
        ".SH NAME",
        roff("billcli - law-practice billing over one file"),
        ".SH SYNOPSIS",
        ".B billcli",
        "[OPTIONS] COMMAND [ARGUMENTS]",
        ".SH DESCRIPTION",
        roff(about[0]),
        *(line for paragraph in about[1:] for line in (".PP", roff(paragraph))),
        ".SH OPTIONS",
        *tagged(rows_of(root())),
    ]
    for title, found in sections():
        lines.append(f".SH {title.upper()}")
        for entry in found:
            lines.append(f'.SS "{roff(entry.usage)}"')
            lines += [line for text in entry.help for line in (roff(text), ".PP")][:-1]
            lines += tagged((*entry.arguments, *entry.options))
            lines += [".PP", ".nf", *(roff(f"    {line}") for line in entry.example), ".fi"]
    lines += [".SH EXIT STATUS", *tagged(EXITS), ".SH ENVIRONMENT", *tagged(VARIABLES)]
    lines += [".SH FILES", ".TP", ".I billcli/ledger.db"]
    lines += ["The ledger, in the platform's folder for a user's data.", ".TP"]
    lines += [".I templates/", "Your own templates, beside the ledger."]
    return "\n".join(lines) + "\n"


def tagged(rows: Any) -> Iterator[str]:
    """Rows as a list with hanging tags."""
    for typed, meaning in rows:
        yield from (".TP", f".B {roff(typed)}", roff(meaning))


def roff(text: str) -> str:
    """A line of text that roff prints as it stands."""
    made = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")
    made = "".join(char if char.isascii() else f"\\[u{ord(char):04X}]" for char in made)
    return f"\\&{made}" if made.startswith((".", " ")) else made


def completion(shell: str) -> str:
    """What a shell reads to complete our words."""
    script = get_completion_script(
        prog_name="billcli", complete_var="_BILLCLI_COMPLETE", shell=shell
    )
    if shell == "zsh":
        # Loaded by its name, the file itself is the function that is called first.
        script = script.replace(
            "compdef _billcli_completion billcli",
            'if [ "$funcstack[1]" = _billcli ]; then\n  _billcli_completion "$@"\n'
            "else\n  compdef _billcli_completion billcli\nfi",
        )
    return script.strip() + "\n"


def made() -> dict[str, str]:
    """Each file that is written, with its text."""
    return {
        "docs/reference.md": reference(),
        "share/man/man1/billcli.1": manual(),
        **{path: completion(shell) for shell, path in COMPLETIONS.items()},
    }


def main() -> int:
    """Write the files; say which changed."""
    for name, text in made().items():
        path = ROOT / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{name} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
