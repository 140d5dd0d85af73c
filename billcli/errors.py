"""What can go wrong, said in a sentence: each error has a stable code, numbers and a way out."""

from __future__ import annotations


class BillError(Exception):
    """A failure that a user can read; its class fixes the exit code, `code` never changes."""

    exit_code = 1

    def __init__(self, code: str, sentence: str, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.hint = hint


class UsageProblem(BillError):
    """The words of the command, or a file it reads, can't be understood."""

    exit_code = 2


class Refused(BillError):
    """A rule forbids it; nothing was changed."""

    exit_code = 3


class NotFound(BillError):
    """What was named isn't in the ledger."""

    exit_code = 4


class LedgerProblem(BillError):
    """The ledger is missing, busy, damaged, newer than the program, or has no room."""

    exit_code = 5


class BatchFailed(BillError):
    """Part of a batch failed; the rest was done."""

    exit_code = 6


class CheckFailed(BillError):
    """A proof of the ledger or of a file found something."""

    exit_code = 7
