"""Programs that share no code with billcli, asked about its books."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HLEDGER = shutil.which("hledger")
BEAN_CHECK = Path(sys.executable).with_name("bean-check")
needs_hledger = pytest.mark.skipif(
    HLEDGER is None, reason="hledger isn't here; on Debian: apt-get install hledger"
)
CHECKS = ("check", "--strict", "ordereddates", "payees")
PLUGINS = ("leafonly", "noduplicates")


def asked(*words: object) -> tuple[int, str]:
    """The exit code of a judge, and what it said."""
    told = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    return told.returncode, told.stdout + told.stderr


def hledger(file: Path, *words: str) -> tuple[int, str]:
    """Hledger on a journal."""
    return asked(HLEDGER, "-f", file, *words)


def balances(file: Path, *words: str) -> dict[str, int]:
    """Every account's balance, as hledger sums it, in minor units."""
    code, told = hledger(file, "bal", "--flat", "--no-total", "-O", "csv", *words)
    assert code == 0, told
    rows = list(csv.DictReader(io.StringIO(told)))
    return {row["account"]: cents(row["balance"]) for row in rows}


def by_day(file: Path, account: str) -> dict[str, int]:
    """What an account comes to at the end of each day on which it moved, as hledger runs it on."""
    code, told = hledger(file, "reg", f"^{account}$", "-O", "csv")
    assert code == 0, told
    return {row["date"]: cents(row["total"]) for row in csv.DictReader(io.StringIO(told))}


def cents(amount: str) -> int:
    """An amount of hledger's, such as `-12.50 USD` or `0`, in minor units."""
    return int(amount.split()[0].replace(".", "")) if amount != "0" else 0


def bean_check(file: Path) -> tuple[int, str]:
    """Beancount on its own books, with its stricter plugins."""
    strict = file.with_suffix(".strict.beancount")
    lines = [f'plugin "beancount.plugins.{name}"' for name in PLUGINS]
    strict.write_text("\n".join([*lines, f'include "{file}"', ""]), "utf-8")
    return asked(BEAN_CHECK, strict)
