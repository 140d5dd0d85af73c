"""Steps of a matter: their order, where it stands, and which are reached (D-09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BEHIND_ALL = "end"


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps in the order of their tasks; without `at`, all of them are behind."""

    order: tuple[str, ...] = ()
    at: str | None = None

    def reached(self, step: str) -> bool:
        """Whether the matter stands at the step or past it; a step nobody named is not."""
        if self.at == step:
            return True
        if step not in self.order:
            return False
        if self.at is None:
            return True
        return self.at in self.order and self.order.index(step) <= self.order.index(self.at)

    def left_by(self, to: str | None) -> tuple[str, ...]:
        """The steps that a move to another one leaves behind, in their order."""
        start = self.order.index(self.at) if self.at in self.order else len(self.order)
        end = self.order.index(to) if to in self.order else len(self.order)
        return self.order[start:end]


def steps_of(
    tasks: Iterable[tuple[str | None, bool]],
    chosen: str | None = None,
    *,
    named: Iterable[str] = (),
) -> Steps:
    """The steps of tasks given as (step, done): at the first open task's, unless one was set.

    `named` are steps that only a schedule names; they come last. `chosen` may be `end`, behind
    all of them.
    """
    found = list(tasks)
    own = tuple(dict.fromkeys(step for step, _ in found if step))
    if chosen is None:
        # Tasks alone never say that a step without any was reached.
        return Steps(own, next((step for step, done in found if step and not done), None))
    order = tuple(dict.fromkeys((*own, *named)))
    return Steps(order, None if chosen == BEHIND_ALL and chosen not in order else chosen)
