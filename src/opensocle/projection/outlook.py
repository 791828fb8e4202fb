"""A country's future under assumptions: its people, labour, economy, cells, claims and survey of each year.

The interface that costing uses (projection never imports analysis):

    assumptions = read_assumptions(country_folder, "base", law, data_root=…)   # assumptions.py -> Assumptions, frozen, `.hash`
    assumptions.with_({"take_up.child_grant": Decimal("0.7")}, law=reformed)   # another Assumptions; Problems with every fault
    assumptions.sourced(years) -> tuple[SourcedValues(path, title, values: {year: Decimal}, unit, source), …]
    assumptions.take_up_of(scheme, year, levels) / .compliance_of(…) -> Decimal  # 1 where nothing is assumed

    outlook = Outlook(assumptions, law)          # nothing is computed before it is asked for; kept once computed
    outlook.years                                # base year … horizon
    outlook.population(year) -> float array (sex, age): persons of each completed age 0-100+, mean of the year; 0 male, 1 female
    outlook.births(year) -> float array (age,): births by the mother's age
    outlook.labour(year) -> Labour               # labour.py: .persons (sex, age, status), .factor, .total(status)
    outlook.economy -> Economy                   # economy.py: .year(y) -> EconomyYear, .levels, .indices (law.parameters' Indices), .value(series, year)
    outlook.cells(year, schemes=None) -> Population          # state schemes; only the columns that the schemes read
    outlook.claims(year, schemes=None) -> Population | None  # event schemes; weight = events in the year; events dated 1 January
    outlook.survey(year) -> Population | None                # the survey moved to the year and calibrated; .survey_report(year) says how well
    outlook.batches(schemes) -> list[tuple[str, ...]]        # schemes that read the same dimensions: few cells a run
    outlook.hash                                 # SHA-256 of the assumptions and of the demographic data

    scenarios = read_scenarios(country_folder, law, data_root=…)   # scenarios.py -> {name: Scenario}; all problems at once
    scenario.reform(law) -> Law;  scenario.assume(assumptions, law) -> Assumptions
    scenario.schemes, .replaces {name: Amount}, .levers, .sensitivity; Amount.money(year, economy) -> Decimal
"""
