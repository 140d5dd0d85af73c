"""A new ledger filled with the rows of another, in the order in which they were written.

The guards stay in force: what they refuse to a command, they refuse to a dump. So rows that stand
in the audit log are kept aside until all have been read, and then played in the order of the log:
a bill before its issue, its issue before trust pays it, its void before its entries are free.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from billcli.errors import Refused
from billcli.store import copies, dump_shape
from billcli.store.dump_shape import Table

LIFTED = ("trust_entry_for_its_cost",)
"""Guards that look at what may have changed since: a cost that trust paid and was given back can be
edited afterwards, so that an honest row doesn't fit it any more. `check` holds what stands."""
HINT = "Nothing was kept. A dump comes in as `billcli export json` wrote it, or not at all."
_LAST = ("journal_entry",)
"""What names rows of other tables comes after them within one row of the log."""
_OF_INIT = ("setting", "change_image", "change_set")
_CLAIMS = ("claim", "period_claim")


class Filling:
    """The rows on their way into an empty ledger, within one transaction of `dbapi`.

    Refused `dump.row` with the line of the row that the ledger doesn't take.
    """

    def __init__(self, dbapi: sqlite3.Connection, name: str) -> None:
        self.dbapi, self.name = dbapi, name
        self.tables = {table.name: table for table in dump_shape.tables(dbapi)}
        self._order = {name: n for n, name in enumerate(self.tables)}
        self._order |= {name: len(self._order) + n for n, name in enumerate(_LAST)}
        logged = {t.name for t in self.tables.values() if "audit_id" in t.names}
        self._parents = {
            t.name: t.refers[t.key[0]]
            for t in self.tables.values()
            if t.refers.get(t.key[0]) in logged
        }
        self._aside = logged | self._parents.keys()
        self._statements = {name: _insertion(table) for name, table in self.tables.items()}
        self._keys = {
            name: tuple(map(table.names.index, table.key)) for name, table in self.tables.items()
        }
        self._lifted: list[str] = []

    def begin(self) -> None:
        """Begin the transaction; references are held at its end."""
        self.dbapi.execute("ATTACH '' AS aside")
        self.dbapi.execute("BEGIN IMMEDIATE")
        self.dbapi.execute("PRAGMA defer_foreign_keys = ON")
        triggers = self.dbapi.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, sql in triggers.fetchall():
            # What refuses nothing keeps notes of changes, which come with the dump.
            if name in LIFTED or "RAISE(" not in sql:
                self._lifted.append(sql)
                self.dbapi.execute(f"DROP TRIGGER {name}")
        for name in sorted(self._aside):
            columns = ", ".join(f'"{each}"' for each in self.tables[name].names)
            self.dbapi.execute(f'CREATE TABLE aside."{name}" ("line of file", {columns})')

    def put(self, table: str, line: int, values: Sequence[object]) -> None:
        """Take in a row, at once or when its turn comes."""
        if any(values[place] is None for place in self._keys[table]):
            # SQLite would choose a number of its own.
            raise self.refused(line, table, "a row without its key")
        if table in self._aside:
            places = ", ".join("?" for _ in range(len(values) + 1))
            self.dbapi.execute(f'INSERT INTO aside."{table}" VALUES ({places})', (line, *values))
        else:
            self._insert(table, line, values)

    def play(self, counters: Mapping[str, int]) -> None:
        """Write what was kept aside in its order, and count on where the other ledger was."""
        for name, row in self._timeline():
            table = self.tables[name]
            found = self.dbapi.execute(f'SELECT * FROM aside."{name}" WHERE rowid = ?', (row,))
            line, *values = found.fetchone()
            said = dict(zip(table.names, values, strict=True))
            if name in _CLAIMS:
                said["released_on"] = None
            self._insert(name, line, tuple(said.values()))
            if said.get("entries") == "return" or said.get("releases"):
                self._release("bill_id = ?", (said["bill_id"],))
        # What no void or credit note has given back, the guards refuse.
        self._release("bill_id NOT NULL", ())
        for sql in self._lifted:
            self.dbapi.execute(sql)
        self._count(counters)
        self._refer()

    def _timeline(self) -> Iterator[tuple[str, int]]:
        """The rows aside by the log; within one row of it what is named comes before its names."""
        ask = self.dbapi.execute
        ask('CREATE TABLE aside."timeline of rows" (moment, place, id, rank, tab, row)')
        for name in self._aside:
            table, parent = self.tables[name], self._parents.get(name)
            first, rank = table.key[0], self._order[name]
            place = self._order[parent] if parent else rank
            moment, joined = "t.audit_id", ""
            if "audit_id" not in table.names:
                key = self.tables[str(parent)].key[0]
                moment = "p.audit_id"
                joined = f' LEFT JOIN aside."{parent}" AS p ON p."{key}" = t."{first}"'
            ask(
                f'INSERT INTO aside."timeline of rows" SELECT {moment}, {place}, t."{first}",'
                f' {rank}, ?, t.rowid FROM aside."{name}" AS t{joined}',
                (name,),
            )
        yield from ask(
            'SELECT tab, row FROM aside."timeline of rows" ORDER BY moment, place, id, rank, row'
        )

    def _insert(self, table: str, line: int, values: Sequence[object]) -> None:
        try:
            self.dbapi.execute(self._statements[table], values)
        except sqlite3.IntegrityError as error:
            raise self.refused(line, table, str(error)) from None

    def _release(self, which: str, values: tuple[object, ...]) -> None:
        """Give back what these bills claimed, as far as it was given back."""
        for name in _CLAIMS:
            if name not in self._aside:
                continue
            table = self.tables[name]
            same = " AND ".join(f'a."{key}" = main."{name}"."{key}"' for key in table.key)
            found = self.dbapi.execute(
                f'SELECT "line of file", released_on, {", ".join(table.key)}'
                f' FROM aside."{name}" AS a'
                f' WHERE {which} AND released_on NOT NULL AND EXISTS (SELECT 1 FROM main."{name}"'
                f" WHERE {same} AND released_on IS NULL)",
                values,
            ).fetchall()
            keyed = " AND ".join(f'"{key}" = ?' for key in table.key)
            for line, day, *key in found:
                try:
                    self.dbapi.execute(
                        f'UPDATE main."{name}" SET released_on = ? WHERE {keyed}', (day, *key)
                    )
                except sqlite3.IntegrityError as error:
                    raise self.refused(line, name, str(error)) from None

    def _count(self, counters: Mapping[str, int]) -> None:
        """Ids go on where the other ledger was, so that none is given twice."""
        for table, last in counters.items():
            if table not in self.tables:
                raise self.refused(1, table, f"the ledger counts no rows of {table}")
            done = self.dbapi.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, table)
            )
            if not done.rowcount:
                self.dbapi.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last))
        given = dump_shape.counters(self.dbapi)
        for table, last in given.items():
            if counters.get(table) != last:
                raise self.refused(1, table, f"its count of {table} is below the last row's id")

    def _refer(self) -> None:
        """Refuse rows that name rows which aren't there."""
        broken = self.dbapi.execute("PRAGMA main.foreign_key_check").fetchone()
        if broken is not None:
            raise Refused(
                "dump.row",
                f"{self.name}: a row of {broken[0]} names a row of {broken[2]} that isn't there.",
                hint=HINT,
            )

    def refused(self, line: int, table: str, why: str) -> Refused:
        """The refusal of a row, in the ledger's own words."""
        said = why.removeprefix("guard: ")
        return Refused("dump.row", f"{self.name}, line {line} ({table}): {said}.", hint=HINT)


def _insertion(table: Table) -> str:
    columns = ", ".join(f'"{name}"' for name in table.names)
    places = ", ".join("?" for _ in table.names)
    return f'INSERT INTO main."{table.name}" ({columns}) VALUES ({places})'


@contextmanager
def filling(path: Path, name: str) -> Iterator[Filling]:
    """An empty ledger to be filled: everything is kept when the block ends well, else nothing."""
    dbapi = sqlite3.connect(path, isolation_level=None)
    try:
        dbapi.execute("PRAGMA foreign_keys = ON")
        dbapi.execute("PRAGMA recursive_triggers = ON")
        # The file is in the making: whoever makes it brings it to the disk as a whole.
        dbapi.execute("PRAGMA synchronous = OFF")
        made = Filling(dbapi, name)
        made.begin()
        yield made
        dbapi.execute("COMMIT")
    finally:
        dbapi.close()


def holds(path: Path) -> str | None:
    """What a ledger holds beyond what `init` puts in; None where it is as good as new."""
    found = dict(copies.contents_of(path).rows)
    if found.pop("audit", 0) > 1:
        return "changes in its log"
    return next(
        (f"rows of {name}" for name, n in found.items() if n and name not in _OF_INIT), None
    )
