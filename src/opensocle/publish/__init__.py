"""Results for readers: charts, tables, workbooks, documents, in English and French.

    from opensocle import publish
    publish.report(costing, "out", "fr")                       # report-fr.pdf, report-fr.html
    publish.workbook(costing, "out/costing.xlsx", "en")        # live formulas; publish.read_back reads changes as a scenario
    publish.save(publish.cost_share(costing, "fr"), "out/cost.svg")
    print(publish.write(publish.cost_table(costing, "en"), "text", "en"))

Names are imported when they are first used: what needs Altair, Typst or XlsxWriter loads them only then.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .budget_charts import fiscal_space, population, pyramid, tornado
    from .charts import beneficiaries, contributions, cost_by, cost_share, scheme
    from .checking import check
    from .documents import report
    from .drawing import Drawing, save
    from .readback import changes, read_back
    from .results import (
        assumptions_table,
        budget_table,
        comparison,
        cost_table,
        people_table,
        population_table,
        scheme_table,
        schemes_table,
        sensitivity_table,
    )
    from .sentences import messages
    from .tables import Table, write
    from .words import Words
    from .workbooks import workbook

_HOMES = {
    "budget_charts": ("fiscal_space", "population", "pyramid", "tornado"),
    "charts": ("beneficiaries", "contributions", "cost_by", "cost_share", "scheme"),
    "checking": ("check",),
    "drawing": ("Drawing", "save"),
    "sentences": ("messages",),
    "readback": ("changes", "read_back"),
    "documents": ("report",),
    "results": (
        "assumptions_table",
        "budget_table",
        "comparison",
        "cost_table",
        "people_table",
        "population_table",
        "scheme_table",
        "schemes_table",
        "sensitivity_table",
    ),
    "tables": ("Table", "write"),
    "words": ("Words",),
    "workbooks": ("workbook",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Drawing",
    "Table",
    "Words",
    "assumptions_table",
    "beneficiaries",
    "budget_table",
    "changes",
    "check",
    "comparison",
    "contributions",
    "cost_by",
    "cost_share",
    "cost_table",
    "fiscal_space",
    "messages",
    "people_table",
    "population",
    "population_table",
    "pyramid",
    "read_back",
    "report",
    "save",
    "scheme",
    "scheme_table",
    "schemes_table",
    "sensitivity_table",
    "tornado",
    "workbook",
    "write",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
