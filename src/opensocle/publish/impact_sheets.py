"""The sheets of a study's workbook. Yellow cells hold the program's figures; formulas work out numbers, differences, totals and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..analysis.impact.model import CURRENT, NONE, QUANTILE
from ..analysis.impact.writing import of_title
from .impact_schemes import theme
from .impact_seen import Seen, decimal, number
from .sheets import INPUT, Book, letters

HEAD = 3
"""The row (from 0) of the headings; rows below it hold the data."""
FORMS = {"count": "#,##0", "percent": "0.0%", "number": "#,##0.00##", "amount": "#,##0.00"}


@dataclass(frozen=True, slots=True)
class Live:
    """A formula and the program's number, which it must give."""

    text: str
    value: Decimal | float | None


Value = str | Decimal | int | Live | None


class Grid:
    """A sheet with a title and columns; rows are written one below the other. The letters of a column by its key are in `at`."""

    def __init__(self, book: Book, title: str, subtitle: str, columns: Sequence[tuple[str, str, str, float]]) -> None:
        """columns: key, heading, form of FORMS or empty for text, width."""
        self.book, self.columns, self.row = book, list(columns), HEAD + 1
        self.page: Any = book.file.add_worksheet(book.sheet_name(title))
        self.at = {key: letters(place) for place, (key, *_) in enumerate(columns)}
        page = self.page
        page.hide_gridlines(2)
        page.write_string(0, 0, title, book.style(bold=True, font_size=15))
        page.write_string(1, 0, subtitle, book.style(font_color="#52606d"))
        head = book.style(bold=True, bottom=1, bottom_color="#1f2933", text_wrap=True, valign="bottom")
        for place, (_, heading, _, width) in enumerate(columns):
            page.write_string(HEAD, place, heading, head)
            page.set_column(place, place, width)
        page.set_row(HEAD, 45)
        page.freeze_panes(HEAD + 1, 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEAD)

    @property
    def next(self) -> int:
        """The number (from 1) that the next row has in the sheet."""
        return self.row + 1

    def write(self, values: Sequence[Value], total: bool = False) -> None:
        """A row: texts and numbers of the program, and formulas."""
        edge = {"top": 1, "bold": True} if total else {}
        for place, (value, (_, _, form, _)) in enumerate(zip(values, self.columns, strict=True)):
            number_form = {"num_format": FORMS[form]} if form else {}
            if value is None:
                if total:
                    self.page.write_blank(self.row, place, None, self.book.style(**edge))
                continue
            if isinstance(value, Live):
                cached = 0 if value.value is None else float(value.value)
                self.page.write_formula(self.row, place, f"={value.text}", self.book.style(**number_form, **edge), cached)
            elif isinstance(value, str):
                self.page.write_string(self.row, place, value, self.book.style(**edge))
            else:
                self.page.write_number(self.row, place, float(value), self.book.style(**number_form, **edge, bg_color=INPUT))
        self.row += 1

    def total(self, key: str, first: int, last: int) -> str:
        """The sum of a column over rows (from 1)."""
        return f"SUM({self.at[key]}${first}:{self.at[key]}${last})"

    def heading(self, text: str) -> None:
        self.row += 1
        self.page.write_string(self.row, 0, text, self.book.style(bold=True, font_size=11))
        self.row += 1


def indicators_sheet(book: Book, seen: Seen) -> None:
    """Every estimate, one a row, with a filter."""
    say = seen.say
    keys = ("measure", "of", "line", "scenario", "grouping", "group")
    columns = [(key, say(f"imp_col_{key}"), "", 28.0) for key in keys]
    columns += [(key, say(f"imp_col_{key}"), "number", 13.0) for key in ("estimate", "se", "low", "high")]
    columns += [("observations", say("imp_col_observations"), "count", 12), ("few", say("imp_col_few"), "", 6), ("name", say("imp_col_name"), "", 24)]
    grid = Grid(book, say("imp_sheet_indicators"), say("imp_sheet_indicators_more"), columns)
    groupings = {one.name: one for one in seen.made.groupings}
    for figure in seen.made.figures:
        grouping = groupings[figure.grouping]
        title = next((group.title for group in grouping.groups if group.name == figure.group), {})
        of = (
            seen.concept(figure.of) if figure.measure.startswith("income_") else seen.title(of_title(seen.made, figure.measure, figure.of), figure.of)
        )
        texts = [seen.measure(figure.measure), of if figure.of else "", seen.line_title(figure.line) if figure.line else ""]
        texts += [
            seen.scenario(figure.scenario) if figure.scenario else "",
            seen.title(grouping.title, grouping.name),
            seen.title(title, figure.group),
        ]
        numbers = [number(figure, what) for what in ("estimate", "se", "low", "high")]
        grid.write([*texts, *numbers, figure.observations, say("imp_yes") if figure.few else "", figure.measure])
    grid.page.autofilter(HEAD, 0, grid.row - 1, len(columns) - 1)


def groups_sheet(book: Book, seen: Seen) -> None:
    """Poverty by line and group: numbers of the poor, changes and shares of the poor are formulas."""
    say = seen.say
    rates, at = (NONE, CURRENT), ("before", "after")
    columns = [("group", say("imp_col_group"), "", 40.0), ("persons", say("imp_col_persons"), "count", 13.0)]
    for name, key in zip(rates, at, strict=True):
        columns += [(key, seen.scenario(name), "percent", 13.0), (f"{key}_se", say("imp_col_se"), "percent", 10.0)]
    columns += [("change", say("imp_col_change"), "percent", 12.0)]
    columns += [(f"{key}_poor", say("imp_col_poor", scenario=seen.scenario(name)), "count", 15.0) for name, key in zip(rates, at, strict=True)]
    columns += [("change_poor", say("imp_col_change_poor"), "count", 13.0), ("share", say("imp_col_share_poor"), "percent", 11.0)]
    columns += [("few", say("imp_col_few"), "", 6.0)]
    grid = Grid(book, say("imp_sheet_groups"), say("imp_sheet_groups_more"), columns)
    for line in seen.made.lines:
        for grouping in [one for one in seen.made.groupings if one.name != QUANTILE]:
            grid.heading(f"{seen.title(grouping.title, grouping.name)} · {seen.line_title(line)}")
            first, last = grid.next, grid.next + len(grouping.groups) - 1
            for group in grouping.groups:
                grid.write(_group(seen, grid, line, grouping.name, group.name, seen.title(group.title, group.name), (first, last)))


def _group(seen: Seen, grid: Grid, line: str, grouping: str, group: str, title: str, rows: tuple[int, int]) -> list[Value]:
    at, row = grid.at, grid.next
    found = [seen.find("fgt0", "", line, name, grouping, group) for name in (NONE, CURRENT)]
    persons = seen.value("persons", "", "", "", grouping, group)
    if persons is None or any(number(figure) is None for figure in found):
        return [title, *[None] * (len(grid.columns) - 1)]
    poor = [seen.value("poor", "", line, name, grouping, group) for name in (NONE, CURRENT)]
    share = seen.value("poor_share", "", line, CURRENT, grouping, group) if len(seen.made.grouping(grouping).groups) > 1 else Decimal(1)
    changed = seen.value("fgt0_change", NONE, line, CURRENT, grouping, group)
    more = poor[1] - poor[0] if poor[0] is not None and poor[1] is not None else None
    whole = grid.total("after_poor", *rows)
    values: list[Value] = [title, persons]
    for figure in found:
        values += [number(figure), number(figure, "se")]
    return [
        *values,
        Live(f"{at['after']}{row}-{at['before']}{row}", changed),
        *(Live(f"{at['persons']}{row}*{at[key]}{row}", value) for key, value in zip(("before", "after"), poor, strict=True)),
        Live(f"{at['after_poor']}{row}-{at['before_poor']}{row}", more),
        Live(f"IF({whole}=0,0,{at['after_poor']}{row}/{whole})", share),
        "*" if any(figure and figure.few for figure in found) else "",
    ]  # fmt: skip


def incidence_sheet(book: Book, seen: Seen) -> None:
    """Who receives each transfer by quantile: beneficiaries, money and their shares are formulas."""
    say = seen.say
    columns = [("group", seen.title(seen.quantiles.title, QUANTILE), "", 40.0), ("persons", say("imp_col_persons"), "count", 13.0)]
    columns += [("coverage", say("imp_col_coverage"), "percent", 12.0), ("mean", f"{say('imp_col_mean_transfer')}, {seen.unit}", "amount", 16.0)]
    columns += [("reached", say("imp_col_beneficiaries"), "count", 14.0), ("money", f"{say('imp_col_money')}, {seen.unit}", "count", 16.0)]
    columns += [("share_reached", say("imp_col_share_beneficiaries"), "percent", 14.0), ("share_money", say("imp_col_share_money"), "percent", 12.0)]
    grid = Grid(book, say("imp_sheet_incidence"), say("imp_sheet_incidence_more"), columns)
    for scenario in (name for name in seen.made.scenarios if name != NONE):
        for transfer in seen.paid(scenario):
            grid.heading(f"{seen.transfer(transfer)} · {seen.scenario(scenario)}")
            _incidence(grid, seen, transfer, scenario)


def _incidence(grid: Grid, seen: Seen, transfer: str, scenario: str) -> None:
    at, groups = grid.at, seen.quantiles.groups
    first, last = grid.next, grid.next + len(groups) - 1
    reached_all, money_all = (grid.total(key, first, last) for key in ("reached", "money"))
    for group in groups:
        row, where = grid.next, (QUANTILE, group.name)
        persons = seen.value("persons", "", "", "", *where)
        share, mean = (seen.value(measure, transfer, "", scenario, *where) for measure in ("coverage", "mean_transfer"))
        reached = persons * share if persons is not None and share is not None else Decimal(0)
        money = reached * mean if mean is not None else Decimal(0)
        shares = [seen.value(measure, transfer, "", scenario, *where) for measure in ("beneficiaries", "incidence")]
        grid.write([
            seen.title(group.title, group.name), persons, share, mean,
            Live(f"{at['persons']}{row}*{at['coverage']}{row}", reached), Live(f"{at['reached']}{row}*{at['mean']}{row}", money),
            Live(f"{at['reached']}{row}/{reached_all}", shares[0]), Live(f"{at['money']}{row}/{money_all}", shares[1]),
        ])  # fmt: skip
    figures = [seen.find("coverage", transfer, "", scenario), seen.find("mean_transfer", transfer, "", scenario)]
    coverage, mean = (number(figure) for figure in figures)
    persons = seen.value("persons", "", "", "")
    reached = persons * coverage if persons is not None and coverage is not None else None
    money = reached * mean if reached is not None and mean is not None else None
    row = grid.next
    grid.write(
        [
            seen.say("imp_total"), Live(grid.total("persons", first, last), persons), Live(f"{at['reached']}{row}/{at['persons']}{row}", coverage),
            Live(f"{at['money']}{row}/{at['reached']}{row}", mean), Live(reached_all, reached), Live(money_all, money),
            Live(grid.total("share_reached", first, last), 1.0), Live(grid.total("share_money", first, last), 1.0),
        ],
        total=True,
    )  # fmt: skip


def winners_sheet(book: Book, seen: Seen) -> None:
    """Who gains and loses by quantile: numbers of persons, the change in all and shares are formulas."""
    say = seen.say
    columns = [("group", seen.title(seen.quantiles.title, QUANTILE), "", 40.0), ("persons", say("imp_col_persons"), "count", 13.0)]
    columns += [
        ("gain", say("imp_gain"), "percent", 10.0),
        ("lose", say("imp_lose"), "percent", 10.0),
        ("same", say("imp_col_same"), "percent", 12.0),
    ]
    columns += [("mean", f"{say('imp_col_mean_change')}, {seen.unit}", "amount", 16.0), ("winners", say("imp_col_winners"), "count", 14.0)]
    columns += [("losers", say("imp_col_losers"), "count", 14.0), ("whole", say("imp_col_total_change"), "count", 14.0)]
    columns += [("share", say("imp_col_share_change"), "percent", 12.0), ("few", say("imp_col_few"), "", 6.0)]
    grid = Grid(book, say("imp_sheet_winners"), say("imp_sheet_winners_more"), columns)
    for scenario, against in seen.pairs:
        grid.heading(say("imp_against", scenario=seen.scenario(scenario), against=seen.scenario(against)))
        _winners(grid, seen, scenario, against)


def _winners(grid: Grid, seen: Seen, scenario: str, against: str) -> None:
    at, groups = grid.at, seen.quantiles.groups
    first, last = grid.next, grid.next + len(groups) - 1
    whole = grid.total("whole", first, last)
    parts = [seen.find("mean_change", against, "", scenario, QUANTILE, group.name) for group in groups]
    heads = [seen.value("persons", "", "", "", QUANTILE, group.name) or Decimal(0) for group in groups]
    sums = [(number(part) or Decimal(0)) * head for part, head in zip(parts, heads, strict=True)]
    for group, part, persons, moved in zip(groups, parts, heads, sums, strict=True):
        row = grid.next
        gain, lose = (seen.value(measure, against, "", scenario, QUANTILE, group.name) or Decimal(0) for measure in ("winners", "losers"))
        grid.write([
            seen.title(group.title, group.name), persons, gain, lose, Live(f"1-{at['gain']}{row}-{at['lose']}{row}", 1 - gain - lose), number(part),
            Live(f"{at['persons']}{row}*{at['gain']}{row}", persons * gain), Live(f"{at['persons']}{row}*{at['lose']}{row}", persons * lose),
            Live(f"{at['persons']}{row}*{at['mean']}{row}", moved),
            Live(f"IF({whole}=0,0,{at['whole']}{row}/{whole})", moved / sum(sums) if sum(sums) else 0), "*" if part and part.few else "",
        ])  # fmt: skip
    row, persons = grid.next, sum(heads)
    gain, lose, mean = (seen.value(measure, against, "", scenario) for measure in ("winners", "losers", "mean_change"))
    if gain is None or lose is None or mean is None:
        return
    grid.write(
        [
            seen.say("imp_all"), Live(grid.total("persons", first, last), persons), Live(f"{at['winners']}{row}/{at['persons']}{row}", gain),
            Live(f"{at['losers']}{row}/{at['persons']}{row}", lose), Live(f"1-{at['gain']}{row}-{at['lose']}{row}", 1 - gain - lose),
            Live(f"{at['whole']}{row}/{at['persons']}{row}", mean), Live(grid.total("winners", first, last), gain * persons),
            Live(grid.total("losers", first, last), lose * persons), Live(whole, mean * persons),
            Live(grid.total("share", first, last), 1.0 if sum(sums) else 0.0), "",
        ],
        total=True,
    )  # fmt: skip


def causes_sheet(book: Book, seen: Seen) -> None:
    """Why people are excluded: shares of those whom a scheme is for, and totals, are formulas."""
    say = seen.say
    columns = [("why", say("imp_why"), "", 52.0), ("theme", say("imp_col_theme"), "", 30.0), ("article", say("imp_article"), "", 38.0)]
    columns += [
        ("persons", say("imp_col_persons"), "count", 14.0),
        ("share", say("imp_share"), "percent", 10.0),
        ("se", say("imp_col_se"), "percent", 11.0),
    ]
    columns += [("low", say("imp_col_low"), "percent", 10.0), ("high", say("imp_col_high"), "percent", 10.0), ("few", say("imp_col_few"), "", 6.0)]
    grid = Grid(book, say("imp_sheet_causes"), say("imp_sheet_causes_more"), columns)
    at = grid.at
    for scheme, found in seen.causes().items():
        grid.heading(seen.transfer(scheme))
        first, last = grid.next, grid.next + len(found) - 1
        whole = grid.total("persons", first, last)
        for cause in found:
            told = say("imp_undecided", condition=seen.cause(cause)) if cause.kind == "undecided" else seen.cause(cause)
            errors = [decimal(value) for value in (cause.se, cause.low, cause.high)]
            about = theme(cause.theme, seen) if cause.theme else ""
            share = Live(f"{at['persons']}{grid.next}/{whole}", cause.share)
            grid.write([told, about, cause.source, cause.persons, share, *errors, "*" if cause.few else ""])
        everybody = sum((cause.persons for cause in found), Decimal(0))
        shares = Live(grid.total("share", first, last), 1.0)
        grid.write([say("imp_total"), None, None, Live(whole, everybody), shares, None, None, None, None], total=True)


def budgets_sheet(book: Book, seen: Seen) -> None:
    """What each transfer costs a month: totals, shares and what a reform costs more are formulas."""
    made, say = seen.made, seen.say
    amounts = {(one.scenario, one.transfer): one.amount for one in made.budgets}
    names = [name for name in made.scenarios if any(scenario == name for scenario, _ in amounts)]
    columns = [("transfer", say("imp_transfer"), "", 46.0)]
    for name in names:
        columns += [
            (name, f"{seen.scenario(name)}, {say('imp_unit_month', currency=made.currency)}", "amount", 20.0),
            (f"share {name}", say("imp_share"), "percent", 10.0),
        ]
    columns += [(f"more {name}", say("imp_col_more", scenario=seen.scenario(CURRENT)), "amount", 20.0) for name in names if name != CURRENT]
    grid = Grid(book, say("imp_sheet_budgets"), say("imp_sheet_budgets_more"), columns)
    transfers = list(dict.fromkeys(transfer for _, transfer in amounts))
    if not transfers:
        return
    first, last = grid.next, grid.next + len(transfers) - 1
    totals = {name: sum((amounts.get((name, transfer), Decimal(0)) for transfer in transfers), Decimal(0)) for name in names}
    for transfer in [*transfers, None]:
        row = grid.next
        own = {name: amounts.get((name, transfer), Decimal(0)) if transfer else totals[name] for name in names}
        values: list[Value] = [seen.transfer(transfer) if transfer else say("imp_total")]
        for name in names:
            at = grid.at[name]
            whole = f"SUM({at}${first}:{at}${last})"
            values += [own[name] if transfer else Live(whole, totals[name])]
            values += [Live(f"IF({whole}=0,0,{at}{row}/{whole})", own[name] / totals[name] if totals[name] else 0)]
        values += [Live(f"{grid.at[name]}{row}-{grid.at[CURRENT]}{row}", own[name] - own[CURRENT]) for name in names if name != CURRENT]
        grid.write(values, total=transfer is None)
