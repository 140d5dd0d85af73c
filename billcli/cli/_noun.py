"""Nouns and verbs: how a module of commands is written down, and how Typer gets to see it.

A command is built when it is called, so a noun with twenty verbs costs no more than one with two.
"""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, TypeVar

import typer
from typer._click import Command as AnyCommand
from typer._click import Context, HelpFormatter
from typer._click.exceptions import UsageError
from typer._click.shell_completion import CompletionItem
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command as typer_command

from billcli.cli._help import Helped, write_example, write_list
from billcli.errors import UsageProblem

# Words that other programs use for what ours calls otherwise.
OTHER_WORDS = {
    "new": "add",
    "create": "add",
    "rm": "remove",
    "delete": "remove",
    "ls": "list",
    "view": "show",
    "complete": "done",
    "invoice": "bill",
    "project": "matter",
    "case": "matter",
    "customer": "client",
    "milestone": "task",
    "lawyer": "timekeeper",
}

NEGATIVE = re.compile(r"^-(?=\d[\d,]*(\.\d*)?$)", re.ASCII)
PASSED = re.compile(r"^\N{MINUS SIGN}(?=\d[\d,]*(\.\d*)?$)", re.ASCII)

Function = TypeVar("Function", bound=Callable[..., Any])


class Verb(NamedTuple):
    """One command as its module wrote it down: the words, the function, the example.

    A named tuple, because a TAB shouldn't wait for `dataclasses`.
    """

    words: str
    function: Callable[..., Any]
    example: str
    hidden: bool = False

    @property
    def short_help(self) -> str:
        """The first sentence of the function's docstring, for lists of commands."""
        first = (inspect.getdoc(self.function) or "").partition("\n\n")[0]
        return " ".join(first.split()).removesuffix(".")

    def build(self) -> AnyCommand:
        """The command as Typer runs it; it is asked for twice on the way to it."""
        return _built(self)


@cache
def _built(verb: Verb) -> AnyCommand:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(verb.words.rpartition(" ")[2], cls=Command)(verb.function)
    command = typer_command(app)
    assert isinstance(command, Command)
    command.words, command.example = verb.words, verb.example
    return command


class Noun:
    """The commands of one noun, in the order in which help lists them."""

    def __init__(self, name: str, help: str = "") -> None:
        self.name, self.help = name, help
        self.verbs: dict[str, Verb | Noun] = {}

    def command(
        self, name: str, *, example: str, hidden: bool = False
    ) -> Callable[[Function], Function]:
        """Make the function below this line the command `noun name`; its docstring is the help."""

        def keep(function: Function) -> Function:
            words = f"{self.name} {name}".strip()
            if not (function.__doc__ and example.startswith("billcli ")):
                raise TypeError(f"{words}: a command has a docstring and a whole example.")
            self.verbs[name] = Verb(words, function, example, hidden)
            return function

        return keep

    def noun(self, name: str, help: str) -> Noun:
        """A noun inside this one, as in `trust firm deposit`."""
        inner = self.verbs[name] = Noun(f"{self.name} {name}".strip(), help)
        return inner

    @property
    def short_help(self) -> str:
        """What lists of commands say of the noun."""
        return self.help.removesuffix(".")

    @property
    def hidden(self) -> bool:
        """A noun is always listed."""
        return False

    def build(self) -> AnyCommand:
        """The noun as a group that Typer can run."""
        return VerbGroup(self)


class Command(Helped, TyperCommand):
    """A command whose help ends with an example, and that takes --yes and its kin where typed."""

    words = ""
    example = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for param in self.params:
            if param.metavar is None and param.name and not hasattr(param.type, "choices"):
                word = param.name if isinstance(param, TyperArgument) else param.opts[-1]
                param.metavar = word.lstrip("-").rstrip("_").replace("_", "-").upper()
        self.params.extend(flags_taken_anywhere())

    def invoke(self, ctx: Context) -> Any:
        """Note the command's words for the audit log, then run it."""
        from billcli.cli import _root

        _root.amend(command=self.words)
        return super().invoke(ctx)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words; what is wrong with them names this command.

        A negative amount is no option: its sign goes past the parser as another character.
        """
        words = [NEGATIVE.sub("\N{MINUS SIGN}", word) for word in args]
        with named(ctx):
            left = super().parse_args(ctx, words)
        for name, value in ctx.params.items():
            if isinstance(value, str):
                ctx.params[name] = PASSED.sub("-", value)
        return left

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Arguments as the help speaks of them: MATTER, [MATTER] where it may be left out."""
        pieces = [self.options_metavar] if self.options_metavar else []
        for param in self.params:
            if isinstance(param, TyperArgument) and not param.hidden:
                name = f"{param.metavar}{' …' if param.nargs != 1 else ''}"
                pieces.append(name if param.required else f"[{name}]")
        return pieces

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The example, as it would be typed."""
        write_example(formatter, self.example)


class HelpfulGroup(Helped, TyperGroup, ABC):
    """A group that prints its help when called alone and knows what a mistyped word meant."""

    def invoke(self, ctx: Context) -> Any:
        """Run the command named, or show what there is."""
        if ctx._protected_args:
            return super().invoke(ctx)
        typer.echo(ctx.get_help())
        return None

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words; what is wrong with them names this group."""
        with named(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, AnyCommand | None, list[str]]:
        """The command that the first word names, or the error that says which was meant."""
        found = self.get_command(ctx, args[0])
        if found is None and not ctx.resilient_parsing:
            from billcli.values.text import did_you_mean, shown

            known = self.list_commands(ctx)
            meant = OTHER_WORDS.get(args[0].casefold(), args[0])
            sentence = f"`{ctx.command_path}` has no command {shown(args[0])}."
            see = f"See `{ctx.command_path} --help`."
            raise UsageProblem("usage.command", sentence, did_you_mean(meant, known) or see)
        return (args[0] if found else None), found, args[1:]

    @abstractmethod
    def short_helps(self) -> dict[str, str]:
        """The listed words with their one line of help."""

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """The words that go on from here, without loading any of them."""
        words = [
            CompletionItem(name, help=text)
            for name, text in self.short_helps().items()
            if name.startswith(incomplete)
        ]
        return words + AnyCommand.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The list of commands, one line each."""
        with formatter.section("Commands"):
            write_list(formatter, self.short_helps().items())


class VerbGroup(HelpfulGroup):
    """The commands of one noun."""

    def __init__(self, noun: Noun) -> None:
        name = noun.name.rpartition(" ")[2]
        super().__init__(name=name, help=noun.help, rich_markup_mode=None)
        self.noun = noun
        self.params.extend(flags_taken_anywhere())

    def list_commands(self, ctx: Context) -> list[str]:
        """The names of the noun's commands."""
        return list(self.noun.verbs)

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:
        """Build the command of this name."""
        verb = self.noun.verbs.get(cmd_name)
        return verb.build() if verb else None

    def short_helps(self) -> dict[str, str]:
        """The noun's commands with their first sentence."""
        verbs = self.noun.verbs.items()
        return {name: verb.short_help for name, verb in verbs if not verb.hidden}

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """One example of the noun."""
        examples = [v.example for v in self.noun.verbs.values() if isinstance(v, Verb)]
        write_example(formatter, examples[0] if examples else "")


@contextmanager
def named(ctx: Context) -> Iterator[None]:
    """Give an error of the parser the command that it is about."""
    try:
        yield
    except UsageError as error:
        error.ctx = error.ctx or ctx
        raise


def flags_taken_anywhere() -> list[TyperOption]:
    """--yes, --no-input, --quiet and --debug after a command, where a hand types them."""
    from billcli.cli import _root

    def set_on(change: dict[str, bool]) -> Callable[..., None]:
        def callback(ctx: Context, param: object, value: bool | None) -> None:
            if value and not ctx.resilient_parsing:
                _root.amend(**change)

        return callback

    flags: list[tuple[list[str], dict[str, bool]]] = [
        (["--yes", "-y"], {"yes": True}),
        (["--no-input"], {"may_prompt": False}),
        (["--quiet"], {"quiet": True}),
        (["--debug"], {"debug": True}),
    ]
    return [
        TyperOption(
            param_decls=words,
            is_flag=True,
            expose_value=False,
            hidden=True,
            callback=set_on(change),
        )
        for words, change in flags
    ]
