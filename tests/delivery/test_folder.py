"""The folder of a run is a person's own: what billcli didn't make there stays (B9)."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path

import pytest

from billcli.deliver import files


def test_B09_only_pages_that_were_left_half_written_are_swept(tmp_path: Path) -> None:
    ours = [".2026-0001.html.tmp", ".2026-0001.md.4711.tmp", ".2026-0002.pdf.tmp", ".m 1.txt.tmp"]
    others = [".mozilla.tmp", ".notes.md.swp", "2026-0001.html.tmp", ".x.html.old.tmp", ".tmp"]
    for name in (*ours, *others):
        (tmp_path / name).write_text("half of")
    with files.outbasket(tmp_path) as basket:
        basket.put("2026-0003.html", b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {*others, "2026-0003.html"}


def test_B09_a_folder_on_a_file_system_without_locks_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(handle: int, how: int) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(fcntl, "flock", none)
    with files.outbasket(tmp_path) as basket:
        basket.put("2026-0003.html", b"whole")
    assert (tmp_path / "2026-0003.html").read_bytes() == b"whole"
