"""Codes of tasks, activities and expenses: the sets there are, and what is wrong with a code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from billcli.values.text import nearest, shown

ACTIVITY, EXPENSE = "Activity", "Expense"


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a set; one that isn't confirmed stands in a single list, or in lists that differ.

    `phase` is the heading that it stands under.
    """

    set: str
    code: str
    title: str
    phase: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class CodeSets:
    """The codes by set; a client's own list takes the place of the set of its name."""

    codes: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The sets in their order."""
        return tuple(self.codes)

    def named(self, word: str) -> str | None:
        """The set that a word means, in any case."""
        return next((name for name in self.codes if name.lower() == word.strip().lower()), None)

    def heading(self, code: Code) -> bool:
        """Whether it only heads others; no line of a bill may have it."""
        own = self.codes[code.set].values()
        return code.code == code.phase and any(
            other.phase == code.code and other.code != code.code for other in own
        )

    def complaint(self, code: str, kind: str, set_: str) -> str | None:
        """What is wrong with a code on work billed by a set: a sentence, or None.

        `kind` is task, activity or expense. A client's own list may hold all three.
        """
        named = self.named(set_) or set_
        known = self._known(kind, named)
        found = known.get(code)
        if found is None:
            usual = {"activity": ACTIVITY, "expense": EXPENSE}.get(kind, named)
            near = nearest(code, known)
            hint = f"; {near} is {known[near].title}" if near else ""
            where = named if named in self.own else usual
            return f"{shown(code)} is no {kind} code of the set {where}{hint}."
        if self.heading(found):
            return f"{code} ({found.title}) is the heading of a phase; give one of its codes."
        if not found.confirmed:
            return f"{code} ({found.title}) isn't in every list of {found.set}; ask the client."
        return None

    def _known(self, kind: str, set_: str) -> dict[str, Code]:
        named = self.codes.get(set_, {})
        if kind == "task":
            return dict(named)
        usual = ACTIVITY if kind == "activity" else EXPENSE
        standard = {
            code.code: code
            for name, codes in reversed(list(self.codes.items()))
            if name.split("-")[0] == usual
            for code in codes.values()
        }
        if set_ in self.own and standard.keys() & named.keys():
            return dict(named)
        return standard | dict(named)


def grouped(shipped: Iterable[Code], own: Iterable[Code] = ()) -> CodeSets:
    """The sets that come with the program, and in their place or beside them a client's own."""
    codes: dict[str, dict[str, Code]] = {}
    for code in shipped:
        codes.setdefault(code.set, {})[code.code] = code
    theirs: dict[str, dict[str, Code]] = {}
    for code in own:
        theirs.setdefault(code.set, {})[code.code] = code
    return CodeSets(codes | theirs, frozenset(theirs))
