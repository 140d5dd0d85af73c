"""Rows of a report that may have very many: the last ones at hand, all others on disk (§6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any, overload

Row = dict[str, Any]
SLAB = 500
"""So many rows go to the disk at a time; a report with fewer never touches it."""


class Rows(Sequence[Row]):
    """Rows in the order in which they came; read like a list, but memory holds a few of them.

    A row has texts, whole numbers, truth values and None. The others are in a file without a name,
    which goes with this process; where the disk has no room for it, they stay in memory.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._last: list[Row] = []
        self._file: IO[bytes] | None = None
        self._slabs: list[tuple[int, int]] = []
        self.extend(rows)

    def append(self, row: Row) -> None:
        """Put a row at the end."""
        self._last.append(row)
        if len(self._last) % SLAB == 0:
            with suppress(OSError):
                self._put_away()

    def extend(self, rows: Iterable[Row]) -> None:
        """Put rows at the end."""
        for row in rows:
            self.append(row)

    def chosen(self, wanted: Callable[[Row], Any]) -> Rows:
        """Those of which it holds, in their order."""
        return Rows(row for row in self if wanted(row))

    def cut(self, length: int) -> None:
        """Forget what comes after so many rows."""
        while self._slabs and length < self._away:
            self._last = [*self._slab(len(self._slabs) - 1), *self._last]
            self._slabs.pop()
        del self._last[length - self._away :]

    def __len__(self) -> int:
        return self._away + len(self._last)

    def __iter__(self) -> Iterator[Row]:
        for n in range(len(self._slabs)):
            yield from self._slab(n)
        yield from self._last

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        n = place + len(self) if place < 0 else place
        if not 0 <= n < len(self):
            raise IndexError(place)
        if n >= self._away:
            return self._last[n - self._away]
        return self._slab(n // SLAB)[n % SLAB]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __repr__(self) -> str:
        return repr(list(self))

    @property
    def _away(self) -> int:
        """How many rows are on the disk: whole slabs."""
        return len(self._slabs) * SLAB

    def _put_away(self) -> None:
        """Bring whole slabs to the disk, those of an earlier try that failed too."""
        if self._file is None:
            # What a full disk didn't take must not wait in a buffer for the next read.
            self._file = TemporaryFile(prefix="billcli-", buffering=0)  # noqa: SIM115 - it goes with this
        while len(self._last) >= SLAB:
            written = json.dumps(self._last[:SLAB]).encode()
            start = sum(self._slabs[-1]) if self._slabs else 0
            self._file.seek(start)
            left = memoryview(written)
            while left:
                left = left[self._file.write(left) :]
            self._slabs.append((start, len(written)))
            del self._last[:SLAB]

    def _slab(self, n: int) -> list[Row]:
        start, size = self._slabs[n]
        assert self._file is not None
        self._file.seek(start)
        found: list[Row] = json.loads(self._file.read(size))
        return found
