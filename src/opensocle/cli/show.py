"""`socle show`: a law, or one scheme, as a page for lawyers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from . import options
from .locating import find_scheme, load_law
from .reporting import clean, json_text, note

if TYPE_CHECKING:
    from ..law.law import Law
    from ..law.page import Form

_WORDS = {
    "en": {"schemes": "Schemes", "name": "name", "title": "title", "branch": "branch", "kind": "kind", "law": "law", "currency": "currency"},
    "fr": {"schemes": "Régimes", "name": "nom", "title": "titre", "branch": "branche", "kind": "type", "law": "loi", "currency": "monnaie"},
}


@options.command("show")
@click.argument("country")
@click.argument("scheme", required=False)
@options.lang
@click.option("--format", "form", type=click.Choice(["text", "html", "markdown"]), default="text", show_default=True, help="Form of the page.")
@click.option("--out", metavar="FILE", type=click.Path(dir_okay=False), help="Write the page into a file.")
@options.reforms
@options.as_json
def command(country: str, scheme: str | None, lang: str, form: str, out: str | None, reforms: tuple[str, ...], as_json: bool) -> None:
    """Show a law as a page that a lawyer can read.

    With SCHEME (or the word concepts): its legal basis, figures over time with their sources, conditions and formulas.
    Without: the list of schemes.

    \b
    Examples:
      socle show exemplia
      socle show exemplia old_age_pension --lang fr
      socle show exemplia child_grant --format html --out child_grant.html
    """
    law = load_law(country, reforms)
    text = json_text(_data(law, scheme)) if as_json else _page(law, scheme, lang, cast("Form", form), country)
    if out:
        Path(out).write_text(text, encoding="utf-8")
        note(f"The page is in {out}.")
    else:
        click.echo(clean(text), nl=False)


def _page(law: Law, scheme: str | None, lang: str, form: Form, country: str) -> str:
    from ..law.page import Block, Grid, Heading, Paragraph, write
    from ..law.showing import show, title_of
    from ..law.wording import label

    if scheme:
        return show(find_scheme(law, scheme), law.country, lang, form, law.vocabulary)
    words = _WORDS[lang]
    rows = [(s.name, title_of(s.title, lang, s.name), label("branches", s.branch, lang), label("kinds", s.kind, lang)) for s in law.schemes.values()]
    blocks: list[Block] = [
        Heading(1, title_of(law.country.title, lang, law.country.code)),
        Grid([(words["currency"], law.country.currency.code), (words["law"], law.hash)]),
        Heading(2, words["schemes"]),
        Grid(rows, [words[key] for key in ("name", "title", "branch", "kind")]),
    ]
    if form == "text" and law.schemes:
        first = next(iter(law.schemes))
        blocks.append(Paragraph(f"socle show {country} {first} --lang {lang}"))
    return write(blocks, form, lang)


def _data(law: Law, scheme: str | None) -> Any:
    """The text of a scheme as plain data, or the list of schemes."""
    from ..law.nodes import plain_data

    if scheme:
        owner = find_scheme(law, scheme)
        assert law.text is not None
        tree = law.text.tree.map
        node = tree.get("concepts") if scheme == "concepts" else tree["schemes"].map[scheme]
        return {"scheme": owner.name, **(plain_data(node) if node else {})}
    schemes = [
        {"scheme": s.name, "title": dict(s.title), "branch": s.branch, "kind": s.kind, "contingency": s.contingency, "unit": s.unit, "paid": s.paid}
        for s in law.schemes.values()
    ]
    country = law.country
    return {"country": country.code, "title": dict(country.title), "currency": country.currency.code, "law": law.hash, "schemes": schemes}
