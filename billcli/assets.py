"""Finds the files that are no code: the SQL schema, the templates, the sample firm."""

from __future__ import annotations

from pathlib import Path


def schema_folder() -> Path:
    """The folder of the SQL files and of the firm file's JSON Schema."""
    return _asset("schema")


def templates_folder() -> Path:
    """The folder of the templates that come with the program."""
    return _asset("templates")


def shipped_workflows() -> dict[str, Path]:
    """The workflows that come with the program, by name."""
    folder = _asset("templates") / "workflows"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def utbms_codes() -> Path:
    """The list of codes of tasks, activities and expenses."""
    return _asset("templates") / "utbms.tsv"


def sample_firm() -> Path:
    """The firm file that the demo loads."""
    return _asset("sample-firm.toml")


def _asset(name: str) -> Path:
    package = Path(__file__).resolve().parent
    checkout = package.parent
    # An editable install may also hold copies, made once and stale: the checkout's own files win.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).exists():
        return checkout / name
    return package / "_assets" / name
