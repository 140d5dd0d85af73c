"""Templates compiled once for all: read again only where they are ours, whole, and the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from jinja2 import DictLoader
from jinja2.compiler import CodeGenerator

from billcli.render import compiled, sandbox


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "billcli" / "templates"


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled."""
    found: list[str] = []
    visit = CodeGenerator.visit_Template

    def visited(self: CodeGenerator, node: object, frame: object = None) -> None:
        found.append(str(self.name))
        visit(self, node, frame)  # type: ignore[arg-type]

    monkeypatch.setattr(CodeGenerator, "visit_Template", visited)
    return found


def printed(text: str = "<p>{{ who }}</p>", form: str = "html", name: str = "a") -> str:
    made = sandbox.environment(form, DictLoader({name: text}))
    return made.get_template(name).render(who="A & *B*")


def test_a_template_is_compiled_once_for_all(folder: Path, compilations: list[str]) -> None:
    assert printed() == printed() == "<p>A &amp; *B*</p>"
    assert compilations == ["a"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_another_text_name_form_or_compiler_is_compiled_anew(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed()
    assert printed("{{ who }}!") == "A &amp; *B*!"
    assert printed(name="b") == "<p>A &amp; *B*</p>"
    assert printed(form="md") == r"<p>A & \*B\*</p>"
    monkeypatch.setattr(sandbox, "_compiler", lambda: "another")
    printed()
    assert compilations == ["a", "a", "b", "a", "a"]


@pytest.mark.parametrize("harm", ["cut", "changed", "emptied"])
def test_what_is_not_whole_is_compiled_anew(
    folder: Path, compilations: list[str], harm: str
) -> None:
    printed()
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:-9], "changed": whole[:-1] + b"!", "emptied": b""}[harm])
    assert printed() == "<p>A &amp; *B*</p>"
    assert compilations == ["a", "a"]
    assert path.read_bytes() == whole


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_others_could_write_to_is_not_run(
    folder: Path, compilations: list[str], what: str
) -> None:
    printed()
    (path,) = folder.iterdir()
    (folder if what == "folder" else path).chmod(0o722)
    printed()
    assert compilations == ["a", "a"]


def test_what_belongs_to_others_is_not_run(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed()
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    printed()
    assert compilations == ["a", "a"]


def test_without_a_place_to_keep_them_templates_are_compiled_as_ever(
    tmp_path: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert printed() == printed() == "<p>A &amp; *B*</p>"
    assert compilations == ["a", "a"]


def test_those_compiled_longest_ago_make_room(
    folder: Path, compilations: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "MOST", 2)
    for n in range(4):
        printed(f"{n}")
        for path in folder.iterdir():
            os.utime(path, (path.stat().st_atime - 60, path.stat().st_mtime - 60))
    assert len(list(folder.iterdir())) == 2
    printed("3")
    assert len(compilations) == 4
