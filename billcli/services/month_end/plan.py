"""What a run means to do for a matter."""

from __future__ import annotations

from typing import NamedTuple

from billcli.core.bill import Bill
from billcli.core.document import BillDocument
from billcli.core.edits import Edit
from billcli.core.matter import MatterFile
from billcli.services.bill.request import Request
from billcli.store import drafts


class Plan(NamedTuple):
    """The bill that a matter gets in this run; its paper where that was made ahead."""

    file: MatterFile
    bill: Bill
    paper: BillDocument | None = None
    left: str | None = None
    """Why it stays a draft in a run that approves (D-58)."""
    draft: drafts.Draft | None = None
    """The open draft that it takes the place of (--refresh)."""
    request: Request | None = None
    """What the bill is asked for where that isn't what the run asks of all."""
    edits: tuple[Edit, ...] = ()

    @property
    def ids(self) -> int:
        """How many D-n it takes: one for each payor."""
        return self._payors if self.draft is None else self._payors - 1

    @property
    def numbers(self) -> int:
        """How many numbers of bills it takes."""
        return 0 if self.left else self._payors

    @property
    def _payors(self) -> int:
        return max(1, len(self.paper.payors)) if self.paper and not self.left else 1
