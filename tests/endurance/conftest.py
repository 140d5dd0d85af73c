"""A furnished office to lay anywhere, and small disks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from offices import furnished_ledger


@pytest.fixture(scope="session")
def _furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished_ledger(tmp_path_factory.mktemp("furnished") / "ledger.db")


@pytest.fixture
def place(_furnished: Path) -> Callable[[Path], Path]:
    """Lays a furnished ledger into a folder; nobody has it open."""

    def lay(folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        return Path(shutil.copy(_furnished, folder / "ledger.db"))

    return lay


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """`small_disk("2m")` is a folder that holds so much."""
    mounted: list[Path] = []

    def mount(size: str, options: str = "rw") -> Path:
        if os.name != "posix" or os.geteuid() != 0:
            pytest.skip("only root can mount a small disk")
        folder = tmp_path / f"disk-{len(mounted)}"
        folder.mkdir()
        words = ["mount", "-t", "tmpfs", "-o", f"size={size},{options}", "tmpfs", str(folder)]
        if subprocess.run(words, capture_output=True, check=False).returncode:
            pytest.skip("no small disk can be mounted here")
        mounted.append(folder)
        return folder

    try:
        yield mount
    finally:
        for folder in mounted:
            subprocess.run(["umount", str(folder)], check=True)
