"""Reads the sections of an assumptions file: demography, labour, earnings, parts of the people, economy, events, take-up, survey."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..errors import nearest
from ..law.law import is_event
from ..law.nodes import Node, check_keys
from ..law.reading import below
from ..vocabulary import labels
from .columns import ColumnReader
from .model import Amount, Claim, Demography, Homes, Macro, Member, Pay, Split, Work
from .reading import AMOUNT, GROWTH, RATE, SHARE, Limits, Reader
from .series import Series
from .tables import DIMENSIONS, EMPLOYED, STATUSES, Table

DATA_KINDS = ("un_five_year", "un_single_age", "dataset")
AMONG = ("all", "women", "men", "insured", "uninsured", "employed", *STATUSES)
STATUS_CODES = {"formal_employee": "permanent_employee", "self_employed": "own_account_worker", "informal": "own_account_worker"}
MOST_GROUPS = 20


def read_demography(node: Node, reader: Reader) -> Demography | None:
    found = reader.found
    if not node.is_map(found, "demography"):
        return None
    check_keys(node, found, "demography", ("data", "source"))
    data, source = node.get("data"), reader.source(node, "demography")
    if data is None or not data.is_map(found, "demography.data"):
        return None
    check_keys(data, found, "demography.data", ("kind", "path"), ("country", "variant"))
    texts = {key: child.as_text(found, f"demography.data.{key}") or "" for key in ("path", "country", "variant") if (child := data.get(key))}
    kind = data.map["kind"].as_choice(found, "demography.data.kind", DATA_KINDS) if data.get("kind") else None
    if not below(texts.get("path", "")):
        reader.problem(
            "P068", "the path of the data leaves the folder", data.map["path"].place, "write a path below it, such as demography/five_year"
        )
        return None
    return Demography(kind=kind, source=source, **texts) if kind and texts.get("path") else None


def read_work(node: Node, reader: Reader) -> tuple[Work | None, Split | None]:
    """The labour market, and the split of the people into insured and not."""
    found = reader.found
    if not node.is_map(found, "labour"):
        return None, None
    check_keys(node, found, "labour", ("participation", "unemployment", "formal_employee", "self_employed"), ("insured", "employment_total", "codes"))
    before = len(found.problems)
    shares = {}
    for name in ("participation", "unemployment", "formal_employee", "self_employed"):
        child = node.get(name)
        shares[name] = reader.table(child, f"labour.{name}", SHARE, ("sex", "age"), unit="share") if child else None
    total = node.get("employment_total")
    employed = reader.table(total, "labour.employment_total", AMOUNT, unit="persons") if total else None
    insured = node.get("insured")
    covered = reader.table(insured, "labour.insured", SHARE, DIMENSIONS, unit="share") if insured else None
    codes = _status_codes(node.get("codes"), reader)
    participation, unemployment, formal, own = (shares[name] for name in ("participation", "unemployment", "formal_employee", "self_employed"))
    if len(found.problems) > before or participation is None or unemployment is None or formal is None or own is None:
        return None, None
    split = _insured(covered) if covered else None
    return Work(participation, unemployment, formal, own, codes, employed), split


def _insured(share: Table) -> Split:
    from .model import Column

    return Split("insured", (Member("insured", share, (Column("insured", "boolean", True),)),), (Column("insured", "boolean", False),))


def _status_codes(node: Node | None, reader: Reader) -> Mapping[str, str]:
    if node is None:
        return STATUS_CODES
    check_keys(node, reader.found, "labour.codes", (), EMPLOYED)
    known = list(reader.law.vocabulary.codes["status_in_employment"].values)
    read = {name: child.as_choice(reader.found, f"labour.codes.{name}", known) for name, child in node.map.items()}
    return STATUS_CODES | {name: code for name, code in read.items() if code}


def read_pay(node: Node, reader: Reader) -> Pay | None:
    found = reader.found
    if not node.is_map(found, "earnings"):
        return None
    check_keys(node, found, "earnings", ("mean",), ("profile", "spread"))
    currency = f"{reader.law.country.currency.code}/month"
    mean_node, profile_node, spread = node.get("mean"), node.get("profile"), node.get("spread")
    mean = reader.table(mean_node, "earnings.mean", AMOUNT, DIMENSIONS, unit=currency) if mean_node else None
    profile = reader.table(profile_node, "earnings.profile", RATE, ("sex", "age"), unit="of the mean") if profile_node else None
    groups, sigma = 1, Decimal(0)
    if spread is not None and spread.is_map(found, "earnings.spread"):
        check_keys(spread, found, "earnings.spread", ("groups", "sigma"), ("source", "title", "notes"))
        count, width = spread.get("groups"), spread.get("sigma")
        groups = (count.as_integer(found, "earnings.spread.groups", 1, MOST_GROUPS) if count else None) or 1
        limits = Limits(Decimal(0), Decimal(3), "the standard deviation of the logarithm, between 0 and 3")
        table = reader.table(width, "earnings.spread.sigma", limits, inherited=reader.source(spread, "earnings.spread")) if width else None
        sigma = table.rows[()].points[0][1] if table else sigma
    return Pay(mean, profile, groups, sigma) if mean else None


def read_disability(node: Node, reader: Reader) -> Split | None:
    """The disability section: one prevalence with its facts, or levels as any group has them."""
    if not node.is_map(reader.found, "disability"):
        return None
    if node.get("prevalence") is None:
        return read_group("disability", node, reader, "disability")
    check_keys(node, reader.found, "disability", ("prevalence",), ("facts", "otherwise", "source"))
    columns = ColumnReader(reader)
    share = reader.table(node.map["prevalence"], "disability.prevalence", SHARE, DIMENSIONS, unit="share", inherited=_text(node.get("source")))
    disabled = reader.law.vocabulary.fact("persons", "disabled")
    facts, otherwise = (columns.facts(node.get(key), f"disability.{key}") for key in ("facts", "otherwise"))
    if disabled and not facts and not otherwise:
        from .model import Column

        facts, otherwise = (Column("disabled", "boolean", True),), (Column("disabled", "boolean", False),)
    split = Split("disability", (Member("disabled", share, facts),), otherwise) if share else None
    if split:
        _same_columns(split, node, reader)
    return split


def read_group(name: str, node: Node, reader: Reader, path: str) -> Split | None:
    """A division of the people: `{parts: {name: {share, facts, given}}, otherwise: {facts, given}}`."""
    found = reader.found
    if not node.is_map(found, path):
        return None
    check_keys(node, found, path, ("parts",), ("otherwise", "source", "title", "notes"))
    source = _text(node.get("source"))
    parts = node.get("parts")
    members = []
    for part, child in (parts.as_map(found, f"{path}.parts") if parts else {}).items():
        here = f"{path}.parts.{part}"
        if not child.is_map(found, here):
            continue
        check_keys(child, found, here, ("share",), ("facts", "given", "source", "title", "notes"))
        inside = _text(child.get("source")) or source
        share_node = child.get("share")
        share = reader.table(share_node, f"{here}.share", SHARE, DIMENSIONS, unit="share", inherited=inside) if share_node else None
        columns = ColumnReader(reader)
        held = (*columns.facts(child.get("facts"), f"{here}.facts", inherited=inside), *columns.given(child.get("given"), f"{here}.given", inside))
        if share:
            members.append(Member(part, share, held))
    rest = node.get("otherwise")
    otherwise = _otherwise(rest, reader, f"{path}.otherwise", source) if rest else ()
    split = Split(name, tuple(members), otherwise)
    if members:
        _same_columns(split, node, reader)
    return split if members else None


def _otherwise(node: Node, reader: Reader, path: str, source: str) -> tuple:
    if not node.is_map(reader.found, path):
        return ()
    check_keys(node, reader.found, path, (), ("facts", "given"))
    columns = ColumnReader(reader)
    return (*columns.facts(node.get("facts"), f"{path}.facts", inherited=source), *columns.given(node.get("given"), f"{path}.given", source))


def _same_columns(split: Split, node: Node, reader: Reader) -> None:
    """What one part says, the others must say too: nothing becomes unknown by oversight."""
    parts = {**{member.name: member.columns for member in split.members}, "otherwise": split.otherwise}
    for part, columns in parts.items():
        missing = sorted(split.names - {column.name for column in columns})
        if missing:
            what = f"{split.name}: {part} says nothing of {', '.join(missing)}"
            reader.problem("P066", what, node.place, f"add {missing[0]} to {part}: 0, false or none where that is meant")


def _text(node: Node | None) -> str:
    return node.text.strip() if node is not None else ""


def read_macro(node: Node, reader: Reader) -> Macro | None:
    found = reader.found
    if not node.is_map(found, "economy"):
        return None
    required = ("gdp", "growth", "consumer_prices", "wages")
    check_keys(node, found, "economy", required, ("deflator", "interest", "revenue", "expenditure", "social_protection", "series", "source"))
    currency = reader.law.country.currency.code
    gdp = node.get("gdp")
    level = reader.table(gdp, "economy.gdp", AMOUNT, unit=currency) if gdp else None
    growth, of = _growth(node.get("growth"), reader)
    prices, _ = _rate(node.get("consumer_prices"), "economy.consumer_prices", ("growth",), reader)
    wages, way = _rate(node.get("wages"), "economy.wages", ("real_growth", "growth"), reader)
    deflator, _ = _rate(node.get("deflator"), "economy.deflator", ("growth",), reader)
    rate = node.get("interest")
    interest = reader.table(rate, "economy.interest", GROWTH, unit="rate") if rate else None
    amounts = {key: read_amount(node.get(key), f"economy.{key}", reader) for key in ("revenue", "expenditure", "social_protection")}
    more = _more_series(node.get("series"), reader)
    if level is None or growth is None or prices is None or wages is None:
        return None
    real = "real" if way == "real_growth" else "nominal"
    rates = interest.rows[()] if interest else None
    kind = "gdp" if of == "given" else "productivity"
    return Macro(level.rows[()], growth, kind, prices, wages, real, deflator, rates, series=more, **amounts)


def _growth(node: Node | None, reader: Reader) -> tuple[Series | None, str]:
    if node is None or not node.is_map(reader.found, "economy.growth"):
        return None, ""
    inner = node.get("labour_and_productivity")
    if inner is None:
        return _rate(node, "economy.growth", ("given", "labour_and_productivity"), reader)
    check_keys(node, reader.found, "economy.growth", ("labour_and_productivity",), ("source", "title", "notes"))
    if not inner.is_map(reader.found, "economy.growth.labour_and_productivity"):
        return None, ""
    check_keys(inner, reader.found, "economy.growth.labour_and_productivity", ("productivity",), ("source",))
    child = inner.get("productivity")
    path = "economy.growth.labour_and_productivity.productivity"
    source = _text(inner.get("source")) or reader.source(node, "economy.growth")
    table = reader.table(child, path, GROWTH, unit="rate", inherited=source) if child else None
    return (table.rows[()] if table else None), "productivity"


def _rate(node: Node | None, path: str, words: tuple[str, ...], reader: Reader) -> tuple[Series | None, str]:
    """One growth rate under one of these words, and the word."""
    if node is None or not node.is_map(reader.found, path):
        return None, ""
    check_keys(node, reader.found, path, (), (*words, "source", "title", "notes"))
    said = [word for word in words if node.get(word) is not None]
    if len(said) != 1:
        reader.problem("P069", f"{path} needs one of {', '.join(words)}", node.place, f"write {{{words[0]}: 0.03, source: …}}")
        return None, ""
    table = reader.table(node.map[said[0]], f"{path}.{said[0]}", GROWTH, unit="rate", inherited=reader.source(node, path))
    return (table.rows[()] if table else None), said[0]


def _more_series(node: Node | None, reader: Reader) -> dict[str, Series]:
    if node is None:
        return {}
    rates = {}
    for name, child in node.as_map(reader.found, "economy.series").items():
        own = ("consumer_prices", "wages", "gdp", "gdp_per_head", "prices_and_wages")
        if name not in labels("series") or name in own:
            known = [word for word in labels("series") if word not in own]
            reader.problem("P069", f"{name!r} is no further series", node.key_place(name), nearest(name, known))
            continue
        rate, _ = _rate(child, f"economy.series.{name}", ("growth",), reader)
        if rate is not None:
            rates[name] = rate
    return rates


def read_amount(node: Node | None, path: str, reader: Reader) -> Amount | None:
    """Money of a year, or with `of: gdp` a share of GDP."""
    if node is None:
        return None
    of = node.get("of")
    if of is not None and of.as_choice(reader.found, f"'of' of {path}", ("gdp",)) is None:
        return None
    limits = SHARE if of else AMOUNT
    unit = "of GDP" if of else reader.law.country.currency.code
    table = reader.table(node, path, limits, unit=unit, more=("of", "lever"))
    return Amount(table.rows[()], bool(of), table.source) if table else None


def read_claims(node: Node, reader: Reader) -> tuple[Claim, ...]:
    claims: list[Claim] = []
    known = [name for name in labels("contingencies") if is_event(name)]
    for name, child in node.as_map(reader.found, "contingencies").items():
        path = f"contingencies.{name}"
        if name not in known:
            hint = "it is a state, not an event" if name in labels("contingencies") else nearest(name, known)
            reader.problem("P065", f"{name!r} is no event", node.key_place(name), hint)
        elif child.is_map(reader.found, path) and child.get("kinds") is None:
            claim = _claim(name, "", child, path, reader, "")
            claims += [claim] if claim else []
        else:
            check_keys(child, reader.found, path, ("kinds",), ("source", "title", "notes"))
            kinds = child.get("kinds")
            for kind, inner in (kinds.as_map(reader.found, f"{path}.kinds") if kinds else {}).items():
                claim = _claim(name, kind, inner, f"{path}.kinds.{kind}", reader, _text(child.get("source")))
                claims += [claim] if claim else []
    return tuple(claims)


def _claim(name: str, kind: str, node: Node, path: str, reader: Reader, around: str) -> Claim | None:
    found = reader.found
    if not node.is_map(found, path):
        return None
    check_keys(node, found, path, ("incidence",), ("among", "facts", "given", "person", "contributions", "source", "title", "notes"))
    source = reader.source(node, path, around)
    incidence = node.get("incidence")
    many: Table | str | None = None
    if incidence is not None:
        counted = incidence.text in ("births", "deaths") and incidence.plain
        many = incidence.text if counted else reader.table(incidence, f"{path}.incidence", RATE, DIMENSIONS, unit="a year", inherited=source)
    among_node = node.get("among")
    among = among_node.as_choice(found, f"'among' of {path}", AMONG) if among_node else "all"
    months_node, columns = node.get("contributions"), ColumnReader(reader)
    months = _months(months_node, f"{path}.contributions", reader) if months_node else None
    facts = columns.facts(node.get("facts"), f"{path}.facts", "events", source, ("person_id", "contingency", "event_date"))
    given = columns.given(node.get("given"), f"{path}.given", source)
    person = columns.facts(node.get("person"), f"{path}.person", inherited=source, keep=("person_id", "household_id", "weight", "age", "sex"))
    if many is None or among is None:
        return None
    return Claim(name, kind, many, among, facts, (*person, *given), months, source)


def _months(node: Node, path: str, reader: Reader) -> int | None:
    if not node.is_map(reader.found, path):
        return None
    check_keys(node, reader.found, path, ("months",), ("source",))
    child = node.get("months")
    return child.as_integer(reader.found, f"{path}.months", 0, 600) if child else None


def read_shares(node: Node, section: str, reader: Reader) -> dict[str, Table]:
    """take_up or compliance: a share by scheme."""
    shares = {}
    for name, child in node.as_map(reader.found, section).items():
        if name not in reader.law.schemes:
            reader.problem("P064", f"{section}: the law has no scheme {name!r}", node.key_place(name), nearest(name, list(reader.law.schemes)))
            continue
        table = reader.table(child, f"{section}.{name}", SHARE, unit="share")
        if table is not None:
            shares[name] = table
    return shares


def read_homes(node: Node, reader: Reader) -> Homes | None:
    found = reader.found
    if not node.is_map(found, "households"):
        return None
    check_keys(node, found, "households", ("survey",), ("method", "uprate"))
    survey, method, uprate = node.get("survey"), node.get("method"), node.get("uprate")
    if survey is None or not survey.is_map(found, "households.survey"):
        return None
    check_keys(survey, found, "households.survey", ("path", "year"), ("source",))
    way = method.as_choice(found, "households.method", ("raking", "linear")) if method else "raking"
    by = uprate.as_choice(found, "households.uprate", ("wages", "consumer_prices", "gdp_per_head")) if uprate else "wages"
    path = survey.map["path"].as_text(found, "households.survey.path") if survey.get("path") else None
    year = reader.year(survey.map["year"], "households.survey.year") if survey.get("year") else None
    source = reader.source(survey, "households.survey")
    if path and not below(path):
        reader.problem("P068", "the path of the survey leaves the folder", survey.map["path"].place, "write a path below it, such as data/survey")
        return None
    kept = "linear" if way == "linear" else "raking"
    return Homes(path, year, kept, by, source) if path and year and way and by else None
