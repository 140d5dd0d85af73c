"""The ledger's tables as records without behaviour; the SQL files in schema/ are the truth.

A test holds the columns here to those of the database.
"""

from __future__ import annotations

from typing import Any

from sqlmodel import Field, SQLModel


class SettingRow(SQLModel, table=True):
    """A firm setting by its dotted key; the value is JSON."""

    __tablename__: Any = "setting"

    key: str = Field(primary_key=True)
    value: str


class TaxCodeRow(SQLModel, table=True):
    """A tax by its code."""

    __tablename__: Any = "tax_code"

    code: str = Field(primary_key=True)
    label: str
    applies_to: str


class TaxRateRow(SQLModel, table=True):
    """The rate of a tax from a day on."""

    __tablename__: Any = "tax_rate"

    code: str = Field(primary_key=True)
    valid_from: str = Field(primary_key=True)
    percent_e4: int


class ExpenseCategoryRow(SQLModel, table=True):
    """A kind of expense: disbursement or recharge."""

    __tablename__: Any = "expense_category"

    name: str = Field(primary_key=True)
    kind: str
    code: str | None = None


class TimekeeperRow(SQLModel, table=True):
    """Somebody whose time is billed."""

    __tablename__: Any = "timekeeper"

    id: str = Field(primary_key=True)
    name: str
    surname: str | None = None
    first_name: str | None = None
    email: str | None = None
    classification: str | None = None
    archived_on: str | None = None


class ClientRow(SQLModel, table=True):
    """A client; address and details are JSON."""

    __tablename__: Any = "client"

    id: str = Field(primary_key=True)
    name: str
    email: str | None = None
    address: str = "[]"
    terms_days: int | None = None
    tax_exempt: int = 0
    details: str = "{}"
    archived_on: str | None = None


class MatterRow(SQLModel, table=True):
    """A matter of a client."""

    __tablename__: Any = "matter"

    id: int | None = Field(default=None, primary_key=True)
    number: str
    title: str
    client_id: str | None = None
    client_matter_id: str | None = None
    case_type: str | None = None
    practice_area: str | None = None
    step: str | None = None
    responsible_id: str | None = None
    opened_on: str
    closed_on: str | None = None
    held_on: str | None = None


class MatterOptionRow(SQLModel, table=True):
    """A billing option that a matter sets for itself; the value is JSON."""

    __tablename__: Any = "matter_option"

    matter_id: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str


class ClosedSpanRow(SQLModel, table=True):
    """A time in which a matter was closed, and that is over."""

    __tablename__: Any = "closed_span"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    closed_on: str
    reopened_on: str
    audit_id: int
    audit_hash: str


class RateRow(SQLModel, table=True):
    """A rate of a timekeeper at one level of D-35, from a day on."""

    __tablename__: Any = "rate"

    id: int | None = Field(default=None, primary_key=True)
    timekeeper_id: str
    client_id: str | None = None
    matter_id: int | None = None
    activity_code: str | None = None
    valid_from: str = "0001-01-01"
    rate_e4: int


class ArrangementRow(SQLModel, table=True):
    """A version of how a matter is charged; terms are JSON."""

    __tablename__: Any = "arrangement"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    kind: str
    terms: str
    valid_from: str | None = None


class WorkflowRow(SQLModel, table=True):
    """A named list of tasks for a case type."""

    __tablename__: Any = "workflow"

    name: str = Field(primary_key=True)
    case_type: str | None = None


class WorkflowTaskRow(SQLModel, table=True):
    """A task of a workflow, with its trigger."""

    __tablename__: Any = "workflow_task"

    workflow: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    name: str
    step: str | None = None
    due_days: int | None = None
    deliverable: str | None = None
    acceptance: str | None = None
    terms_days: int | None = None
    needs_acceptance: int = 0
    accept_within: int | None = None
    trigger_kind: str | None = None
    trigger_cents: int | None = None
    trigger_percent_e4: int | None = None
    trigger_description: str | None = None


class TaskRow(SQLModel, table=True):
    """A task of a matter, with its trigger."""

    __tablename__: Any = "task"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    number: int
    name: str
    step: str | None = None
    due_on: str | None = None
    done_on: str | None = None
    deliverable: str | None = None
    acceptance: str | None = None
    terms_days: int | None = None
    needs_acceptance: int = 0
    accept_within: int | None = None
    trigger_kind: str | None = None
    trigger_cents: int | None = None
    trigger_percent_e4: int | None = None
    trigger_description: str | None = None
    decision: str | None = None
    decision_reason: str | None = None
    archived_on: str | None = None
    accepted_on: str | None = None
    accepted_by: str | None = None
    acceptance_note: str | None = None


class ScheduleRowRow(SQLModel, table=True):
    """An instalment in which a fixed fee is billed."""

    __tablename__: Any = "schedule_row"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    number: int
    amount_cents: int
    description: str
    due_on: str | None = None
    bill_on_step: str | None = None
    pay_on_step: str | None = None


class ProgressMarkRow(SQLModel, table=True):
    """How far a matter is, from a day on."""

    __tablename__: Any = "progress_mark"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    day: str
    percent_e4: int


class OutcomeRow(SQLModel, table=True):
    """How a matter with a contingent reserve ended."""

    __tablename__: Any = "outcome"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    day: str
    result: str
    release_e4: int
    discounted: int = 0
    note: str | None = None
    reversed_on: str | None = None


class ReserveMoveRow(SQLModel, table=True):
    """An accrual that no bill carries, or a write-off of the reserve."""

    __tablename__: Any = "reserve_move"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    day: str
    what: str
    amount_cents: int
    reason: str
    outcome_id: int | None = None
    audit_id: int
    audit_hash: str


class TimeEntryRow(SQLModel, table=True):
    """Time worked: as logged, and as billed after increments."""

    __tablename__: Any = "time_entry"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    timekeeper_id: str
    day: str
    logged_e4: int
    hours_e4: int
    increment_minutes: int
    rounding: str
    rate_e4: int
    standard_rate_e4: int | None = None
    rate_typed: int = 0
    standard_cents: int
    behavior: str
    description: str
    task_code: str | None = None
    activity_code: str | None = None
    held_on: str | None = None


class TimerRow(SQLModel, table=True):
    """A timer that runs: since when, on what, for whom."""

    __tablename__: Any = "timer"

    timekeeper_id: str = Field(primary_key=True)
    matter_id: int
    started_at: str
    day: str
    description: str | None = None
    task_code: str | None = None
    activity_code: str | None = None


class TimeSpanRow(SQLModel, table=True):
    """When the work of an entry was done, where a timer or typed times told it."""

    __tablename__: Any = "time_span"

    entry_id: int | None = Field(default=None, primary_key=True)
    started_at: str
    stopped_at: str


class ExpenseRow(SQLModel, table=True):
    """A cost laid out for a matter."""

    __tablename__: Any = "expense"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    timekeeper_id: str | None = None
    day: str
    amount_cents: int
    behavior: str = "bill"
    description: str
    category: str | None = None
    expense_code: str | None = None
    taxable: int | None = None
    held_on: str | None = None
    receipt: str | None = None


class ChargeRow(SQLModel, table=True):
    """A flat charge, by hand or fired by a task."""

    __tablename__: Any = "charge"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    task_id: int | None = None
    timekeeper_id: str | None = None
    day: str
    amount_cents: int
    description: str
    held_on: str | None = None
    withdrawn_on: str | None = None


class AuditRow(SQLModel, table=True):
    """One change: who, when, what, before and after, chained by hash."""

    __tablename__: Any = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: str
    today: str
    actor: str
    command: str
    object: str
    matter_id: int | None = None
    before: str | None = None
    after: str | None = None
    previous: str
    hash: str


class RunRow(SQLModel, table=True):
    """A mass billing run; request and report are JSON."""

    __tablename__: Any = "run"

    id: int | None = Field(default=None, primary_key=True)
    key: str | None = None
    day: str
    through: str
    request: str
    report: str | None = None


class DraftRow(SQLModel, table=True):
    """A computed bill that is not approved yet."""

    __tablename__: Any = "draft"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    day: str
    edits: str = "[]"
    request: str
    computed: str


class DraftSourceRow(SQLModel, table=True):
    """An entry that a draft reserves."""

    __tablename__: Any = "draft_source"

    kind: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True)
    draft_id: int


class RunBillRow(SQLModel, table=True):
    """A bill that a run made, and the key it was made under."""

    __tablename__: Any = "run_bill"

    bill_id: int = Field(primary_key=True)
    run_id: int
    key: str | None = None
    matter_id: int


class BillRow(SQLModel, table=True):
    """An approved bill, frozen."""

    __tablename__: Any = "bill"

    id: int = Field(primary_key=True)
    number: str
    series: str
    year: int
    seq: int
    matter_id: int
    client_id: str
    arrangement: str
    day: str
    due_on: str
    through: str
    period_start: str | None = None
    period_end: str | None = None
    standard_fees_cents: int
    fee_adjustment_cents: int
    fees_cents: int
    discount_cents: int
    costs_cents: int
    tax_cents: int
    total_cents: int
    reserve_accrued_cents: int = 0
    template: str
    details: str
    approved_on: str
    audit_id: int
    audit_hash: str
    template_set: str | None = None


class TemplateSetRow(SQLModel, table=True):
    """The texts of the templates that bills were approved with, each set once."""

    __tablename__: Any = "template_set"

    sha256: str = Field(primary_key=True)
    texts: str


class BillLineRow(SQLModel, table=True):
    """A line of an approved bill."""

    __tablename__: Any = "bill_line"

    bill_id: int = Field(primary_key=True)
    line: int = Field(primary_key=True)
    kind: str
    class_: str = Field(sa_column_kwargs={"name": "class"})
    entry_id: int | None = None
    day: str | None = None
    timekeeper_id: str | None = None
    timekeeper_name: str | None = None
    description: str
    hours_e4: int | None = None
    logged_e4: int | None = None
    rate_e4: int | None = None
    standard_cents: int
    amount_cents: int
    billed_cents: int
    behavior: str | None = None
    note: str | None = None
    reason: str | None = None
    task_code: str | None = None
    activity_code: str | None = None
    expense_code: str | None = None
    category: str | None = None
    tax_code: str | None = None
    task_number: int | None = None


class BillTaxRow(SQLModel, table=True):
    """The tax of one code on a bill."""

    __tablename__: Any = "bill_tax"

    bill_id: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    label: str
    percent_e4: int
    base_cents: int
    tax_cents: int


class BillPartRow(SQLModel, table=True):
    """What a bill charged under one version of the arrangement."""

    __tablename__: Any = "bill_part"

    bill_id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    arrangement_id: int
    period_start: str | None = None
    period_end: str | None = None
    standard_cents: int
    charged_cents: int
    reserved_cents: int = 0
    costs_cents: int = 0


class ClaimRow(SQLModel, table=True):
    """The hold of a bill on an entry, until a void releases it."""

    __tablename__: Any = "claim"

    bill_id: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    entry_id: int = Field(primary_key=True)
    released_on: str | None = None


class BillReserveRow(SQLModel, table=True):
    """What a bill released of the reserve, and wrote off of it."""

    __tablename__: Any = "bill_reserve"

    bill_id: int = Field(primary_key=True)
    outcome_id: int
    released_cents: int
    written_off_cents: int


class BillAllocationRow(SQLModel, table=True):
    """A timekeeper's share of a bill's net fees."""

    __tablename__: Any = "bill_allocation"

    bill_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    timekeeper_id: str
    amount_cents: int
    origination: int = 0


class PeriodClaimRow(SQLModel, table=True):
    """The hold of a bill on a period of a recurring fee, until a void releases it."""

    __tablename__: Any = "period_claim"

    bill_id: int = Field(primary_key=True)
    matter_id: int
    period_start: str = Field(primary_key=True)
    released_on: str | None = None


class BillEventRow(SQLModel, table=True):
    """A bill was issued or voided."""

    __tablename__: Any = "bill_event"

    id: int | None = Field(default=None, primary_key=True)
    bill_id: int
    what: str
    day: str
    reason: str | None = None
    entries: str | None = None
    audit_id: int
    audit_hash: str


class BillDocumentRow(SQLModel, table=True):
    """The frozen bytes of an issued bill."""

    __tablename__: Any = "bill_document"

    bill_id: int = Field(primary_key=True)
    format: str = Field(primary_key=True)
    content: bytes
    sha256: str


class PaymentRow(SQLModel, table=True):
    """Money received from a client."""

    __tablename__: Any = "payment"

    id: int | None = Field(default=None, primary_key=True)
    day: str
    client_id: str
    matter_id: int | None = None
    amount_cents: int
    method: str | None = None
    reference: str | None = None
    audit_id: int
    audit_hash: str


class JournalEntryRow(SQLModel, table=True):
    """One event of money; its moves balance by themselves."""

    __tablename__: Any = "journal_entry"

    id: int | None = Field(default=None, primary_key=True)
    day: str
    what: str
    source: str
    reverses: int | None = None
    reason: str | None = None
    audit_id: int
    audit_hash: str


class MoveRow(SQLModel, table=True):
    """Money from one account to another."""

    __tablename__: Any = "move"

    entry_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    debit: str
    credit: str
    amount_cents: int
    matter_id: int | None = None
    bill_id: int | None = None
    payment_id: int | None = None
    trust_id: int | None = None
    retainer_id: int | None = None
    credit_id: int | None = None


class TrustEntryRow(SQLModel, table=True):
    """Client money into or out of trust; without a matter, the firm's own in it."""

    __tablename__: Any = "trust_entry"

    id: int | None = Field(default=None, primary_key=True)
    day: str
    kind: str
    client_id: str | None = None
    matter_id: int | None = None
    amount_cents: int
    effective_on: str
    protected_cents: int = 0
    party: str | None = None
    purpose: str | None = None
    method: str | None = None
    number: str | None = None
    reference: str | None = None
    bill_id: int | None = None
    expense_id: int | None = None
    pair_id: int | None = None
    reverses: int | None = None
    automatic: int = 0
    reason: str | None = None
    audit_id: int
    audit_hash: str


class TrustClearingRow(SQLModel, table=True):
    """A receipt that the bank cleared before its day."""

    __tablename__: Any = "trust_clearing"

    receipt_id: int = Field(primary_key=True)
    day: str
    evidence: str
    audit_id: int
    audit_hash: str


class TrustConfirmationRow(SQLModel, table=True):
    """The bank's reference of a transfer out of trust, or back."""

    __tablename__: Any = "trust_confirmation"

    trust_id: int = Field(primary_key=True)
    day: str
    reference: str
    audit_id: int
    audit_hash: str


class TrustNoticeRow(SQLModel, table=True):
    """A withdrawal that a bill gave notice of."""

    __tablename__: Any = "trust_notice"

    bill_id: int = Field(primary_key=True)
    day: str
    due_on: str
    amount_cents: int
    audit_id: int
    audit_hash: str


class ReconciliationRow(SQLModel, table=True):
    """A day on which bank, journal and client ledgers agreed."""

    __tablename__: Any = "reconciliation"

    id: int | None = Field(default=None, primary_key=True)
    day: str
    statement_cents: int
    in_transit_cents: int
    outstanding_cents: int
    journal_cents: int
    clients_cents: int
    firm_cents: int
    details: str
    preparer: str
    audit_id: int
    audit_hash: str


class RetainerEntryRow(SQLModel, table=True):
    """Money of a general retainer, in or out."""

    __tablename__: Any = "retainer_entry"

    id: int | None = Field(default=None, primary_key=True)
    day: str
    kind: str
    client_id: str
    matter_id: int
    amount_cents: int
    basis: str | None = None
    note: str | None = None
    method: str | None = None
    reference: str | None = None
    bill_id: int | None = None
    reverses: int | None = None
    automatic: int = 0
    reason: str | None = None
    audit_id: int
    audit_hash: str


class FundRequestRow(SQLModel, table=True):
    """What a client was asked to pay in."""

    __tablename__: Any = "fund_request"

    id: int | None = Field(default=None, primary_key=True)
    number: str
    series: str
    year: int
    seq: int
    matter_id: int
    client_id: str
    day: str
    account: str
    kind: str
    amount_cents: int
    after_id: int
    bill_id: int | None = None
    audit_id: int
    audit_hash: str


class CreditNoteRow(SQLModel, table=True):
    """What was taken back from an issued bill."""

    __tablename__: Any = "credit_note"

    id: int | None = Field(default=None, primary_key=True)
    number: str
    series: str
    year: int
    seq: int
    bill_id: int
    day: str
    reason: str
    note: str | None = None
    amount_cents: int
    fees_cents: int
    discount_cents: int = 0
    costs_cents: int
    tax_cents: int
    releases: int = 0
    audit_id: int
    audit_hash: str


class CreditNotePartRow(SQLModel, table=True):
    """What a correction takes back from a part of the bill."""

    __tablename__: Any = "credit_note_part"

    credit_id: int = Field(primary_key=True)
    bill_id: int = Field(primary_key=True)
    part: int = Field(primary_key=True)
    charged_cents: int
    costs_cents: int = 0


class CreditNoteTaxRow(SQLModel, table=True):
    """What of a tax a credit note takes back."""

    __tablename__: Any = "credit_note_tax"

    credit_id: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    base_cents: int
    tax_cents: int


class BillDisputeRow(SQLModel, table=True):
    """How much of a bill is in dispute from then on."""

    __tablename__: Any = "bill_dispute"

    id: int | None = Field(default=None, primary_key=True)
    bill_id: int
    day: str
    amount_cents: int
    note: str | None = None
    audit_id: int
    audit_hash: str


class BillShareRow(SQLModel, table=True):
    """A payor's bill of a group."""

    __tablename__: Any = "bill_share"

    bill_id: int = Field(primary_key=True)
    group_id: int
    n: int
    basis_points: int


class PaymentPlanRow(SQLModel, table=True):
    """A plan by which a bill is paid."""

    __tablename__: Any = "payment_plan"

    id: int | None = Field(default=None, primary_key=True)
    bill_id: int
    day: str
    audit_id: int
    audit_hash: str


class PaymentPlanRowRow(SQLModel, table=True):
    """An instalment of a plan."""

    __tablename__: Any = "payment_plan_row"

    plan_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    due_on: str
    amount_cents: int


class TaskDocumentRow(SQLModel, table=True):
    """A paper that goes with a task, by its place and the hash of what it held."""

    __tablename__: Any = "task_document"

    id: int | None = Field(default=None, primary_key=True)
    task_id: int
    name: str
    path: str
    sha256: str
    size_bytes: int
    day: str
    audit_id: int
    audit_hash: str


class ChangeOrderRow(SQLModel, table=True):
    """More or less than was agreed, from a day on."""

    __tablename__: Any = "change_order"

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int
    arrangement_id: int | None = None
    day: str
    amount_cents: int
    name: str
    reason: str | None = None
    approved_by: str | None = None
    task_id: int | None = None
    audit_id: int
    audit_hash: str


class TaskSplitRow(SQLModel, table=True):
    """A task approved in part, and the task that takes the rest."""

    __tablename__: Any = "task_split"

    task_id: int = Field(primary_key=True)
    rest_id: int = Field(primary_key=True)
    approved_cents: int
    rest_cents: int
    day: str
    note: str | None = None
    audit_id: int
    audit_hash: str


class UtbmsCodeRow(SQLModel, table=True):
    """A code of a client's own list."""

    __tablename__: Any = "utbms_code"

    set_name: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    title: str
    phase: str = ""
    confirmed: int = 1


class ImportRowRow(SQLModel, table=True):
    """A row of another program's file, and the entry or payment that it became."""

    __tablename__: Any = "import_row"

    kind: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    entry_id: int


class ChangeImageRow(SQLModel, table=True):
    """What a change did to a row: added it, or how the row was before; key and row are JSON."""

    __tablename__: Any = "change_image"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    what: str
    key: str
    row: str | None = None


class ChangeSetRow(SQLModel, table=True):
    """Which images and which rows of the log one transaction wrote."""

    __tablename__: Any = "change_set"

    id: int | None = Field(default=None, primary_key=True)
    unit: int
    first_audit: int
    last_audit: int
    first_image: int
    last_image: int


class UndoneRow(SQLModel, table=True):
    """A change that was taken back, and the row of the log that says so."""

    __tablename__: Any = "undone"

    unit: int = Field(primary_key=True)
    audit_id: int
    audit_hash: str


class OutboxRow(SQLModel, table=True):
    """A bill that goes to one recipient by e-mail."""

    __tablename__: Any = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    bill_id: int
    recipient: str
    purpose: str
    queued_at: str
    audit_id: int
    audit_hash: str


class OutboxEventRow(SQLModel, table=True):
    """What became of a message of the outbox."""

    __tablename__: Any = "outbox_event"

    outbox_id: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    what: str
    at: str
    message_id: str | None = None
    reason: str | None = None
    again: int = 0
    audit_id: int
    audit_hash: str
