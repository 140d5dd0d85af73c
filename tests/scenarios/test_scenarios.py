"""Each scenario is a story of an office; what its commands print is what stands in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from console import desk, hold

__all__ = ["desk"]

STORIES = sorted(Path(__file__).parent.glob("*.md"))
# With --torture, two stories are also told to the program as a shell would.
AS_PROCESSES = [path for path in STORIES if path.stem.startswith(("a-discount", "a-month-end"))]


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(
    story: Path, desk: Path, request: pytest.FixtureRequest
) -> None:
    update = request.config.getoption("--update-scenarios", default=False)
    play = hold(story, update=bool(update))
    assert play.ran, "a scenario has commands"
    assert 1 not in {code for _, _, code, _ in play.ran}, "no command may end in a fault"


@pytest.mark.parametrize("story", AS_PROCESSES, ids=lambda path: path.stem)
def test_a_story_goes_the_same_way_in_processes(story: Path, desk: Path, torture: bool) -> None:
    if not torture:
        pytest.skip("dozens of programs, started one after another: pytest --torture")
    hold(story, update=False, as_process=True)
