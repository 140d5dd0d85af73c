"""What is shipped is whole: the wheel and the sdist, and the program run from the wheel alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from billcli import __version__

ROOT = Path(__file__).parent.parent.parent
ASSETS = [
    path.relative_to(ROOT).as_posix()
    for path in [
        *(ROOT / "schema").rglob("*"),
        *(ROOT / "templates").rglob("*"),
        ROOT / "sample-firm.toml",
    ]
    if path.is_file()
]
# Where man and the shells look, below the prefix of the installation.
SHARED = (
    "share/bash-completion/completions/billcli",
    "share/fish/vendor_completions.d/billcli.fish",
    "share/man/man1/billcli.1",
    "share/zsh/site-functions/_billcli",
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist, built as `pip install` builds them."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return out


def wheel_of(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def ran(python: Path, *words: str, folder: Path, **environment: str) -> str:
    """What the program prints in another folder, with nothing of the checkout in reach."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [str(python), *words],
        cwd=folder,
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_schema_templates_and_sample_firm(shipped: Path) -> None:
    with zipfile.ZipFile(wheel_of(shipped)) as wheel:
        names = set(wheel.namelist())
        for asset in ASSETS:
            assert wheel.read(f"billcli/_assets/{asset}") == (ROOT / asset).read_bytes()
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "billcli").rglob("*.py")}
    assert modules <= names
    rest = {n for n in names if not n.startswith("billcli/")}
    info, data = f"billcli-{__version__}.dist-info/", f"billcli-{__version__}.data/data/"
    assert rest == {
        f"{info}{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")
    } | {f"{info}licenses/LICENSE"} | {f"{data}{name}" for name in SHARED}
    with zipfile.ZipFile(wheel_of(shipped)) as wheel:
        for name in SHARED:
            assert wheel.read(f"{data}{name}") == (ROOT / name).read_bytes()


def test_the_sdist_holds_what_the_wheel_is_made_of(shipped: Path) -> None:
    (sdist,) = shipped.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {
        *ASSETS,
        *SHARED,
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "Makefile",
        "CHANGELOG.md",
    }
    assert wanted <= names
    assert "billcli/store/ledger.py" in names
    assert not [name for name in names if ".venv" in name or "__pycache__" in name]


def test_the_wheel_works_from_any_folder(shipped: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(wheel_of(shipped)) as wheel:
        wheel.extractall(unpacked)
    # -P and an own PYTHONPATH: an editable install of the checkout comes after it.
    python, elsewhere = Path(sys.executable), tmp_path / "elsewhere"
    elsewhere.mkdir()
    where = "import billcli; print(billcli.__file__)"
    assert str(unpacked) in ran(python, "-c", where, folder=elsewhere, PYTHONPATH=str(unpacked))
    told = ran(python, "-m", "billcli", "demo", folder=elsewhere, PYTHONPATH=str(unpacked))
    assert "17 bills made" in told
    assert "The ledger is sound" in told


def test_pip_install_into_an_empty_venv(tmp_path: Path, torture: bool) -> None:
    """`pytest --torture tests/process/test_install.py`."""
    if not torture:
        pytest.skip("takes half a minute and a network: pytest --torture")
    venv.create(tmp_path / "venv")
    bin_ = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", str(bin_ / "python"))
    subprocess.run([*pip, "install", "--quiet", "--no-compile", str(ROOT)], check=True)
    told = ran(bin_ / "billcli", "demo", folder=tmp_path)
    assert "17 bills made" in told
    assert ran(bin_ / "billcli", "--version", folder=tmp_path) == f"billcli {__version__}\n"
