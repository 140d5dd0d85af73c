"""Whatever was done to clients' money, a dump of it becomes the same ledger again."""

from __future__ import annotations

from pathlib import Path

from hypothesis.stateful import initialize
from money_machine import AGREED, ClientMoney, play

from billcli.services.exchange import dumps
from billcli.store.ledger import Ledger


class Dumped(ClientMoney):
    """Client money in play; at the end its ledger goes out and comes in again."""

    @initialize()
    def begin(self) -> None:
        for number in AGREED:
            self.work_and_bill(number, 500_00)
            self.deposit(number, 400_00, "wire", 0, None, False)
            self.work_and_bill(number, 300_00)

    def judge(self, ledger: Ledger) -> None:
        first, second = self.folder / "first.json", self.folder / "second.json"
        told = dumps.export(ledger.path, out=first)
        made = dumps.import_(self.folder / "new.db", first)
        assert made.rows == told.rows > 20
        dumps.export(made.ledger, out=second)
        assert second.read_bytes() == first.read_bytes()


def test_a_dump_of_any_practice_becomes_the_same_ledger(tmp_path: Path, torture: bool) -> None:
    games, steps = (300, 80) if torture else (4, 40)
    play(Dumped, tmp_path, games=games, steps=steps, same=not torture)
