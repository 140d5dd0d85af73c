"""Templates compiled once for all: Python's code of them, kept in the user's own cache.

Compiling the standard bill takes 60 ms of processor time, most of what printing one takes.
What is kept is code that would be run, so it is only read from a folder that nobody else can
write to, and only whole. Without such a folder, templates are compiled as ever.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from billcli import __version__

MOST = 64
"""So many templates are kept; those that were compiled longest ago make room."""
_DIGEST = 32
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class CompiledTemplates(BytecodeCache):
    """The kept code of the templates of one form; nothing that goes wrong here is an error."""

    def __init__(self, form: str, compiler: str, folder: Path) -> None:
        self._folder = folder
        self._made_by = (__version__, jinja2.__version__, sys.version, compiler, form)

    def get_bucket(
        self, environment: Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        """What is kept of a text: of the same text by the same program, in the same form."""
        said = "\0".join((*self._made_by, name, filename or "", source))
        key = hashlib.sha256(said.encode(errors="replace")).hexdigest()
        bucket = Bucket(environment, key, key)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code from its file, if it is there, ours alone, and whole."""
        with suppress(OSError):
            with open(self._folder / bucket.key, "rb") as file:
                if not _ours(os.fstat(file.fileno())):
                    return
                digest, code = file.read(_DIGEST), file.read()
            if hashlib.sha256(code).digest() == digest:
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for the next time."""
        code = bucket.bytecode_to_string()
        part = self._folder / f".{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            try:
                handle = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
                with open(handle, "wb") as file:
                    file.write(hashlib.sha256(code).digest() + code)
                os.replace(part, self._folder / bucket.key)
            finally:
                part.unlink(missing_ok=True)
            self._make_room()

    def _make_room(self) -> None:
        kept = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in kept[:-MOST]:
            path.unlink(missing_ok=True)


def kept(form: str, *, compiler: str) -> CompiledTemplates | None:
    """Where the code of a form's templates is kept; None where there is no safe place.

    `compiler` names what makes the code: another makes other code of the same text.
    """
    if not hasattr(os, "getuid"):  # whose a file is can't be told here
        return None
    try:
        folder = _cache() / "billcli" / "templates"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return CompiledTemplates(form, compiler, folder) if _ours(folder.stat()) else None
    except (OSError, RuntimeError):
        return None


def _cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named)
    home = Path.home()
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"


def _ours(found: os.stat_result) -> bool:
    """Whether a file or folder is the user's own, and nobody else writes to it."""
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS
