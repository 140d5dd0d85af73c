"""Reads a firm file: TOML, held against the schema, checked, and built into values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from billcli.errors import UsageProblem
from billcli.formats.firm import model
from billcli.formats.firm.checks import check
from billcli.formats.firm.place import Fault, Place
from billcli.formats.firm.schema import firm_schema
from billcli.formats.firm.walk import Walk
from billcli.values.money import decimals_of
from billcli.values.text import visible

LARGEST_BYTES = 10_000_000
GROUPS = ("firm", "billing", "trust", "email")
"""The tables of settings; all others hold people, workflows and matters."""
PARTS: Mapping[type, Mapping[str, tuple[str, type]]] = {
    model.FirmFile: {
        "tax": ("taxes", model.Tax),
        "expense_category": ("expense_categories", model.ExpenseCategory),
        "timekeeper": ("timekeepers", model.Timekeeper),
        "workflow": ("workflows", model.Workflow),
        "client": ("clients", model.Client),
        "matter": ("matters", model.Matter),
    },
    model.Tax: {"rates": ("rates", model.TaxRate)},
    model.Workflow: {"task": ("tasks", model.WorkflowTask)},
    model.WorkflowTask: {"trigger": ("trigger", model.Trigger)},
    model.Task: {"trigger": ("trigger", model.Trigger)},
    model.Matter: {
        "task": ("tasks", model.Task),
        "schedule": ("schedule", model.ScheduleRow),
        "time": ("time", model.TimeEntry),
        "expense": ("expenses", model.Expense),
        "trust_deposit": ("trust_deposits", model.TrustDeposit),
    },
}
"""Key of the file → field and class, where a field holds tables."""
_SAID = 5
_Built = TypeVar("_Built")


def read_file(path: Path, *, currency: str | None = None) -> model.FirmFile:
    """The firm file at that path. UsageProblem as read, and `firm-file.unreadable`."""
    source = visible(path.name or str(path))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise _unreadable(f"There is no file {source}.", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise _unreadable(f"{source} is a folder.", "Name the file in it.") from None
    except (OSError, ValueError) as problem:
        why = getattr(problem, "strerror", None) or "its name can't be one"
        raise _unreadable(f"{source} can't be read: {why}.", "Check the file.") from None
    if len(content) > LARGEST_BYTES:
        raise _unreadable(f"{source} is larger than 10 MB.", "Name a firm file.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _unreadable(
            f"{source} isn't UTF-8 text (byte {problem.start + 1}).",
            "Save it as UTF-8.",
        ) from None
    return read(text, source, currency=currency)


def read(text: str, source: str, *, currency: str | None = None) -> model.FirmFile:
    """The firm file in that text; `currency` is the ledger's, for a file that names none.

    UsageProblem `firm-file.syntax`, `.unknown-key`, `.missing-key`, `.value`, `.twice`: the first
    fault with the key's full path; the hint tells of the others.
    """
    document = _toml(text, source)
    named = document.get("firm")
    stated = named.get("currency") if isinstance(named, dict) else None
    used = _currency(stated, currency or "USD")
    walk = Walk(decimals_of(used))
    tree = walk.value(document, firm_schema(), Place())
    # What is wrong between values can only be told once each of them is right.
    faults = walk.faults or list(check(tree))
    if faults:
        raise _problem(faults, source)
    return _firm_file(tree, used)


def _toml(text: str, source: str) -> dict[str, Any]:
    import tomllib
    from decimal import Decimal

    try:
        text.encode("utf-8")
        return tomllib.loads(text, parse_float=Decimal)
    except UnicodeEncodeError:
        raise _unreadable(f"{source} isn't UTF-8 text.", "Save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as problem:
        raise UsageProblem(
            "firm-file.syntax",
            f"{source} isn't TOML: {visible(str(problem))}.",
            hint=_QUOTES,
        ) from None
    except (ValueError, ArithmeticError):
        raise UsageProblem(
            "firm-file.syntax",
            f"{source} holds a number or a date that is none.",
            hint=_QUOTES,
        ) from None
    except RecursionError:
        raise UsageProblem(
            "firm-file.syntax",
            f"{source} is nested too deeply.",
            hint="Name a firm file.",
        ) from None


_QUOTES = "Text stands in double quotes, lists in [ ], and each table begins with its [name]."


def _currency(stated: object, fallback: str) -> str:
    """The currency whose decimals hold; the walk says what is wrong with one that isn't any."""
    try:
        decimals_of(stated.strip() if isinstance(stated, str) else "")
    except UsageProblem:
        return fallback
    return str(stated).strip()


def _problem(faults: Sequence[Fault], source: str) -> UsageProblem:
    first, others = faults[0], faults[1:]
    hint = first.hint
    if others:
        told = " ".join(fault.sentence for fault in others[:_SAID])
        rest = f" And {len(others) - _SAID} more." if len(others) > _SAID else ""
        also = f"Also wrong ({len(others)}): {told}{rest}"
        hint = f"{hint} {also}" if hint else also
    return UsageProblem(first.code, f"{source}: {first.sentence}", hint=hint)


def _unreadable(sentence: str, hint: str) -> UsageProblem:
    return UsageProblem("firm-file.unreadable", sentence, hint=hint)


def _firm_file(tree: Mapping[str, Any], currency: str) -> model.FirmFile:
    settings: dict[str, object] = {}
    for group in GROUPS:
        _flatten(tree.get(group, {}), group, settings)
    rest = {key: value for key, value in tree.items() if key not in GROUPS}
    return _build(model.FirmFile, {**rest, "currency": currency, "settings": settings})


def _flatten(table: Mapping[str, Any], prefix: str, into: dict[str, object]) -> None:
    for key, value in table.items():
        if isinstance(value, dict) and key != "discount":
            _flatten(value, f"{prefix}.{key}", into)
        else:
            into[f"{prefix}.{key}"] = value


def _build(made: type[_Built], table: Mapping[str, Any]) -> _Built:
    parts = PARTS.get(made, {})
    known = {field.name for field in fields(made)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in table.items():
        name, part = parts.get(key, (f"{key}_" if f"{key}_" in known else key, None))
        if part is not None:
            value = (
                tuple(_build(part, each) for each in value)
                if isinstance(value, list)
                else _build(part, value)
            )
        elif key == "arrangement":
            terms = {term: each for term, each in value.items() if term != "kind"}
            value = model.Arrangement(value["kind"], _with_text_days(terms))
        elif isinstance(value, list):
            value = tuple(value)
        elif key == "billing":
            value = _one_name_for_terms(value)
        values[name] = value
    return made(**values)


def _with_text_days(options: Mapping[str, Any]) -> dict[str, object]:
    """Terms are kept as JSON in the ledger, so days are text there."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in options.items()
    }


def _one_name_for_terms(options: Mapping[str, Any]) -> dict[str, object]:
    return {"terms" if name == "terms_days" else name: value for name, value in options.items()}
