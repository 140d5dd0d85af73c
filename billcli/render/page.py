"""A page to look at: charts with the tables behind them, in one file that fetches nothing."""

from __future__ import annotations

from typing import Any

from jinja2 import FileSystemLoader

from billcli.assets import templates_folder
from billcli.render import page_charts as charts
from billcli.render import page_tables as tables
from billcli.render.figures import Figures, figures
from billcli.render.sandbox import Fields, environment

GENERATOR = "billcli"
LEGEND = (
    ("planned", "Planned"),
    ("ready", "Reached, not charged"),
    ("charged", "Charged"),
    ("billed", "Billed"),
    ("paid", "Paid"),
    ("waived", "Waived or declined"),
    ("stuck", "Stuck: waits more than 14 days"),
)


def dashboard(view: Any, *, locale: str, decimals: int) -> str:
    """The whole practice: key figures, then each board."""
    say = figures(locale, decimals)
    sections = [
        _milestones(view.milestones, view.date, say),
        _forecast(view.forecast, say),
        _unbilled(view.unbilled, say),
        _ageing(view.ageing, say),
        _caps(view.caps, say),
        _money(view, say),
    ]
    return _page("Dashboard", view, say, sections, key=_key(view.key, say))


def milestones(view: Any, *, locale: str, decimals: int) -> str:
    """The time line of the milestones alone."""
    say = figures(locale, decimals)
    title = f"Milestones of {view.client}" if view.client else "Milestones"
    return _page(title, view, say, [_milestones(view.rows, view.date, say)])


def forecast(view: Any, *, locale: str, decimals: int) -> str:
    """The forecast alone."""
    say = figures(locale, decimals)
    return _page("Cash to come", view, say, [_forecast(view.rows, say)])


def _page(
    title: str, view: Any, say: Figures, sections: list[Fields], key: list[Fields] | None = None
) -> str:
    made = environment("html", FileSystemLoader(templates_folder()))
    return made.get_template("_dashboard.html.j2").render(
        Fields(
            title=title,
            firm=view.firm,
            currency=view.currency,
            date=say.day(view.date),
            generator=GENERATOR,
            key=key or [],
            sections=sections,
        )
    )


def _key(key: Any, say: Figures) -> list[Fields]:
    """The key figures, each with a second line and the section that tells more."""

    def count(number: int, one: str, more: str) -> str:
        return f"{number} {one if number == 1 else more}"

    def sum_(name: str, cents: int, note: str, to: str, *, warns: bool = False) -> Fields:
        return Fields(name=name, value=say.amount(cents), note=note, to=to, warns=warns)

    stuck = key.stuck_milestones
    return [
        sum_("Owed by clients", key.receivable_cents,
             f"{say.amount(key.overdue_cents)} overdue", "ageing", warns=key.overdue_cents > 0),
        sum_("Earned, not billed", key.unbilled_cents,
             f"{say.amount(key.unbilled_old_cents)} for more than 30 days", "unbilled",
             warns=key.unbilled_old_cents > 0),
        sum_("Expected in 13 weeks", key.expected_cents,
             f"{say.amount(key.certain_cents)} certain", "forecast"),
        sum_("Held in trust", key.trust_cents,
             count(key.below_minimum, "balance", "balances") + " below minimum", "minimums",
             warns=key.below_minimum > 0),
        sum_("Not secured", key.unsecured_cents,
             "in " + count(key.unsecured_matters, "matter", "matters"), "minimums"),
        Fields(name="Values nearly used", value=str(key.caps_passed),
               note=f"by {say.percent(70 * charts.ONE_PERCENT_E4)} or more", to="caps",
               warns=key.caps_passed > 0),
        Fields(name="Milestones stuck", value=str(stuck), note="for more than 14 days",
               to="milestones", warns=stuck > 0),
        Fields(name="Open matters", value=str(key.open_matters), note="in all",
               to="milestones", warns=False),
    ]  # fmt: skip


def _section(
    key: str,
    heading: str,
    lead: str,
    chart: Any,
    *found: Fields,
    legend: tuple[tuple[str, str], ...] = (),
    notes: list[str] | None = None,
    half: bool = False,
) -> Fields:
    return Fields(
        key=key,
        heading=heading,
        lead=lead,
        chart=chart,
        legend=[Fields(shape=shape, words=words) for shape, words in legend],
        notes=notes or [],
        tables=[table for table in found if table["count"]],
        half=half,
    )


def _milestones(rows: Any, today: Any, say: Figures) -> Fields:
    chart = charts.milestones(rows, today, say, charts.calendar(say.locale))
    table = tables.table(
        "t-milestones", "Every milestone", tables.MILESTONES, rows, say, totals=False
    )
    lead = chart.description if chart else "No open matter has milestones."
    legend = LEGEND if chart else ()
    return _section("milestones", "Milestones by matter", lead, chart, table, legend=legend)


def _forecast(view: Any, say: Figures) -> Fields:
    spans = view["periods"]
    chart = charts.forecast(view, say, charts.calendar(say.locale))
    items = [item for span in spans for item in span["items"]]
    unit = view["every"] if len(spans) == 1 else f"{view['every']}s"
    nothing = f"Nothing is to come in {len(spans)} {unit}."
    lead = chart.description if view["expected_cents"] else nothing
    weight = say.percent(view["planned_weight_percent_e4"])
    return _section(
        "forecast",
        f"Cash to come, by {view['every']}",
        lead,
        chart if view["expected_cents"] > 0 else None,
        tables.table("t-periods", f"By {view['every']}", tables.PERIODS, spans, say),
        tables.table("t-items", "What comes when", tables.ITEMS, items, say),
        tables.table("t-undated", "Without a day", tables.ITEMS, view["undated"], say),
        legend=(
            ("sure", "Certain: billed, earned or agreed by date"),
            ("maybe", f"Planned, counted by {weight}"),
        ),
        notes=list(view["warnings"]),
    )


def _unbilled(rows: Any, say: Figures) -> Fields:
    table = tables.table("t-unbilled", "Oldest first", tables.UNBILLED, rows, say)
    chart = charts.unbilled(rows, say)
    lead = "By the days since it was earned." if rows else "Everything that is earned is billed."
    return _section(
        "unbilled", "Earned and not billed", lead, chart if rows else None, table, half=True
    )


def _ageing(rows: Any, say: Figures) -> Fields:
    table = tables.table("t-ageing", "By matter", tables.AGEING, rows, say)
    lead = "Open bills, by days past due." if rows else "Nothing is owed."
    chart = charts.ageing(rows, say) if rows else None
    return _section("ageing", "What clients owe", lead, chart, table, half=True)


def _caps(rows: Any, say: Figures) -> Fields:
    table = tables.table("t-caps", "Every agreed value", tables.CAPS, rows, say, totals=False)
    chart = charts.caps(rows, say)
    lead = chart.description if chart else "No open matter has a value that could be used up."
    legend = (("sure", "Invoiced"), ("maybe", "Not billed")) if chart else ()
    return _section(
        "caps", "Agreed values used", lead, chart, table, legend=legend,
        notes=_more(rows), half=True,
    )  # fmt: skip


def _money(view: Any, say: Figures) -> Fields:
    rows = view.minimums
    chart = charts.minimums(rows, say)
    lead = chart.description if chart else "No minimum is agreed for any balance."
    legend = (("sure", "Available"), ("goal", "Trigger, minimum")) if chart else ()
    return _section(
        "minimums",
        "Client money",
        lead,
        chart,
        tables.table("t-minimums", "Agreed minimums", tables.MINIMUMS, rows, say, totals=False),
        tables.table("t-trust", "All that is in trust", tables.TRUST, view.trust, say),
        tables.table("t-funded", "What covers the work", tables.FUNDED, view.funded, say),
        legend=legend,
        notes=_more(rows),
        half=True,
    )


def _more(rows: Any) -> list[str]:
    rest = len(rows) - charts.MOST_LEVELS
    return [f"{rest} more are in the table."] if rest > 0 else []
