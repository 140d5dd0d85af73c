"""Each matter of a batch on its own: what fails is named, and the others go on (B24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from billcli.errors import BillError, Refused
from billcli.services.bill.desk import Desk
from billcli.services.month_end.batch import FAULTS, Report
from billcli.store import refusals
from billcli.store.ledger import DBErrors

if TYPE_CHECKING:
    from billcli.store.ledger import Ledger

Result = TypeVar("Result")


def alone(
    ledger: Ledger, desk: Desk, report: Report, number: str, act: Callable[[], Result]
) -> Result | None:
    """Do it in a transaction of its own; None where it failed, which the report then says.

    A ledger that is busy or damaged ends the batch: it would fail the others too.
    """
    started, told = report.run, len(report.to_deliver)
    try:
        with ledger.write():
            return act()
    except BillError as error:
        if error.exit_code == 5:
            raise
        failed = error
    except FAULTS as fault:
        failed = blamed(number, fault)
    except DBErrors as error:
        said = refusals.refusal(error, ledger.path)
        failed = said or Refused("ledger.refused", str(error))
    report.run = started
    report.to_deliver.cut(told)
    desk.stationery.forget()
    report.went_wrong(number, failed)
    return None


def blamed(number: str, fault: Exception) -> BillError:
    """A fault that has no sentence of its own is named with its matter."""
    return BillError(
        "matter.fault",
        f"Something about matter {number} can't be billed: {type(fault).__name__}, {fault}.",
        hint=f"See where: billcli --debug bill preview {number}",
    )
