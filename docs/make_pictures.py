"""Takes docs/pictures/bill.png and dashboard.png: pages of the demo as a person sees them.

    python docs/make_pictures.py

Needs the extra `billcli[pdf]`, pdftoppm (poppler-utils) and Chromium.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"
BILLCLI = (sys.executable, "-m", "billcli")
BILL = "2026-0004"
LARGEST = 150_000
"""Bytes of a picture: a README is read on slow lines too."""


def main() -> None:
    """Play the demo, and take both pictures of what it made."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo"
        run(*BILLCLI, "demo", "--dir", str(demo))
        of_bill(demo)
        of_dashboard(demo)
    for name in ("bill.png", "dashboard.png"):
        size = (PICTURES / name).stat().st_size
        print(f"{name}: {size} bytes")
        if size > LARGEST:
            raise SystemExit(f"{name} is larger than {LARGEST} bytes.")


def of_bill(demo: Path) -> None:
    """The first page of a bill, as its PDF shows it."""
    pdf = demo / "bill.pdf"
    words = ("bill", "render", BILL, "--format", "pdf", "--out", str(pdf))
    run(*BILLCLI, "--ledger", str(demo / "ledger.db"), *words)
    target = str(PICTURES / "bill")
    run("pdftoppm", "-r", "84", "-png", "-gray", "-singlefile", str(pdf), target)


def of_dashboard(demo: Path) -> None:
    """The upper part of the dashboard, as Chromium shows it."""
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    size, target = "--window-size=1180,830", f"--screenshot={PICTURES / 'dashboard.png'}"
    run("chromium", *flags, size, target, (demo / "dashboard.html").as_uri())


def run(*words: str) -> None:
    """Call a program; what it says is told only where it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]}: {done.stderr or done.stdout}")


if __name__ == "__main__":
    main()
