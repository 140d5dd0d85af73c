"""A noun of its own for the tests of the frame, and a plain surrounding."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from billcli.cli import _lazy

SAMPLE = Path(__file__).with_name("sample_noun.py")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEDGER", "TODAY", "NO_INPUT", "ACTOR"):
        monkeypatch.delenv(f"BILLCLI_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """`billcli sample …` and its short form `s`."""
    spec = spec_from_file_location("billcli.cli.sample", SAMPLE)
    assert spec and spec.loader
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "billcli.cli.sample", module)
    monkeypatch.setitem(_lazy.TABLE, "sample", _lazy.Stub("sample", "A sample", "Work"))
    monkeypatch.setitem(_lazy.TABLE, "s", _lazy.Stub("sample", "A sample", "Work", "add"))
    spec.loader.exec_module(module)
