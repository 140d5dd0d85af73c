"""PDFs of a month end, beside WeasyPrint alone on the same pages, in one process.

    python benchmarks/pdfs.py LEDGER FOLDER TURNS

issues the bills of the ledger, then has their PDFs written as `mass run --format pdf` writes those
that are missing. Prints one line of JSON: bills, and the seconds of both sides, turn by turn.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import ledgers
from weasyprint import HTML

from billcli.services.month_end import mass
from billcli.store.ledger import open_ledger


def main() -> None:
    """Measure both sides in turns, and see that they made the same."""
    path, folder, turns = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    day = date.fromisoformat(ledgers.THROUGH)
    ledger = open_ledger(path, today=ledgers.THROUGH, actor="benchmark", command="mass run")
    batch = mass.Batch(day, day, issued=True, out=folder, forms=("html",), key="a month")
    mass.run(ledger, batch)
    pages = {file.stem: file.read_text("utf-8") for file in sorted(folder.glob("*.html"))}
    made: dict[str, dict[str, bytes]] = {}

    def alone() -> None:
        made["alone"] = {
            name: HTML(string=page).write_pdf(pdf_tags=True) for name, page in pages.items()
        }

    def ours() -> None:
        for file in folder.glob("*.pdf"):
            file.unlink()
        mass.run(ledger, replace(batch, forms=("pdf",)))
        made["ours"] = {file.stem: file.read_bytes() for file in folder.glob("*.pdf")}

    sides: dict[str, Callable[[], None]] = {"alone": alone, "ours": ours}
    HTML(string=next(iter(pages.values()))).write_pdf()  # what is only done once isn't measured
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(turns):
        for name, side in sides.items():
            started = time.perf_counter()
            side()
            taken[name].append(time.perf_counter() - started)
    ledger.close()
    if made["alone"] != made["ours"]:
        raise SystemExit("The two sides made different PDFs.")
    print(json.dumps({"bills": len(pages), **taken}))


if __name__ == "__main__":
    main()
