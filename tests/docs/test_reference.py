"""What is made from the commands is as the commands are now."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def docs(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder whose scripts are imported."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return ROOT / "docs"


@pytest.fixture
def maker(docs: Path) -> ModuleType:
    import make_reference  # type: ignore[import-not-found]

    return make_reference


def test_reference_man_page_and_completions_are_made_from_the_commands(maker: ModuleType) -> None:
    made = maker.made()
    stale = [name for name, text in made.items() if (ROOT / name).read_text("utf-8") != text]
    assert stale == [], "made anew by: python docs/make_reference.py"


def test_the_reference_has_every_command_with_an_example(maker: ModuleType) -> None:
    from billcli.cli import _lazy

    entries = [entry for _, found in maker.sections() for entry in found]
    assert {entry.words.split()[0] for entry in entries} == set(_lazy.TABLE)
    assert len(entries) > 150
    for entry in entries:
        assert entry.help[0].endswith("."), entry.words
        assert all(meaning for _, meaning in (*entry.arguments, *entry.options)), entry.words
        assert "billcli " in entry.example[0], entry.words


def test_the_picture_of_a_session_is_what_a_terminal_shows(docs: Path, torture: bool) -> None:
    if not torture:
        pytest.skip("seven programs on terminals of their own: pytest --torture")
    import make_session  # type: ignore[import-not-found]

    assert "docs" in sys.path[0]
    assert make_session.picture() == make_session.PICTURE.read_text("utf-8")
