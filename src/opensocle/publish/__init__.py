"""Results for readers: charts, tables, workbooks, documents, in English and French.

    from opensocle import publish
    publish.report(costing, "out", "fr")                       # report-fr.pdf, report-fr.html
    publish.workbook(costing, "out/costing.xlsx", "en")        # live formulas; publish.read_back reads changes as a scenario
    publish.save(publish.cost_share(costing, "fr"), "out/cost.svg")
    print(publish.write(publish.cost_table(costing, "en"), "text", "en"))

    publish.impact_report(study, "impact.pdf", "fr")            # or .html, or .xlsx: a study on a survey
    publish.save(publish.poverty_groups(study, "fr"), "out/groups.svg")

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
    from .impact_bars import causes, coverage, incidence, winners
    from .impact_book import impact_workbook
    from .impact_curves import concentration, growth_incidence, lorenz
    from .impact_documents import impact_report
    from .impact_dots import marginal_contributions, poverty_groups, redistribution
    from .impact_schemes import (
        causes_table,
        concentration_table,
        effects_table,
        growth_table,
        lorenz_table,
        quantile_table,
        redistribution_table,
        targeting_table,
        worth_table,
    )
    from .impact_tables import (
        budgets_table,
        concepts_table,
        deprived_table,
        group_table,
        headline_table,
        hurt_table,
        reforms_table,
        winners_table,
    )
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
    "impact_bars": ("causes", "coverage", "incidence", "winners"),
    "impact_book": ("impact_workbook",),
    "impact_curves": ("concentration", "growth_incidence", "lorenz"),
    "impact_documents": ("impact_report",),
    "impact_dots": ("marginal_contributions", "poverty_groups", "redistribution"),
    "impact_schemes": (
        "causes_table",
        "concentration_table",
        "effects_table",
        "growth_table",
        "lorenz_table",
        "quantile_table",
        "redistribution_table",
        "targeting_table",
        "worth_table",
    ),
    "impact_tables": (
        "budgets_table",
        "concepts_table",
        "deprived_table",
        "group_table",
        "headline_table",
        "hurt_table",
        "reforms_table",
        "winners_table",
    ),
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
    "budgets_table",
    "causes",
    "causes_table",
    "changes",
    "check",
    "comparison",
    "concentration",
    "concentration_table",
    "concepts_table",
    "contributions",
    "cost_by",
    "cost_share",
    "cost_table",
    "coverage",
    "deprived_table",
    "effects_table",
    "fiscal_space",
    "group_table",
    "growth_incidence",
    "growth_table",
    "headline_table",
    "hurt_table",
    "impact_report",
    "impact_workbook",
    "incidence",
    "lorenz",
    "lorenz_table",
    "marginal_contributions",
    "messages",
    "people_table",
    "population",
    "population_table",
    "poverty_groups",
    "pyramid",
    "quantile_table",
    "read_back",
    "redistribution",
    "redistribution_table",
    "reforms_table",
    "report",
    "save",
    "scheme",
    "scheme_table",
    "schemes_table",
    "sensitivity_table",
    "targeting_table",
    "tornado",
    "winners",
    "winners_table",
    "workbook",
    "worth_table",
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
