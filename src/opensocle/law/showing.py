"""A scheme as a page that a lawyer can read: labels, legal basis, figures over time with their sources, rules and formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from ..errors import InputError
from ..vocabulary import Vocabulary
from . import wording as w
from .model import RESERVED, Band, Bracket, Country, Dated, Key, Parameter, Procedure, Scheme, Titles, Value, Variable
from .page import Block, Form, Formula, Grid, Heading, Paragraph, write

FORMS = ("text", "html", "markdown")


def show(scheme: Scheme, country: Country, lang: str = "en", form: Form = "text", vocabulary: Vocabulary | None = None) -> str:
    """The page about a scheme, or about the concepts, in English or French (titles in any language that they have).

    HTML is a complete page without scripts or anything from elsewhere. With a vocabulary, table keys are shown by their titles.
    Raises InputError P022 for another form.
    """
    if form not in FORMS:
        raise InputError("P022", f"{form!r} is not a form of a page", hint=f"use one of {', '.join(FORMS)}")
    return write(_Page(country, lang, vocabulary).blocks(scheme), form, lang)


def title_of(titles: Titles, lang: str, name: str) -> str:
    """The title in the language, in English, in any, or the name as words."""
    return titles.get(lang) or titles.get("en") or next(iter(titles.values()), "") or name.replace("_", " ").capitalize()


class _Page:
    """The blocks of a page in one language."""

    def __init__(self, country: Country, lang: str, vocabulary: Vocabulary | None) -> None:
        self.country, self.lang, self.vocabulary = country, lang, vocabulary

    def word(self, key: str, *values: str) -> str:
        return w.word(key, self.lang).format(*values)

    def day(self, on: date) -> str:
        return w.day(on, self.lang)

    def blocks(self, scheme: Scheme) -> list[Block]:
        concepts = scheme.name == "concepts"
        title = self.word("concepts") if concepts and not scheme.title else title_of(scheme.title, self.lang, scheme.name)
        blocks: list[Block] = [Heading(1, title), Grid(self.labels(scheme, concepts))]
        if scheme.legal:
            blocks += [Heading(2, self.word("legal")), *(Paragraph(self.article(*article)) for article in _articles(scheme))]
        if scheme.parameters:
            blocks.append(Heading(2, self.word("parameters")))
            for parameter in scheme.parameters.values():
                blocks += self.parameter(parameter)
        if scheme.variables:
            blocks.append(Heading(2, self.word("variables")))
            for variable in scheme.variables.values():
                blocks += self.variable(variable, scheme)
        if scheme.notes:
            blocks += [Heading(2, self.word("notes")), Paragraph(title_of(scheme.notes, self.lang, ""))]
        return blocks

    def labels(self, scheme: Scheme, concepts: bool) -> list[tuple[str, str]]:
        """The heading of the scheme: what it is called, what it is, whose, when and how it is paid for."""
        rows = [("country", title_of(self.country.title, self.lang, self.country.code)), ("name", scheme.name)]
        if not concepts:
            kinds = (("branch", "branches"), ("guarantee", "guarantees"), ("kind", "kinds"), ("contingency", "contingencies"))
            rows += [(key, w.label(kind, getattr(scheme, key), self.lang)) for key, kind in kinds if getattr(scheme, key)]
            rows += [("unit", self.word(scheme.unit)), ("paid", w.label("periodicities", scheme.paid, self.lang)), ("as_of", self.word(scheme.as_of))]
        if scheme.since != date.min:
            rows.append(("since", self.day(scheme.since)))
        if scheme.until:
            rows.append(("until", self.day(scheme.until)))
        if scheme.finance:
            shares = scheme.finance.sources.items()
            rows.append(("sources", "; ".join(f"{w.label('sources', name, self.lang)} {w.percent(share, self.lang)}" for name, share in shares)))
            if scheme.finance.administration_rate is not None and scheme.finance.administration_of:
                base = self.word(scheme.finance.administration_of)
                rows.append(("administration", f"{w.percent(scheme.finance.administration_rate, self.lang)} {base}"))
        if scheme.procedure.source:
            rows += self.procedure(scheme.procedure)
        return [(self.word(key), value) for key, value in rows]

    def procedure(self, procedure: Procedure) -> list[tuple[str, str]]:
        """Who decides, how quickly, and until when the decision can be contested."""
        answer = self.word("within_days", str(procedure.answer))
        rows = [
            ("decided_by", f"{self.word(f'officers_{procedure.officers}')}, {answer} ({procedure.source})"),
            ("reconsideration", self.word("asked_within", str(procedure.reconsideration))),
            ("appeal", self.word("asked_within", str(procedure.appeal))),
        ]
        return [*rows, ("review", self.word("every_months", str(procedure.review)))] if procedure.review else rows

    def article(self, act: str, articles: str, url: str) -> str:
        text = f"{act}, {self.word('articles')} {articles}" if articles else act
        return f"{text} ({url})" if url else text

    def parameter(self, parameter: Parameter) -> list[Block]:
        blocks: list[Block] = [Heading(3, self.name(parameter.title, parameter.name))]
        lines = []
        if parameter.by:
            lines.append(self.word("by", ", ".join(self.key_name(key) for key in parameter.by)))
        if parameter.scale:
            lines.append(self.word(parameter.scale))
        blocks += [Paragraph(line) for line in lines]
        if parameter.shape == "scalar":
            rows = [(self.day(dated.since), self.value(parameter, dated.value)) for dated in parameter.values]
            blocks.append(Grid(rows, (self.word("from"), self.word("value"))))
        else:
            for dated in parameter.values:
                blocks += [Paragraph(self.word("dated", self.day(dated.since))), self.grid(parameter, dated)]
        if parameter.index:
            series = w.label("series", parameter.index.by, self.lang)
            key = f"index_{parameter.index.every}"
            blocks.append(Paragraph(self.word(key, series, w.month(parameter.index.month, self.lang))))
        if parameter.until:
            blocks.append(Paragraph(self.word("ends", self.day(parameter.until))))
        blocks.append(Paragraph(self.word("source", parameter.source)))
        return blocks

    def name(self, titles: Titles, name: str, title: str = "") -> str:
        """A title followed by the name that formulas use."""
        return f"{title_of(titles, self.lang, '') or title or name.replace('_', ' ').capitalize()} ({name})"

    def value(self, parameter: Parameter, value: Value) -> str:
        """A single figure with its unit."""
        if value is None:
            return self.word("repealed")
        if isinstance(value, bool):
            return self.word("true" if value else "false")
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Decimal):
            if parameter.unit_text == "rate":
                return w.percent(value, self.lang)
            return w.measured(value, parameter.unit_text, self.lang)
        return str(value)

    def grid(self, parameter: Parameter, dated: Dated) -> Block:
        """The cells of a table, or the brackets of a scale."""
        if isinstance(dated.value, tuple):
            return self.brackets(parameter, dated.value)
        if not isinstance(dated.value, Mapping):
            return Paragraph(self.word("repealed"))
        rows = [
            [*(self.key(name, key) for name, key in zip(parameter.by, keys, strict=True)), self.value(parameter, number)]
            for keys, number in dated.value.items()
        ]
        return Grid(rows, [*(self.key_name(key) for key in parameter.by), self.word("value")])

    def brackets(self, parameter: Parameter, brackets: Sequence[Bracket]) -> Grid:
        base = str(parameter.of) if parameter.of else ""
        rows = []
        for bracket in brackets:
            result = w.percent(bracket.rate, self.lang) if bracket.rate is not None else self.value(parameter, bracket.amount)
            rows.append((w.measured(bracket.threshold, base, self.lang), result))
        rates = any(bracket.rate is not None for bracket in brackets)
        return Grid(rows, (self.word("threshold"), self.word("rate" if rates else "amount")))

    def key_name(self, name: str) -> str:
        """What a table is looked up by: the title of the fact, or its name as words."""
        if self.vocabulary:
            for facts in self.vocabulary.tables.values():
                if name in facts:
                    return title_of(facts[name].title, self.lang, name)
            if name in self.vocabulary.codes:
                return title_of(self.vocabulary.codes[name].title, self.lang, name)
        return name.replace("_", " ")

    def key(self, name: str, key: Key) -> str:
        """A row's key: the title of a code, or a band in words."""
        if isinstance(key, Band):
            return self.word("over", str(key.low)) if key.high is None else self.word("band", str(key.low), str(key.high))
        if isinstance(key, str) and self.vocabulary:
            listed = [facts[name].codes for facts in self.vocabulary.tables.values() if name in facts]
            codes = self.vocabulary.codes.get(listed[0] if listed else name)
            if codes and key in codes.values:
                return title_of(codes.values[key], self.lang, key)
        return str(key)

    def variable(self, variable: Variable, scheme: Scheme) -> list[Block]:
        reserved = self.word(f"reserved_{variable.name}") if variable.name in RESERVED else ""
        blocks: list[Block] = [Heading(3, self.name(variable.title, variable.name, reserved))]
        if variable.entity != scheme.unit:
            blocks.append(Paragraph(f"{self.word('unit')} {self.word(variable.entity)}."))
        for formula in variable.formulas:
            if formula.since != date.min:
                blocks.append(Paragraph(self.word("dated", self.day(formula.since))))
            elif len(variable.formulas) > 1:
                blocks.append(Paragraph(self.word("start")))
            blocks.append(Formula(formula.text.strip()))
        if variable.unit_text:
            blocks.append(Paragraph(self.word("in", w.unit(variable.unit_text, self.lang))))
        if variable.rounding:
            rule = variable.rounding
            blocks.append(Paragraph(self.word("rounding", w.figure(rule.to, self.lang), self.word(rule.way), rule.source)))
        if variable.source:
            blocks.append(Paragraph(self.word("source", variable.source)))
        return blocks


def _articles(scheme: Scheme) -> list[tuple[str, str, str]]:
    return [(article.act, article.articles, article.url) for article in scheme.legal]
