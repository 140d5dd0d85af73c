from __future__ import annotations

from pathlib import Path


def test_a_furnished_ledger_is_sound(office: Path, cli) -> None:
    from billcli.store.checks import prove

    for p in prove(office):
        print(p)
    assert all(p.ok for p in prove(office))
    a = cli("check")
    print(a)
    assert a.code == 0
