"""`mass review`: every draft of a run, looked at one after the other."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from billcli.cli import _mass as m
from billcli.cli import _options as o
from billcli.cli._ledger import opened
from billcli.cli._prompt import choose, confirm
from billcli.cli._root import run as current
from billcli.cli._show import print_text, say, show_list, talk, warn
from billcli.errors import BillError, UsageProblem

if TYPE_CHECKING:
    from billcli.cli._ledger import Ledger
    from billcli.services.month_end.prebills import Prebill, Reviewer

OPTION = "--json or --out DIR"
WIDEST = 120
DONE = {
    "approved": "approved",
    "edited": "edited",
    "refreshed": "made anew",
    "held": "held",
    "released": "released",
    "skipped": "skipped",
}


def review(
    run: m.MaybeRun = None,
    out: Annotated[
        str | None,
        Option("--out", metavar="DIR", help="Write a text file for each draft, and ask nothing."),
    ] = None,
    json: o.Json = False,
) -> None:
    """Look through the drafts of a run: approve, edit, hold or skip each; without RUN, all drafts.

    Editing opens the draft as text in $VISUAL or $EDITOR. Without a terminal, give --json or --out.
    """
    from billcli.services.month_end import mass_reports, prebills, reviewing

    if not (out or json or current().may_prompt):
        raise UsageProblem(
            "input.needed",
            "A review asks what to do with each draft, and nobody can be asked.",
            hint=f"Give {OPTION}.",
        )
    with opened() as ledger:
        run_id = mass_reports.one(ledger, run)["run"] if run is not None else None
        references = prebills.references(ledger, run_id)
        failed: list[dict[str, str]] = []
        if out is not None:
            written = reviewing.write_texts(ledger, references, Path(out), failed)
            if not json:
                say(f"{m.counted(len(written), 'pre-bill')} written to {out}.")
        if json:
            views = [seen.view for seen in prebills.prebills_of(ledger, references, failed)]
            show_list(views, (), json=True, empty="", decimals=ledger.decimals)
        elif out is None and not references:
            talk("There are no drafts to review.")
        elif out is None:
            _look_through(ledger, references)
        for each in failed:
            warn(f"{each['matter']}: {each['error']}")
        m.refuse_failed(failed)


def _look_through(ledger: Ledger, references: list[str]) -> None:
    """One draft after the other; what was done stays done, however it ends."""
    from billcli.services.month_end.prebills import Reviewer

    done: Counter[str] = Counter()
    try:
        for n, reference in enumerate(references, 1):
            if not _one(Reviewer(ledger), reference, f"{n} of {len(references)}", done):
                break
    finally:
        told = [f"{done[key]} {words}" for key, words in DONE.items() if done[key]]
        talk(f"{', '.join(told).capitalize() or 'Nothing was changed'}.")


def _one(reviewer: Reviewer, reference: str, place: str, done: Counter[str]) -> bool:
    """One draft, until it is settled; False to leave the review."""
    from billcli.services.month_end import reviewing
    from billcli.values.money import grouped

    ledger, shown = reviewer.ledger, False
    while True:
        try:
            seen = reviewer.prebill(reference)
        except BillError as gone:  # somebody else approved or deleted it in the meantime
            _tell(gone)
            return True
        ledger.session.rollback()
        if not shown:
            _show(seen, ledger)
            shown = True
        total = f"{grouped(seen.view['total_cents'], ledger.decimals)} {seen.view['currency']}"
        answer = choose(f"{reference} ({place}), {total}:", _offered(seen), option=OPTION)
        if answer == "quit":
            return False
        if answer == "skip":
            done["skipped"] += 1
            return True
        if answer == "lines":
            _show(seen, ledger, whole=True)
            continue
        try:
            if answer == "approve":
                made = reviewing.approve(ledger, seen)
                say(f"Bill {made['number']} is approved.")
                done["approved"] += 1
                return True
            if answer in ("hold", "unhold"):
                reviewing.hold(ledger, seen)
                held = "off its hold" if seen.file.held else "on hold"
                say(f"Matter {seen.file.number} is {held}.")
                done["released" if seen.file.held else "held"] += 1
                if answer == "hold":
                    return True
            elif answer == "refresh":
                reviewing.refresh(ledger, seen)
                done["refreshed"] += 1
            elif _edit(ledger, seen):
                done["edited"] += 1
            else:
                continue
        except BillError as refused:
            _tell(refused)
            continue
        reviewer, shown = type(reviewer)(ledger), False


def _offered(seen: Prebill) -> list[str]:
    words = ["approve", "edit", "lines", "unhold" if seen.file.held else "hold", "skip", "quit"]
    if seen.view["stale"]:
        words[0] = "refresh"
    return words


def _edit(ledger: Ledger, seen: Prebill) -> bool:
    """The draft in the editor, again as long as something is wrong with the text."""
    from billcli.cli._editor import edited
    from billcli.services.month_end import reviewing

    before = text = reviewing.text_of(ledger, seen)
    while True:
        ledger.session.rollback()
        text = edited(text, name=seen.ref)
        try:
            faults = reviewing.take_over(ledger, seen, text)
        except BillError as refused:
            _tell(refused)
            if refused.code == "draft.changed":
                return True
            faults = ("",)
        for words in filter(None, faults):
            warn(f"{words}.")
        if not faults:
            changed = text.strip() not in ("", before.strip())
            if not changed:
                talk("Nothing was changed.")
            return changed
        if not confirm("Nothing was taken over. Edit the text again?", option="the text"):
            return False


def _show(seen: Prebill, ledger: Ledger, *, whole: bool = False) -> None:
    """The pre-bill; with its lines where they fit on the screen, or are asked for."""
    from billcli.render.prebill import prebill_text

    size = shutil.get_terminal_size()
    wide = min(size.columns, WIDEST)
    text = prebill_text(seen.view, ledger.decimals, width=wide)
    if not whole and text.count("\n") > size.lines - 3:
        text = prebill_text(seen.view, ledger.decimals, width=wide, lines=False)
    print_text("\n" + text)


def _tell(problem: BillError) -> None:
    """An error that doesn't end the review."""
    warn(problem.sentence)
    if problem.hint:
        talk(problem.hint)
