"""The firm's logo: an image file, kept in the ledger so that bills never depend on a path."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from billcli.errors import UsageProblem
from billcli.values.text import shown

TYPES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
STARTS = {"png": b"\x89PNG\r\n", "jpeg": b"\xff\xd8\xff"}
LARGEST = 100_000


def embedded(logo: str, folder: Path) -> str:
    """The image at a path as a data: address; one that is an address already stays.

    UsageProblem `firm-file.logo`.
    """
    if logo.startswith("data:image/"):
        return logo
    path = folder / Path(logo).expanduser()
    kind = TYPES.get(path.suffix.lower())
    if kind is None:
        raise _unusable(logo, "is no SVG, PNG or JPEG file")
    try:
        content = path.read_bytes()
    except OSError:
        raise _unusable(logo, "can't be read") from None
    if len(content) > LARGEST:
        raise _unusable(logo, f"has {len(content):,} bytes; at most {LARGEST:,} fit")
    if not (content.startswith(STARTS[kind]) if kind in STARTS else b"<svg" in content[:4096]):
        raise _unusable(logo, "doesn't hold the image that its name promises")
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def _unusable(logo: str, why: str) -> UsageProblem:
    return UsageProblem(
        "firm-file.logo",
        f"firm.logo: {shown(logo)} {why}.",
        hint="Name an image file; a relative path starts at the firm file's folder.",
    )
