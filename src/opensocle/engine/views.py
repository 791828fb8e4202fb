"""Reasons as a reader sees them: a label, a value, what is to be said about it, its source; the same for text and for pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..periods import Month
from .reasons import FactUsed, Failing, Figure, Missing, Obstacle, Part, Reason, RowsUsed, RowUsed, Step, Titles
from .tracing import MOST_ROWS
from .wording import Words


@dataclass(frozen=True, slots=True)
class View:
    """One line of an explanation and what is below it. `formula`: shown below the label; `columns`: the value stands in its own column."""

    label: str
    value: str
    formula: str = ""
    notes: tuple[str, ...] = ()
    source: str = ""
    columns: bool = False
    children: tuple[View, ...] = field(default=())


class Viewer:
    """Makes views in one language. `owner`: the scheme explained, whose names need no prefix; `subject`: whose facts need no name."""

    def __init__(self, words: Words, owner: str, subject: str) -> None:
        self.words, self.owner, self.subject = words, owner, subject

    def view(self, reason: Reason) -> View:
        match reason:
            case Step():
                return self.step(reason)
            case Part():
                return self.part(reason)
            case Figure():
                return self.figure(reason)
            case FactUsed():
                return self.fact(reason)
            case RowsUsed():
                return self.rows(reason)
            case RowUsed():
                return self.row(reason)
        raise AssertionError(f"no such reason: {reason!r}")

    def below(self, reason: Reason) -> tuple[View, ...]:
        return tuple(self.view(child) for child in reason.children)

    def value(self, reason: Reason) -> str:
        return self.words.value(reason.value, reason.unit, reason.code)

    def named(self, titles: Titles, name: str) -> str:
        """The title, and the name in formulas where that is not the same in other signs."""
        title = self.words.title(titles)
        if not title:
            return name
        return title if title.lower() == name.replace("_", " ") else f"{title} ({name})"

    def short(self, step: Step) -> str:
        return step.name.removeprefix(f"{self.owner}.")

    # --- one view for each kind of reason

    def step(self, step: Step) -> View:
        name = self.short(step)
        if step.owner == "vocabulary" and step.children and all(isinstance(child, FactUsed | Part) for child in step.children):
            return self.derived(step)
        formula = f"{name} = {step.formula}" if step.formula and step.owner != "vocabulary" and not step.repeated and step.state != "given" else ""
        title = self.words.title(step.title)
        label = self.named(step.title, name) if title and not formula else title or formula or name
        source = step.source if formula else ""
        columns = step.owner != "vocabulary" or bool(step.children)
        return View(label, self.value(step), formula if title else "", tuple(self.notes(step)), source, columns, self.below(step))

    def derived(self, step: Step) -> View:
        """A fact derived from others, with these in brackets: `Age: 4 years (date of birth: 15 January 2022)`."""
        facts = [fact for fact in _leaves(step) if fact.value is not None or not fact.none]
        inside = "; ".join(f"{self.words.title(fact.title, fact.name)}{self.words('colon')}{self.value(fact)}" for fact in facts)
        return View(self.named(step.title, step.name), self.value(step) + (f" ({inside})" if inside else ""))

    def notes(self, step: Step) -> Iterator[str]:
        words = self.words
        if step.owner == "vocabulary":
            return  # a fact, derived or given
        if step.state != "computed":
            yield words(step.state)
        if step.repeated:
            yield words("above")
        elif step.since:
            yield words("since", words.day(step.since))
        if step.rounding:
            rule = step.rounding
            text = words("rounded", words.number(rule.to), words(rule.way)) + (f" ({rule.source})" if rule.source else "")
            changed = rule.before is not None and rule.before != step.value
            yield f"{text}, {words('before_rounding', words.value(rule.before, step.unit))}" if changed else text

    def part(self, part: Part) -> View:
        label = f"{self.words('then')}{self.words('colon')}{part.text}" if part.branch else part.text
        return View(label, self.value(part), columns=True, children=self.below(part))

    def figure(self, figure: Figure) -> View:
        words = self.words
        label = self.named(figure.title, figure.name)
        if figure.keys:
            keys = ", ".join(words.value(key, code=figure.code if len(figure.keys) == 1 else None) for key in figure.keys)
            label += f", {words('for', keys)}"
        if figure.day:
            label += f", {words('on', words.day(figure.day))}"
        value = self.words.value(figure.value, figure.unit)
        if figure.since and figure.state not in ("absent", "no_key", "below"):
            value += f", {words('since', words.day(figure.since))}"
        notes = () if figure.state == "enacted" else (words(figure.state),)
        return View(label, value, notes=notes, source=figure.source, children=tuple(self.slices(figure)))

    def slices(self, figure: Figure) -> Iterator[View]:
        """The brackets that applied, and what each gives."""
        words = self.words
        for part in figure.slices:
            low = words.number(part.since, figure.of)
            label = words("slice", low) if part.until is None else words("slice_to", low, words.number(part.until, figure.of))
            rate = words.number(part.rate, "rate") if part.rate is not None else words.value(part.amount, figure.unit)
            yield View(f"{label}{words('colon')}{rate}", words.number(part.gives, figure.unit))

    def fact(self, fact: FactUsed) -> View:
        value = self.words("none") if fact.none and fact.value is None else self.value(fact)
        label = self.named(fact.title, fact.name)
        if fact.subject not in (self.subject, "household"):
            label = f"{self.words.subject(fact.subject)}, {label}"
        return View(label, value)

    def rows(self, rows: RowsUsed) -> View:
        words = self.words
        if not rows.given:
            return View(rows.text, self.value(rows), notes=(f"{words(rows.table)}{words('colon')}{words('no_table')}",), columns=True)
        notes = [f"{words(rows.table)}{words('colon')}{words('counted', str(rows.kept), str(rows.looked))}"]
        if rows.unknown:
            notes.append(words("rows_unknown", str(rows.unknown)))
        if sum(isinstance(child, RowUsed) for child in rows.children) == MOST_ROWS < rows.kept + rows.unknown:
            notes.append(words("shown", str(MOST_ROWS)))
        return View(rows.text, self.value(rows), notes=tuple(notes), columns=True, children=self.below(rows))

    def row(self, row: RowUsed) -> View:
        inner = Viewer(self.words, self.owner, row.subject)
        notes = (self.words("uncounted"),) if row.kept is False and row.type != "boolean" else ()
        value = "" if notes else self.value(row)
        return View(self.row_name(row), value, notes=notes, children=tuple(inner.view(child) for child in row.children))

    def row_name(self, row: RowUsed) -> str:
        if row.key:
            return self.words.subject(row.key)
        if row.start is None:
            return self.words("unknown")
        first = self.words.day(row.start)
        return f"{first} – {self.words.day(row.end)}" if row.end else first

    # --- verdicts

    def failing(self, failing: Failing) -> str:
        """The text of a condition that is not met, its title, and the values that it rests on."""
        views = [view for view in map(self.view, failing.reasons) if view.label != failing.text]
        values = "; ".join(f"{view.label}{self.words('colon')}{view.value}" for view in views)
        return self.named(failing.title, failing.text) + (f" — {values}" if values else "")

    def missing(self, missing: Missing) -> str:
        words = self.words
        who = words.subject(missing.subject)
        if not missing.name:
            what = words(missing.table) if missing.table == "members" else f"{words(missing.table)} ({words('whole_table')})"
            what = words("claim") if missing.table == "events" else what
        else:
            what = self.named(missing.title, missing.name)
        if missing.table not in ("persons", "households", "members", "") and missing.name:
            what = f"{words(missing.table)}, {what}"
        rows = [_moment(row, words) for row in missing.rows[:6]]
        if len(missing.rows) > 6:
            rows.append(words("and_more", str(len(missing.rows) - 6)))
        return f"{who}{words('colon')}{what}" + (f" ({', '.join(rows)})" if rows else "")

    def obstacle(self, obstacle: Obstacle) -> str:
        keys = ", ".join(self.words.value(key) for key in obstacle.keys)
        return self.words(f"obstacle_{obstacle.kind}", obstacle.text, keys)


def _leaves(reason: Reason) -> Iterator[FactUsed]:
    for child in reason.children:
        if isinstance(child, FactUsed):
            yield child
        else:
            yield from _leaves(child)


def _moment(text: str, words: Words) -> str:
    """A month or day written in ISO form, as the reader writes it."""
    from datetime import date

    try:
        return words.day(Month.parse(text) if len(text) == 7 else date.fromisoformat(text))
    except ValueError:
        return text
