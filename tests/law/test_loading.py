"""A country's files become typed data, with every problem in every file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opensocle.errors import Problems
from opensocle.law.loading import LawText, read_country
from opensocle.law.model import Article, Band, Bracket, Finance, Indexation
from opensocle.law.showing import show
from opensocle.vocabulary import Unit

Changed = Callable[..., LawText]


def codes(text: LawText) -> list[str]:
    return [problem.code for problem in text.problems]


def test_the_country_of_the_documentation_has_no_problem(files: dict[str, str]) -> None:
    text = read_country(files).require()
    assert not text.warnings
    assert text.country is not None
    assert (text.country.code, text.country.currency.code, text.country.currency.digits) == ("XE", "XMU", 2)
    assert text.country.languages == ("en", "fr")
    assert text.country.february_29 == "march_1"
    assert text.vocabulary is not None
    assert list(text.vocabulary.codes["region"].values) == ["north", "south"]
    assert text.additions["codes"]["region"]["values"]["north"] == {"en": "North", "fr": "Nord"}
    assert list(text.concepts.variables) == ["resident"]


def test_a_scheme_has_its_labels_and_its_contents(files: dict[str, str]) -> None:
    scheme = read_country(files).require().schemes["child_grant"]
    assert (scheme.branch, scheme.guarantee, scheme.kind, scheme.contingency) == ("family", "children", "non_contributory", "dependent_children")
    assert (scheme.unit, scheme.paid, scheme.as_of, scheme.since, scheme.until) == ("person", "monthly", "first_day", date(2024, 1, 1), None)
    assert scheme.legal == (Article("Act 12/2023", "4-7", "https://law.example/12"),)
    assert scheme.finance == Finance({"general_revenue": Decimal("0.9"), "donations": Decimal("0.1")}, Decimal("0.05"), "benefits")
    assert list(scheme.variables) == ["eligible", "benefit"]
    benefit = scheme.variables["benefit"]
    assert [formula.since for formula in benefit.formulas] == [date(2024, 1, 1), date(2026, 12, 1)]
    assert benefit.rounding is not None
    assert (benefit.rounding.to, benefit.rounding.way) == (Decimal(1), "nearest")
    assert (benefit.unit, benefit.unit_text, benefit.entity) == (Unit.parse("XMU/month"), "XMU/month", "person")


def test_formulas_stand_at_their_first_character(files: dict[str, str]) -> None:
    scheme = read_country(files).schemes["child_grant"]
    lines = files["schemes/child_grant.yaml"].splitlines()
    for variable in scheme.variables.values():
        for formula in variable.formulas:
            line = lines[formula.place.line - 1]
            assert line[formula.place.column - 1 :].startswith(formula.text)


def test_parameters_have_the_shape_that_the_law_gives_them(files: dict[str, str]) -> None:
    parameters = read_country(files).require().schemes["child_grant"].parameters
    assert {name: parameter.shape for name, parameter in parameters.items()} == {
        "age_limit": "scalar",
        "amount": "scalar",
        "transfer": "table",
        "allowance": "table",
        "minimum_wage": "table",
        "rates": "scale",
        "fees": "scale",
    }
    assert parameters["age_limit"].type == "integer"
    assert parameters["amount"].type == "decimal"
    assert parameters["amount"].index == Indexation("consumer_prices", "year", 1)
    assert parameters["transfer"].values[0].value == {(1,): Decimal(25), (2,): Decimal(32)}
    assert parameters["allowance"].values[0].value == {(Band(60, 69),): 600, (Band(70, 79),): 700, (Band(80, None),): 1000}
    assert parameters["minimum_wage"].values[0].value == {
        ("north", "male"): 1,
        ("north", "female"): 1,
        ("south", "male"): 2,
        ("south", "female"): 2,
    }
    assert parameters["rates"].values[0].value == (Bracket(Decimal(0), Decimal(0)), Bracket(Decimal(1000), Decimal("0.1")))
    assert parameters["fees"].values[0].value == (Bracket(Decimal(0), None, Decimal(5)), Bracket(Decimal(1000), None, Decimal(8)))
    assert str(parameters["age_limit"].values[1].place) == "schemes/child_grant.yaml:16:29"


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("title: {en: Universal", "titel: {en: Universal", "L010", "did you mean 'title'?"),
        ("branch: family\n", "", "L011", "'branch'"),
        ("branch: family", "branch: familly", "L015", "did you mean 'family'?"),
        ("kind: non_contributory", "kind: Non_contributory", "L015", "non_contributory"),
        ("contingency: dependent_children\n", "", "L011", "'contingency'"),
        ("paid: monthly\n", "", "L011", "'paid'"),
        ("unit: person", "unit: people", "L015", "person"),
        ("from: 2024-01-01", "from: 2024-13-01", "L013", "date"),
        ("from: 2024-01-01", "from: 2024-01-01\nuntil: 2024-01-01", "L023", "not after"),
        ("from: 2024-01-01", "from: 2024-01-01\nas_of: today", "L015", "last_day"),
        ("legal: [{act", "legal: [{akt", "L010", "did you mean 'act'?"),
        ("https://law.example/12", "javascript:alert(1)", "L012", "https://"),
        ("general_revenue: 0.9", "general_revenue: 0.8", "L020", "add up to 0.9"),
        ("general_revenue: 0.9", "general_revenues: 0.9", "L015", "general_revenue"),
        ("rate: 0.05, of", "rate: 5%, of", "L013", "0.05"),
        ("rate: 0.05, of", "rate: 5, of", "L013", "5 % is 0.05"),
        ("of: benefits", "of: everything", "L015", "gross_expenditure"),
        (", fr: Allocation universelle pour enfant", "", "L016", "missing in fr"),
        (", fr: Montant mensuel", "", "L016", "missing in fr"),
        ("fr: Montant mensuel", "french: Montant mensuel", "L016", "not a language"),
        ("scheme: child_grant", "scheme: children_grant", "L018", "the file child_grant.yaml"),
        ("scheme: child_grant\n", "", "L011", "scheme: child_grant"),
        ('    source: "Act 12/2023, art. 5"\n', "", "L014", "'age_limit' has no source"),
        ('source: "Act 12/2023, art. 5"', "source: ''", "L012", "source"),
        (', source: "Decree 118/2023, art. 3"}', "}", "L014", "rounding"),
        ("rounding: {to: 1,", "rounding: {to: 0,", "L013", "rounded to 0"),
        ("way: nearest", "way: closest", "L015", "nearest"),
        ("unit: XMU/month", "unit: XMU/moth", "L019", "month"),
        ("unit: XMU/month", "unit: USD/month", "L019", "currency is XMU"),
        ("  age_limit:\n", "  if:\n", "L017", "word of the language"),
        ("  age_limit:\n", "  members:\n", "L017", "word of the language"),
        ("  age_limit:\n", "  Age limit:\n", "L017", "small letters"),
        ("  age_limit:\n", "  âge:\n", "L017", "small letters"),
        ("  age_limit:\n", "  benefit:\n", "L017", "reserved for a variable"),
        ("  age_limit:\n", "  resident:\n", "L017", "already a concept"),
        ("  eligible:\n", "  amount:\n", "L017", "a parameter and a variable"),
        ("formula: age < age_limit and resident", "formula: [a, b]", "L012", "must be a text"),
        ("formula: age < age_limit and resident", "formula:", "L011", "formula"),
        ("type: boolean", "type: bool", "L015", "boolean"),
        ("type: boolean", "type: integer", "L026", "must be boolean"),
        ("  benefit:\n    unit: XMU/month", "  benefit:\n    unit: year", "L026", "must be money"),
        ("  benefit:\n    unit: XMU/month", "  benefit:\n    type: money", "L019", "no currency"),
        ("by: consumer_prices", "by: consumer_price", "L015", "consumer_prices"),
        ("every: year", "every: week", "L015", "year"),
        ("month: 1}", "month: 13}", "L013", "from 1 to 12"),
    ],
)
def test_each_slip_in_a_scheme_has_its_code_and_next_step(changed: Changed, old: str, new: str, code: str, part: str) -> None:
    text = changed(old, new)
    assert code in codes(text), text.problems
    shown = next(str(problem) for problem in text.problems if problem.code == code)
    assert part in shown
    assert shown.startswith("schemes/child_grant.yaml:")
    with pytest.raises(Problems):
        text.require()


@pytest.mark.parametrize(
    ("old", "new", "code", "part"),
    [
        ("values: {2024-01-01: 30}", "values: 30", "L012", "dated"),
        ("values: {2024-01-01: 30}", "values: {}", "L011", "no value"),
        ("parameters:\n", "parameters:\n  empty: {}\n", "L011", "'values'"),
        ("parameters:\n", "parameters:\n  empty:\n", "L012", "must be a map, not nothing"),
        ("variables:\n", "variables:\n  empty: {}\n", "L011", "'formula'"),
        ("index: {by: consumer_prices, every: year, month: 1}", "index: {}", "L011", "'by'"),
        ("    unit: XMU/month\n    values: {2024-01-01: 30}", "    type: integer\n    values: {2024-01-01: 30}", "L012", "an index gives decimals"),
        ('{to: 1, way: nearest, source: "Decree 118/2023, art. 3"}', "{}", "L011", "'to'"),
        ("{from: 1000, rate: 0.1}", "{}", "L011", "'from'"),
        ("values: {2024-01-01: 30}", "amounts: {2024-01-01: 30}", "L010", "'amounts'"),
        ("values: {2024-01-01: 30}", "values: {2024-1-1: 30}", "L013", "date"),
        ("values: {2024-01-01: 30}", "values: {2024-01-01: 1_000}", "L013", "no separators"),
        ("values: {2024-01-01: 30}", "values: {2024-01-01: '30'}", "L013", "quotes"),
        ("values: {2024-01-01: 30}", "values: {2024-01-01: true}", "L013", "type: boolean"),
        ("values: {2024-01-01: 30}", "values: {2024-01-01: {1: 30}}", "L012", "add by"),
        ("values: {2024-01-01: 30}", "values: {2024-01-01: 30, 2024-01-01: 31}", "L004", "twice"),
        ("{1: 25, 2: 32}", "30", "L012", "must be a map"),
        ("{1: 25, 2: 32}", "{}", "L011", "empty table"),
        ("{1: 25, 2: 32}", "{1: 25, two: 32}", "L021", "mix words and numbers"),
        ("by: household_size", "by: houshold_size", "L027", "household_size"),
        ("by: household_size", "by: birth_date", "L027", "of type date"),
        ("by: household_size", "by: [a, b, c]", "L012", "one or two"),
        ("70-79: 700", "69-79: 700", "L021", "60-69 and 69-79 overlap"),
        ("80+: 1000", "75+: 1000", "L021", "overlap"),
        ("80+: 1000", "80+: 1000, 85: 3", "L021", "overlap"),
        ("60-69: 600", "69-60: 600", "L021", "ends before it starts"),
        ("60-69: 600", "60 - 69: 600", "L021", "cannot be a key"),
        ("north: {male", "nord: {male", "L021", "did you mean 'north'?"),
        ("south: {male: 2", "south: {man: 2", "L021", "not in the code list 'sex'"),
        ("{from: 1000, rate: 0.1}", "{from: 0, rate: 0.1}", "L022", "ascending"),
        ("{from: 1000, rate: 0.1}", "{from: 1000}", "L022", "a rate or an amount"),
        ("{from: 1000, rate: 0.1}", "{from: 1000, rate: 0.1, amount: 3}", "L022", "a rate or an amount"),
        ("{from: 1000, rate: 0.1}", "{from: 1000, amount: 3}", "L022", "not amounts"),
        ("{from: 1000, amount: 8}", "{from: 1000, rate: 0.1}", "L022", "mixes"),
        ("{from: 1000, rate: 0.1}", "{rate: 0.1}", "L011", "'from'"),
        ("[{from: 0, rate: 0}, {from: 1000, rate: 0.1}]", "[]", "L011", "no bracket"),
        ("    scale: marginal\n    of: XMU/month\n", "    scale: marginal\n", "L011", "'of'"),
        ("    scale: marginal\n", "    scale: progressive\n", "L015", "marginal"),
        ("    by: household_size\n", "    by: household_size\n    scale: single\n    of: XMU/month\n", "L012", "a table and a scale"),
        ("    by: household_size\n", "    by: household_size\n    of: XMU/month\n", "L010", "'of' belongs to scales"),
        ("    by: household_size\n", "    by: household_size\n    type: code\n", "L012", "holds numbers"),
        ("    unit: year\n", "    unit: year\n    type: date\n", "L013", "must be a date"),
        ("    unit: year\n", "    type: boolean\n", "L013", "true or false"),
        ("    unit: year\n", "    unit: year\n    until: 2023-01-01\n", "L023", "not after"),
    ],
)
def test_each_slip_in_a_figure_has_its_code_and_next_step(changed: Changed, old: str, new: str, code: str, part: str) -> None:
    text = changed(old, new)
    assert code in codes(text), text.problems
    assert any(part in str(problem) for problem in text.problems if problem.code == code), text.problems


def test_all_problems_of_all_files_are_found_together(files: dict[str, str]) -> None:
    broken = {
        "country.yaml": files["country.yaml"].replace("XE", "UK").replace("fr: Exemplie", "fr: ''"),
        "concepts.yaml": files["concepts.yaml"].replace("of: person", "of: people"),
        "schemes/child_grant.yaml": files["schemes/child_grant.yaml"].replace("branch: family", "branch: f").replace("{1: 25", "{1: x"),
        "schemes/bad.yaml": "a: &x 1",
        "agreements/bad.yaml": "a: [",
    }
    text = read_country(broken)
    assert {problem.at.partition(":")[0] for problem in text.problems} == set(broken)
    with pytest.raises(Problems) as raised:
        text.require()
    assert len(raised.value.problems) == len(text.problems) >= 7


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("country: XE", "country: UK", "ISO 3166-1"),
        ("country: XE\n", "", "no 'country'"),
        ("digits: 2, ", "", "ISO 4217 does not list it"),
        ("{code: XMU, digits: 2,", "{code: JPY, digits: 2,", "JPY has 0 decimals"),
        ("code: XMU", "code: xmu", "three capital letters"),
        ("digits: 2", "digits: 9", "from 0 to 4"),
        ("languages: [en, fr]", "languages: [en, en]", "stands twice"),
        ("languages: [en, fr]", "languages: []", "empty"),
        ("languages: [en, fr]", "languages: [en, fr]\nbirthday_29_february: march", "march_1"),
        (", fr: Nord", "", "missing in fr"),
        ("languages: [en, fr]", "languages: [en, fr]\nvariables: {people: {x: {type: integer, title: {en: X, fr: X}}}}", "'people' is not a table"),
        ("languages: [en, fr]", "languages: [en, fr]\nvariables: {persons: {x: {type: integr, title: {en: X, fr: X}}}}", "integer"),
        ("languages: [en, fr]", "languages: [en, fr]\nvariables: {persons: {x: {type: integer, minimum: 1_0}}}", "no separators"),
    ],
)
def test_each_slip_in_the_heading_is_found(changed: Changed, old: str, new: str, part: str) -> None:
    text = changed(old, new, file="country.yaml")
    assert any(part in str(problem) and problem.at.startswith("country.yaml:") for problem in text.problems), text.problems


def test_a_currency_of_the_standard_needs_no_digits(changed: Changed) -> None:
    text = changed("{code: XMU, digits: 2,", "{code: TND,", file="country.yaml")
    assert text.country is not None
    assert text.country.currency.digits == 3


def test_the_vocabulary_has_what_the_country_adds(changed: Changed) -> None:
    addition = "variables: {persons: {disability_degree: {type: integer, unit: percent, minimum: 0, maximum: 100, title: {en: Degree, fr: Taux}}}}"
    text = changed("languages: [en, fr]", f"languages: [en, fr]\n{addition}", file="country.yaml").require()
    assert text.vocabulary is not None
    fact = text.vocabulary.fact("persons", "disability_degree")
    assert fact is not None
    assert (fact.minimum, fact.maximum) == (0, 100)
    assert text.additions["variables"]["persons"]["disability_degree"]["maximum"] == Decimal(100)


def test_a_problem_of_the_vocabulary_has_its_place_in_the_file(changed: Changed) -> None:
    text = changed("languages: [en, fr]", "languages: [en, fr]\nvariables:\n  persons:\n    x: {type: nothing}", file="country.yaml")
    assert any(problem.at == "country.yaml:7:9" for problem in text.problems)


def test_values_may_be_words_dates_and_truths(changed: Changed) -> None:
    more = """parameters:
  opened:
    type: date
    values: {2024-01-01: 2020-07-01}
    source: x
  pilot:
    type: boolean
    values: {2024-01-01: true, 2025-01-01: false}
    source: x
  zone:
    type: code
    values: {2024-01-01: north}
    source: x
  ended:
    unit: XMU
    values: {2024-01-01: 5, 2025-01-01: null}
    until: 2030-01-01
    source: x
"""
    parameters = changed("parameters:\n", more).require().schemes["child_grant"].parameters
    assert parameters["opened"].values[0].value == date(2020, 7, 1)
    assert [dated.value for dated in parameters["pilot"].values] == [True, False]
    assert parameters["zone"].values[0].value == "north"
    assert parameters["ended"].values[1].value is None
    assert parameters["ended"].until == date(2030, 1, 1)


def test_dates_are_sorted_whatever_their_order_in_the_file(changed: Changed) -> None:
    text = changed("{2024-01-01: 5, 2027-01-01: 8}", "{2027-01-01: 8, 2024-01-01: 5}").require()
    assert [dated.value for dated in text.schemes["child_grant"].parameters["age_limit"].values] == [5, 8]


def test_keys_that_look_like_numbers_are_codes_where_the_list_says_so(changed: Changed, files: dict[str, str]) -> None:
    heading = files["country.yaml"].replace(
        "codes:\n", "codes:\n  grade: {title: {en: G, fr: G}, values: {1: {en: A, fr: A}, 2-3: {en: B, fr: B}}}\n"
    )
    scheme = files["schemes/child_grant.yaml"].replace("by: household_size", "by: grade").replace("{1: 25, 2: 32}", "{1: 25, 2-3: 32}")
    text = read_country({**files, "country.yaml": heading, "schemes/child_grant.yaml": scheme}).require()
    assert text.schemes["child_grant"].parameters["transfer"].values[0].value == {("1",): 25, ("2-3",): 32}


def test_a_scheme_of_contributions_alone_needs_no_contingency(changed: Changed, files: dict[str, str]) -> None:
    body = files["schemes/child_grant.yaml"].partition("variables:\n")[0]
    body = body.replace("contingency: dependent_children\n", "").replace("paid: monthly\n", "")
    contribution = "variables:\n  worker_contribution: {unit: XMU/month, formula: earnings * 0.1}\n"
    assert not read_country({**files, "schemes/child_grant.yaml": body + contribution}).problems
    nothing = "variables:\n  duration: {unit: day, formula: 3}\n"
    assert "L025" in codes(read_country({**files, "schemes/child_grant.yaml": body + nothing}))


def test_a_reserved_name_cannot_be_a_concept(changed: Changed) -> None:
    assert "L017" in codes(changed("  resident:", "  benefit:", file="concepts.yaml"))


def test_a_concept_says_whose_it_is(changed: Changed) -> None:
    assert "L011" in codes(changed("    of: person\n", "", file="concepts.yaml"))


def test_names_of_functions_may_name_parameters(changed: Changed) -> None:
    assert not changed("  fees:\n", "  floor:\n").problems


def test_a_folder_reads_like_its_texts(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_country(tmp_path).require().schemes == read_country(files).schemes
    (tmp_path / "schemes" / "old.yml").write_text("scheme: old")
    (tmp_path / "schemes" / "more").mkdir()
    (tmp_path / "schemes" / "more" / "x.yaml").write_text("scheme: x")
    (tmp_path / "concept.yaml").write_text("variables: {}")
    found = {problem.at: problem.hint for problem in read_country(tmp_path).problems}
    assert set(found) == {"schemes/old.yml", "schemes/more/x.yaml", "concept.yaml"}
    assert found["schemes/old.yml"] == "rename it to .yaml"


def test_a_folder_that_is_no_country_says_so(tmp_path: Path) -> None:
    assert "country.yaml" in str(read_country(tmp_path).problems[0])
    assert "there is no folder" in str(read_country(tmp_path / "absent").problems[0])


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "{}", "scheme: child_grant", "scheme: [child_grant]", "scheme: child_grant\nparameters: 3\nvariables: [x]"]
)
def test_a_file_of_the_wrong_shape_is_a_problem_not_a_crash(files: dict[str, str], text: str) -> None:
    for name in files:
        if name == "concepts.yaml" and text in ("", "{}"):
            continue
        assert read_country({**files, name: text}).problems


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_change_of_a_file_makes_the_loader_crash(files: dict[str, str], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    text = files[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        new = data.draw(st.sampled_from(["", "{}", "[]", "~", "3", "x", ": ", "\n", "-", "null", "'", "{a: {b: c}}", "99999-01-01", "9" * 40]))
        text = text[:at] + new + text[at + data.draw(st.integers(0, 12)) :]
    law = read_country({**files, name: text})
    if not law.problems and law.country:
        for scheme in law.schemes.values():
            assert show(scheme, law.country, "fr", "html", law.vocabulary)
