"""What a firm file says, as values: cents, hours, rates and percents are whole numbers.

A field is named like its key in the file, with the unit behind it: `amount` is `amount_cents`,
`hours` is `hours_e4`. What the file leaves out is None, an empty tuple or an empty mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day

Options = Mapping[str, object]
Rates = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate and the first day it holds."""

    from_: Day
    percent_e4: int


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax code with its rates in time."""

    code: str
    rates: tuple[TaxRate, ...]
    label: str | None = None
    on: str = "fees"


@dataclass(frozen=True, slots=True)
class ExpenseCategory:
    """A kind of expense: paid out for the client, or recharged with tax."""

    name: str
    kind: str = "disbursement"
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Somebody whose time is billed."""

    id: str
    name: str
    rate_e4: int
    surname: str | None = None
    first_name: str | None = None
    email: str | None = None
    classification: str | None = None
    activity_rates: Rates = field(default_factory=dict)
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a task charges when it is done: an amount, a percent of the fee, or what is left."""

    amount_cents: int | None = None
    percent_e4: int | None = None
    remainder: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True)
class WorkflowTask:
    """A task that every matter of the workflow gets."""

    name: str
    step: str | None = None
    due_days: int | None = None
    deliverable: str | None = None
    acceptance: str | None = None
    terms_days: int | None = None
    needs_acceptance: bool = False
    accept_within: int | None = None
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """The tasks of a kind of case, in their order."""

    name: str
    case_type: str | None = None
    tasks: tuple[WorkflowTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody the firm works for."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    address: tuple[str, ...] = ()
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None
    tax_id: str | None = None
    tax_exempt: bool = False
    terms_days: int | None = None
    template: str | None = None
    rates: Rates = field(default_factory=dict)
    ebilling: Options = field(default_factory=dict)
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The kind of arrangement and its terms, by option name."""

    kind: str
    terms: Options = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """A task of one matter, besides or instead of its workflow's."""

    name: str
    step: str | None = None
    due: Day | None = None
    deliverable: str | None = None
    acceptance: str | None = None
    terms_days: int | None = None
    needs_acceptance: bool = False
    accept_within: int | None = None
    trigger: Trigger | None = None


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """An instalment of the fee: due on a day, at a step, or by hand."""

    amount_cents: int
    date: Day | None = None
    description: str | None = None
    bill_on_step: str | None = None
    pay_on_step: str | None = None


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Time worked before the ledger began."""

    date: Day
    timekeeper: str
    hours_e4: int
    description: str
    behavior: str | None = None
    rate_e4: int | None = None
    task_code: str | None = None
    activity_code: str | None = None


@dataclass(frozen=True, slots=True)
class Expense:
    """An expense of the matter."""

    date: Day
    amount_cents: int
    description: str
    category: str | None = None
    code: str | None = None
    bill: bool = True


@dataclass(frozen=True, slots=True)
class TrustDeposit:
    """Money of the client that the firm holds in trust."""

    date: Day
    amount_cents: int
    method: str | None = None
    from_: str | None = None
    reference: str | None = None
    clears: Day | None = None
    protect: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter with its settings and, for a new one, its opening work."""

    number: str
    title: str
    client: str | None = None
    client_matter_id: str | None = None
    case_type: str | None = None
    practice_area: str | None = None
    responsible: str | None = None
    opened: Day | None = None
    rates: Rates = field(default_factory=dict)
    arrangement: Arrangement | None = None
    billing: Options = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    schedule: tuple[ScheduleRow, ...] = ()
    time: tuple[TimeEntry, ...] = ()
    expenses: tuple[Expense, ...] = ()
    trust_deposits: tuple[TrustDeposit, ...] = ()


@dataclass(frozen=True, slots=True)
class FirmFile:
    """A whole firm file; `settings` has dotted keys such as `billing.terms_days`."""

    currency: str = "USD"
    settings: Options = field(default_factory=dict)
    taxes: tuple[Tax, ...] = ()
    expense_categories: tuple[ExpenseCategory, ...] = ()
    timekeepers: tuple[Timekeeper, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    clients: tuple[Client, ...] = ()
    matters: tuple[Matter, ...] = ()
