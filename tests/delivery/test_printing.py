"""Bills on paper: what `lp` is called with, and what is said when it can't print."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from billcli.cli import main
from billcli.errors import UsageProblem
from billcli.render import pdf

LP = r"""#!/bin/sh
# Notes its words, a line each, keeps the file, and does as the printer's name says.
for word in "$@"; do printf '%s\n' "$word"; done >>calls
echo >>calls
for file in "$@"; do :; done
cp "$file" printed.pdf
name=Office
[ "$1" != -d ] || name=$2
case $name in
    Broken) echo "lp: Error - The printer or class does not exist." >&2; exit 1 ;;
    Mute) exit 4 ;;
    *) echo "request id is $name-7 (1 file(s))" ;;
esac
"""
LPSTAT = "#!/bin/sh\nprintf 'Office\\nReception\\n'\n"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a printer's programs, and no other printer anywhere."""
    monkeypatch.chdir(tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in (("lp", LP), ("lpstat", LPSTAT)):
        (programs / name).write_text(text, "utf-8")
        (programs / name).chmod(0o755)
    shell, copy = shutil.which("sh"), shutil.which("cp")
    assert shell and copy
    (programs / "cp").symlink_to(copy)
    monkeypatch.setenv("PATH", str(programs))
    return tmp_path


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layout engine that is quick and has nothing to say."""
    monkeypatch.setattr(pdf, "ready", lambda: None)
    monkeypatch.setattr(pdf, "pdf", lambda page: b"%PDF of " + page[:200].encode())


@pytest.fixture
def call(path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """A command on the ledger of the firm."""

    def called(*words: str, code: int = 0) -> tuple[int, str, str]:
        capsys.readouterr()
        head = ["--ledger", str(path), "--today", "2026-11-30", "--actor", "tester", "--no-input"]
        ended = main([*head, *words])
        told = capsys.readouterr()
        assert ended == code, told.err
        return ended, told.out, told.err

    return called


def calls(folder: Path) -> list[list[str]]:
    """What `lp` was called with, a list of words each."""
    file = folder / "calls"
    return (
        [each.split("\n") for each in file.read_text().split("\n\n") if each]
        if file.exists()
        else []
    )


@pytest.mark.usefixtures("page")
def test_a_bill_goes_to_the_printer_with_its_title_and_its_copies(call: Call, folder: Path) -> None:
    _, out, _ = call("bill", "print", "2026-0003", "--printer", "Reception", "--copies", "3")
    assert out == "Bill 2026-0003: 3 copies to Reception (Reception-7).\n"
    ((*words, file),) = calls(folder)
    assert words == ["-d", "Reception", "-t", "Bill 2026-0003", "-n", "3", "--"]
    assert Path(file).name == "2026-0003.pdf"
    assert not Path(file).parent.exists()
    assert (folder / "printed.pdf").read_bytes().startswith(b"%PDF of <!DOCTYPE html>")


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(("wanted", "printed"), [("0", "1"), ("1", "1"), ("2", "2")])
def test_the_matter_says_how_many_copies_and_a_bill_asked_for_is_printed_once_at_least(
    wanted: str, printed: str, call: Call, folder: Path
) -> None:
    call("matter", "billing", "2026-003", "--copies", wanted)
    call("bill", "print", "2026-0003")
    ((*words, _),) = calls(folder)
    assert words == ["-t", "Bill 2026-0003", "-n", printed, "--"]


@pytest.mark.usefixtures("page")
def test_of_a_run_those_are_printed_whose_matters_want_paper(call: Call, folder: Path) -> None:
    for number, wanted in (("2026-001", "2"), ("2026-002", "0"), ("2026-003", "1")):
        call("matter", "billing", number, "--copies", wanted)
        call("t", number, "1", "Call", "--tk", "NB", "--date", "2026-11-30")
    _, out, _ = call("mass", "run", "--through", "2026-11", "--issue")
    assert out.endswith("2 bills are wanted on paper: billcli bill print --run 1\n")
    _, out, _ = call("mass", "status", "1", "--json")
    assert json.loads(out)["to_print"] == [
        {"matter": "2026-001", "number": "2026-0004", "copies": 2},
        {"matter": "2026-003", "number": "2026-0006", "copies": 1},
    ]
    _, out, _ = call("bill", "print", "--run", "1", "--json")
    told = json.loads(out)
    assert [(each["matter"], each["copies"]) for each in told["printed"]] == [
        ("2026-001", 2),
        ("2026-003", 1),
    ]
    assert [words[words.index("-n") + 1] for words in calls(folder)] == ["2", "1"]
    _, out, _ = call("bill", "print", "--run", "1", "--copies", "3")
    assert [words[words.index("-n") + 1] for words in calls(folder)[2:]] == ["3", "3"]
    call("bill", "print", "--run", "9", code=4)


def test_drafts_that_are_issued_later_are_named_for_paper_too(call: Call) -> None:
    for number, wanted in (("2026-001", "2"), ("2026-002", "0")):
        call("matter", "billing", number, "--copies", wanted)
        call("t", number, "1", "Call", "--tk", "NB", "--date", "2026-11-30")
    call("mass", "run", "--through", "2026-11", "--matter", "2026-001", "--matter", "2026-002")
    _, out, _ = call("mass", "approve", "1", "--issue", "--json")
    assert json.loads(out)["to_print"] == [
        {"matter": "2026-001", "number": "2026-0004", "copies": 2},
    ]


@pytest.mark.usefixtures("page")
def test_a_run_that_nobody_wants_on_paper_prints_nothing(call: Call, folder: Path) -> None:
    call("t", "2026-001", "1", "Call", "--tk", "NB", "--date", "2026-11-30")
    call("mass", "run", "--through", "2026-11", "--issue")
    _, out, _ = call("bill", "print", "--run", "1")
    assert out == "No bill of run 1 is wanted on paper; see `matter billing --copies`.\n"
    assert calls(folder) == []


@pytest.mark.usefixtures("page")
def test_printing_changes_nothing(call: Call, folder: Path, path: Path) -> None:
    before = path.read_bytes(), call("log")
    call("bill", "print", "2026-0003", "--copies", "2")
    assert (path.read_bytes(), call("log")) == before


@pytest.mark.usefixtures("page")
def test_what_the_printer_refuses_is_said_with_the_printers_that_there_are(call: Call) -> None:
    _, out, err = call("bill", "print", "2026-0003", "--printer", "Broken", code=3)
    assert out == ""
    assert err == (
        "error: Bill 2026-0003 wasn't printed: "
        'lp says "The printer or class does not exist.".\n'
        'hint: The printers here are "Office", "Reception".\n'
    )
    _, _, err = call("bill", "print", "2026-0003", "--printer", "Mute", "--json", code=3)
    refused = json.loads(err)["error"]
    assert refused["code"] == "print.refused"
    assert refused["message"] == "Bill 2026-0003 wasn't printed: lp ended with 4."


@pytest.mark.usefixtures("page")
def test_one_bill_that_fails_leaves_the_others_printed(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pdf.pdf

    def fails(page: str) -> bytes:
        if "2026-0002" in page:
            from billcli.errors import Refused

            raise Refused("pdf.failed", "The page can't be laid out.")
        return whole(page)

    monkeypatch.setattr(pdf, "pdf", fails)
    _, out, err = call("bill", "print", "2026-0001", "2026-0002", "2026-0003", "--json", code=6)
    told = json.loads(out)
    assert [each["bill"] for each in told["printed"]] == ["2026-0001", "2026-0003"]
    assert [(each["bill"], each["code"]) for each in told["failed"]] == [
        ("2026-0002", "pdf.failed")
    ]
    assert json.loads(err)["error"]["code"] == "print.failed"


@pytest.mark.usefixtures("page")
def test_words_are_never_read_by_a_shell_nor_as_options(call: Call, folder: Path) -> None:
    wild = "-o raw; touch gone $(touch gone) `touch gone`"
    call("bill", "print", "2026-0003", f"--printer={wild}")
    ((*words, _),) = calls(folder)
    assert words[:2] == ["-d", wild]
    assert not (folder / "gone").exists()


@pytest.mark.usefixtures("page")
def test_without_lp_it_is_said_before_anything_else(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder / "nothing"))
    _, _, err = call("bill", "print", "2026-0003", code=3)
    assert err.startswith("error: There is no program lp here to print with.\nhint: On Debian")


def test_a_printer_gets_a_real_pdf(call: Call, folder: Path) -> None:
    try:
        pdf.ready()
    except UsageProblem as problem:
        pytest.skip(f"{problem.sentence} {problem.hint}")
    call("bill", "print", "2026-0003")
    assert (folder / "printed.pdf").read_bytes().startswith(b"%PDF-1.")
