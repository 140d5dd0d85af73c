"""A process beside this one that prints bills, while this one computes and writes the next.

It gets documents and the texts of their templates, and gives back pages, rows and files without
their names. What it doesn't make is made here as ever. A process and no thread, because this is
work for a core; forked, so that it knows all modules and templates that this one knows; pipes
that never block, because a thread that waits on them would take Python's lock from the work.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from billcli.core.allocation import Share
from billcli.core.bill import Bill, Part
from billcli.core.document import BillDocument, Letterhead, Milestone, Party
from billcli.core.lines import Line
from billcli.core.tax import TaxSum
from billcli.core.work import Step
from billcli.services.bill import pressroom
from billcli.services.bill.pressroom import HEAD, Order, Printed

if TYPE_CHECKING:
    from billcli.deliver.files import Outbasket

PATIENCE_MS = 20_000
"""So long a bill is waited for that was asked for; the process has stopped, if it takes longer."""
_PIPE = 1 << 20
_F_SETPIPE_SZ = 1031


class Beside:
    """Bills that are asked for ahead and taken later."""

    def __init__(self, child: tuple[int, int, int], basket: Outbasket | None = None) -> None:
        self._child: tuple[int, int, int] | None = child
        self._basket = basket
        self._asked: dict[str, tuple[BillDocument, str]] = {}
        self._made: dict[str, Printed | None] = {}
        self._going, self._coming = bytearray(), bytearray()
        self._here = 0
        self._late = False

    def ask(self, orders: Sequence[Order], forms: Sequence[str]) -> None:
        """Have the bills of a group made, in one message.

        Where the last group was waited for, the first of this one, which are needed soonest, are
        left to be made here.
        """
        self._here = min(self._here + 1, len(orders) // 2) if self._late else max(self._here - 1, 0)
        self._late = False
        asked = orders[self._here :]
        if self._child is None or not asked:
            return
        self._asked |= {order.paper.id: (order.paper, order.texts) for order in asked}
        folder = None if self._basket is None else str(self._basket.folder)
        said = _pickled((folder, tuple(forms), asked))
        self._going += HEAD.pack(len(said)) + said
        self._move(0)

    def take(self, paper: BillDocument, texts: str) -> Printed | None:
        """What was made of a bill, if it is what was asked for; else it is to be made here."""
        asked = self._asked.get(paper.id)
        if asked is None:
            return None
        self._wait_for(paper.id)
        self._asked.pop(paper.id, None)
        made = self._made.pop(paper.id, None)
        return (
            made
            if made and (asked[0] is paper or asked[0] == paper) and asked[1] == texts
            else None
        )

    def close(self) -> None:
        """End the process; what it still works on is waited for, so that no file is left over."""
        for number in list(self._asked):
            self._wait_for(number)
        self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        self._asked.clear()
        if child is not None:
            pid, *pipes = child
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            for pipe in pipes:
                with suppress(OSError):
                    os.close(pipe)
            with suppress(OSError):
                os.waitpid(pid, 0)

    def _wait_for(self, number: str) -> None:
        self._move(0)
        while number not in self._made and self._child is not None:
            self._late = True
            self._move(PATIENCE_MS)

    def _move(self, milliseconds: int) -> None:
        """Send and receive what the pipes take; a process that is gone or stopped is let go."""
        if self._child is None:
            return
        _, to, from_ = self._child
        try:
            wanted = [to] if self._going else []
            readable, writable, _ = select.select([from_], wanted, [], milliseconds / 1000)
            if writable:
                del self._going[: os.write(to, self._going)]
            if readable:
                self._receive(os.read(from_, _PIPE))
            elif milliseconds and not writable:
                self._end()
        except (OSError, ValueError, EOFError, pickle.UnpicklingError):
            self._end()

    def _receive(self, got: bytes) -> None:
        if not got:
            raise EOFError
        coming = self._coming
        coming += got
        while len(coming) >= HEAD.size:
            end = HEAD.size + HEAD.unpack_from(coming)[0]
            if len(coming) < end:
                break
            answers: list[pressroom.Answer] = pickle.loads(coming[HEAD.size : end])
            del coming[:end]
            for number, made in answers:
                if made is not None and self._basket is not None:
                    self._basket.expect(made.parts.values())
                self._made[number] = made


@contextmanager
def beside(basket: Outbasket | None = None) -> Iterator[Beside | None]:
    """The process, for as long as the block takes; None where there can be none."""
    made = None
    with suppress(OSError):
        made = Beside(forked(), basket)
    try:
        yield made
    finally:
        if made is not None:
            made.close()


def forked() -> tuple[int, int, int]:
    """A process that does the work of the pressroom: its id, and the pipes to it and from it."""
    asked, to = os.pipe()
    from_, answers = os.pipe()
    with suppress(ImportError, OSError):
        import fcntl

        for pipe in (to, from_):
            fcntl.fcntl(pipe, _F_SETPIPE_SZ, _PIPE)
    # The objects of this process aren't looked through, and so not copied, in the other.
    gc.freeze()
    with warnings.catch_warnings():
        # A thread that draws progress isn't needed there, nor is anything that it could hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _stay(asked, answers, (to, from_))
    gc.unfreeze()
    os.close(asked)
    os.close(answers)
    os.set_blocking(to, False)
    os.set_blocking(from_, False)
    return pid, to, from_


def _stay(asked: int, answers: int, others: Sequence[int]) -> None:
    """The life of the other process: it ends without a word and without touching what it got."""
    try:
        # A key that stops the run ends this one too, when its pipe is closed.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for pipe in others:
            os.close(pipe)
        with open(asked, "rb") as questions, open(answers, "wb") as said:
            pressroom.work(questions, said)
    finally:
        os._exit(0)


_KINDS: tuple[type[Any], ...] = (
    *(BillDocument, Letterhead, Milestone, Part, Party, Share, Step, TaxSum),
)


def _by_place(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """How pickle is told of a dataclass: its values in the order of its fields."""
    values = attrgetter(*kind.__dataclass_fields__)
    return lambda found: (_rebuilt, (kind, values(found)))


_OF_BILL = attrgetter(*Bill.__dataclass_fields__)
_LINES = tuple(Bill.__dataclass_fields__).index("lines")


def _bill_by_place(bill: Bill) -> tuple[Any, ...]:
    """The same of a bill, its lines as plain tuples: it is mostly made of lines."""
    values = list(_OF_BILL(bill))
    values[_LINES] = tuple(map(tuple, bill.lines))
    return _bill_rebuilt, (values,)


def _bill_rebuilt(values: list[Any]) -> Bill:
    values[_LINES] = tuple(map(Line._make, values[_LINES]))
    made: Bill = _rebuilt(Bill, tuple(values))
    return made


def _rebuilt(kind: type[Any], values: tuple[Any, ...]) -> Any:
    made = object.__new__(kind)
    for name, value in zip(kind.__dataclass_fields__, values, strict=True):
        object.__setattr__(made, name, value)
    return made


_TOLD: dict[type, Any] = {kind: _by_place(kind) for kind in _KINDS} | {Bill: _bill_by_place}


def _pickled(value: object) -> bytes:
    """As pickle has it, which looks up the fields of each dataclass anew."""
    into = BytesIO()
    pickler = pickle.Pickler(into, 5)
    pickler.dispatch_table = _TOLD
    pickler.dump(value)
    return into.getvalue()
