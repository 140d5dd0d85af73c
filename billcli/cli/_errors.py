"""Failures on their way out: the sentence on stderr, the exit code, and nothing else."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING

from billcli.errors import BillError, LedgerProblem, UsageProblem

if TYPE_CHECKING:
    from typer._click.exceptions import NoSuchOption, UsageError

INTERRUPTED = 130
REFERENCES = ("BILL", "DRAFT", "MATTER", "CLIENT", "TK", "TASK", "AMOUNT")


def guarded(answer: Callable[[list[str]], int], argv: list[str]) -> int:
    """Run the command line and turn whatever fails into its sentence and exit code."""
    _make_printable()
    words = argv[: argv.index("--")] if "--" in argv else argv
    as_json, debug = "--json" in words, "--debug" in words
    try:
        code = answer(argv)
        if sys.stdout is not None:
            sys.stdout.flush()  # a closed pipe shows here, not while Python shuts down
        return code
    except BillError as problem:
        return _report(problem.exit_code, problem, as_json=as_json)
    except (KeyboardInterrupt, EOFError):
        stopped = BillError("interrupted", "interrupted; nothing half done")
        return _report(INTERRUPTED, stopped, as_json=as_json)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except Exception as failure:  # noqa: BLE001  the one place where everything ends
        return _other(failure, as_json=as_json, debug=debug)


def _other(failure: Exception, *, as_json: bool, debug: bool) -> int:
    if isinstance(failure, OSError) and failure.errno == errno.EPIPE:
        return _reader_left()
    from typer import Abort, Exit
    from typer._click.exceptions import UsageError

    if isinstance(failure, Exit):
        return failure.exit_code
    if isinstance(failure, Abort):
        stopped = BillError("interrupted", "interrupted; nothing half done")
        return _report(INTERRUPTED, stopped, as_json=as_json)
    if isinstance(failure, UsageError):
        return _report(2, usage_problem(failure), as_json=as_json)
    if isinstance(failure, UnicodeEncodeError) and "surrogates" in failure.reason:
        from billcli.values.text import shown

        bytes_ = UsageProblem(
            "text.undecodable",
            f"{shown(failure.object)} holds bytes that are not UTF-8 text.",
            hint="Type it again in UTF-8.",
        )
        return _report(2, bytes_, as_json=as_json)
    if isinstance(failure, ValueError) and str(failure).startswith("embedded null"):
        nul = UsageProblem("text.nul", "The name of a file holds a NUL character.")
        return _report(2, nul, as_json=as_json)
    if isinstance(failure, OSError) and failure.filename is not None:
        reason = failure.strerror or type(failure).__name__
        unreadable = UsageProblem("file.unusable", f"{_name(failure.filename)}: {reason}.")
        return _report(2, unreadable, as_json=as_json)
    if isinstance(failure, OSError) and failure.errno in (
        errno.ENOSPC,
        getattr(errno, "EDQUOT", -1),
    ):
        full = LedgerProblem("disk.full", f"Nothing more can be written: {failure.strerror}.")
        return _report(full.exit_code, full, as_json=as_json)
    if debug:
        import traceback

        traceback.print_exception(failure)
    said = f"{type(failure).__name__}: {failure}".rstrip(": ")
    again = "Report it with the lines above." if debug else "Run again with --debug and report it."
    hint = f"This is a fault of the program. {again}"
    return _report(1, BillError("internal", f"internal error: {said}", hint), as_json=as_json)


def usage_problem(error: UsageError) -> UsageProblem:
    """What Typer found wrong with the words, said our way, with what was probably meant."""
    from typer._click import exceptions as click

    from billcli.values.text import shown

    path = error.ctx.command_path if error.ctx is not None else "billcli"
    see = f"See `{path} --help`."
    if isinstance(error, click.NoSuchOption):
        return _unknown_option(error, path, see)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        name = error.param.metavar or error.param.opts[0]
        if error.param.param_type_name == "option":
            name = error.param.opts[0]
        usage = error.ctx.get_usage() if error.ctx is not None else see
        return UsageProblem("usage.missing", f"{name} is missing.", " ".join(usage.split()))
    if isinstance(error, click.BadOptionUsage):
        if "requires" in error.message:
            return UsageProblem("usage.option", f"{error.option_name} needs a value.", see)
        return UsageProblem("usage.option", f"{error.option_name} takes no value.", see)
    if "unexpected extra argument" in error.message:
        extra = error.message.partition("(s) (")[2].removesuffix(")")
        hint = f"{_one_at_a_time(error) or 'Put several words in quotes.'} {see}"
        return UsageProblem("usage.extra", f"`{path}` doesn't expect {shown(extra)}.", hint)
    return UsageProblem("usage.value", error.format_message(), see)


def _one_at_a_time(error: UsageError) -> str | None:
    """What is meant where the last word of a command is no text but a reference, as BILL is."""
    given = [] if error.ctx is None else error.ctx.command.params
    last = next((p for p in reversed(given) if p.param_type_name == "argument"), None)
    name = getattr(last, "metavar", None) or ""
    return f"It takes one {name} at a time." if name in REFERENCES else None


def _unknown_option(error: NoSuchOption, path: str, see: str) -> UsageProblem:
    from billcli.cli._root import GLOBAL_OPTIONS
    from billcli.values.text import nearest

    name = error.option_name
    sentence = f"`{path}` has no option {name}."
    if name in GLOBAL_OPTIONS and path != "billcli":
        words = path.partition(" ")[2]
        return UsageProblem("usage.option", sentence, f"It goes first: `billcli {name} … {words}`.")
    if name in ("--json", "--csv") and path == "billcli":
        return UsageProblem("usage.option", sentence, f"It goes after the command: `… {name}`.")
    if name[1:2].isdigit():
        return UsageProblem("usage.option", sentence, "Put `--` before a value that begins with -.")
    params = error.ctx.command.params if error.ctx is not None else []
    known = [word for param in params for word in (*param.opts, *param.secondary_opts)]
    # What all of them begin with makes none of them likely.
    bare = {word.lstrip("-"): word for word in (*known, "--help")}
    near = nearest(name.lstrip("-"), bare)
    meant = f'Did you mean "{bare[near]}"?' if near is not None else see
    return UsageProblem("usage.option", sentence, meant)


def _report(exit_code: int, problem: BillError, *, as_json: bool) -> int:
    from billcli.values.text import visible

    sentence = _short(visible(problem.sentence))
    hint = _short(visible(problem.hint)) if problem.hint else None
    if as_json:
        import json

        told = {"code": problem.code, "message": sentence, "hint": hint}
        lines = [json.dumps({"error": told}, ensure_ascii=False)]
    else:
        opening = "" if problem.code == "internal" else "error: "
        lines = [opening + sentence, *([f"hint: {hint}"] if hint else [])]
    for stream, text in ((sys.stdout, ""), (sys.stderr, "\n".join(lines) + "\n")):
        try:
            if stream is not None:
                stream.write(text)
                stream.flush()
        except OSError:
            _leave_quietly(stream)
    return exit_code


def _short(sentence: str) -> str:
    """The sentence without the bulk of what was typed by the metre."""
    if len(sentence) <= 400:
        return sentence
    cut = re.sub(r"\S{300,}", lambda found: f"{found[0][:80]}…{found[0][-20:]}", sentence)
    return cut if len(cut) <= 1_000 else f"{cut[:700]} … {cut[-200:]}"


def _reader_left() -> int:
    """Nobody reads on (`| head -1`, B31): that is no failure."""
    _leave_quietly(sys.stdout)
    return 0


def _leave_quietly(stream: IO[str]) -> None:
    """Send what is left to nowhere, so that Python's own last flush has nothing to say."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (AttributeError, OSError, ValueError):
        pass  # closed, or not a file of the system


# What our own words and marks hold beyond ASCII, for a terminal that doesn't speak UTF-8.
PLAIN = dict(
    zip(
        "…→–—−─│§█▓▒░·✔×⁴“”’‘\N{NO-BREAK SPACE}",
        ("...", "->", *"----|", "section ", *"#*+-.xx4\"\"'' "),
        strict=True,
    )
)


def _make_printable() -> None:
    """A terminal without UTF-8 gets ASCII for our own signs, and escapes for the rest."""
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "")
        ascii_terminal = stream is not None and stream.isatty() and _c_locale(os.environ)
        if (encoding != "utf8" or ascii_terminal) and hasattr(stream, "reconfigure"):
            import codecs

            codecs.register_error("billcli.plain", _plainly)
            ascii_ = {"encoding": "ascii"} if ascii_terminal else {}
            stream.reconfigure(errors="billcli.plain", **ascii_)


def _c_locale(environ: Mapping[str, str]) -> bool:
    """Whether the user's terminal was said to speak ASCII alone: Python itself takes no notice."""
    if environ.get("PYTHONIOENCODING") or environ.get("PYTHONUTF8") == "1":
        return False
    said = environ.get("LC_ALL") or environ.get("LC_CTYPE", "").replace("C.UTF-8", "")
    return (said or environ.get("LANG", "")) in ("C", "POSIX")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    text = error.object[error.start : error.end]
    told = (PLAIN.get(char) or char.encode("ascii", "backslashreplace").decode() for char in text)
    return "".join(told), error.end


def _name(filename: object) -> str:
    return os.fsdecode(filename) if isinstance(filename, (str, bytes)) else str(filename)
