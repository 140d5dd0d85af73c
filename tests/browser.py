"""A real browser for tests of pages: Chromium without a window, and axe-core in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
    "--dump-dom",
)
DARK = "--blink-settings=preferredColorScheme=0"
SENTINEL = "the page was looked at"
# What a person would see: is it dark, is it too wide, do two words of a chart cover each other?
LOOK = """
document.querySelectorAll("details").forEach(each => { each.open = true });
const seen = {
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  width: innerWidth,
  wide: document.documentElement.scrollWidth,
  ground: getComputedStyle(document.body).backgroundColor,
  overlaps: [],
  outside: [],
  charts: document.querySelectorAll("svg.chart").length,
};
for (const chart of document.querySelectorAll("svg.chart")) {
  const frame = chart.getBoundingClientRect();
  const words = [...chart.querySelectorAll("text")]
    .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    .filter(word => word.box.width > 0);
  words.forEach((one, n) => {
    const a = one.box;
    if (a.left < frame.left - 2 || a.right > frame.right + 2 || a.top < frame.top - 2
        || a.bottom > frame.bottom + 2) seen.outside.push(one.text);
    for (const other of words.slice(n + 1)) {
      const b = other.box;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
          && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 5)
        seen.overlaps.push([one.text, other.text]);
    }
  });
}
// Colours are the one thing that the scheme changes.
const rules = seen.dark ? { runOnly: ["color-contrast"] } : {};
axe.run(document, { resultTypes: ["violations"], ...rules }).then(found => {
  seen.violations = found.violations.map(each => ({
    id: each.id,
    help: each.help,
    nodes: each.nodes.slice(0, 3).map(node => node.html + " " + node.failureSummary),
  }));
  seen.passes = found.passes.length;
  const told = document.createElement("pre");
  told.id = "seen";
  told.textContent = JSON.stringify(seen);
  document.body.append(told);
  console.log("SENTINEL");
});
""".replace("SENTINEL", SENTINEL)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the browser told of a page: what it saw, and what it wrote to its console."""

    facts: dict[str, Any]
    console: list[str]


def missing() -> str:
    """Why pages can't be looked at here; empty where they can."""
    if shutil.which("chromium") is None:
        return "Chromium isn't here (Debian and Ubuntu: apt-get install chromium)"
    return "" if axe() else "axe-core isn't here (pip install --no-deps axe-playwright-python)"


def axe() -> Path | None:
    """axe-core, out of a package that brings it along; the package itself is not imported."""
    found = find_spec("axe_playwright_python")
    folders = found.submodule_search_locations if found else None
    path = Path(next(iter(folders))) / "axe.min.js" if folders else None
    return path if path and path.is_file() else None


class Looking:
    """A browser at work on a copy of a page that has axe-core in it."""

    def __init__(self, page: Path, folder: Path, *, width: int, dark: bool) -> None:
        folder.mkdir()
        script = axe()
        assert script is not None
        copy = folder / "page.html"
        (folder / "axe.js").write_bytes(script.read_bytes())
        (folder / "look.js").write_text(LOOK, "utf-8")
        tail = '<script src="axe.js"></script><script src="look.js"></script></body>'
        copy.write_text(page.read_text("utf-8").replace("</body>", tail), "utf-8")
        words = ["chromium", *FLAGS, f"--user-data-dir={folder / 'user'}"]
        words += [f"--window-size={width},1000", *([DARK] if dark else [])]
        self.process = subprocess.Popen(
            [*words, copy.as_uri()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )

    def seen(self, *, timeout: int = 60) -> Seen:
        """What it saw; it is ended if it takes too long."""
        try:
            out, err = self.process.communicate(timeout=timeout)
        except BaseException:
            self.process.kill()
            self.process.communicate()
            raise
        told = _Told()
        told.feed(out.decode("utf-8", "replace"))
        lines = err.decode("utf-8", "replace").splitlines()
        assert told.text, "\n".join(lines[-5:])
        return Seen(json.loads(told.text), [line for line in lines if re.search(r"CONSOLE", line)])


class _Told(HTMLParser):
    """The text of the element that the script left on the page."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.inside = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or ("id", "seen") in attrs

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text += data
