"""Whatever is done with clients' money, in whatever order: the ledger agrees with a model of it."""

from __future__ import annotations

from pathlib import Path

from money_machine import ClientMoney, play


def test_B08_B17_B18_client_money_under_any_sequence_of_commands(
    tmp_path: Path, torture: bool
) -> None:
    games, steps = (400, 80) if torture else (9, 45)
    play(ClientMoney, tmp_path, games=games, steps=steps, same=not torture)
