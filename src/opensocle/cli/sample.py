"""`socle sample`: a survey drawn from a population, with weights and its design."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import options
from .locating import find_country, load_law, open_people
from .reporting import counted, say, say_json

if TYPE_CHECKING:
    from ..population.survey.drawing import Drawn, Plan
    from ..population.tables import Population


@options.command("sample")
@click.argument("people", type=click.Path())
@click.argument("folder", type=click.Path())
@click.option("--households", type=int, default=3_000, show_default=True, help="How many households are asked, about; all where there are not more.")
@click.option("--per-area", type=int, default=12, show_default=True, help="Households asked in each enumeration area.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed gives another sample; the same seed the same one.")
@click.option("--selection", type=click.Choice(["size", "equal"]), default="size", show_default=True, help="Areas by size, or with equal chances.")
@options.decimal("--response", "SHARE", "Share of the households that answer, such as 0.9; by default all.", required=False)
@click.option("--country", help="Add what the households say they receive under this country's law, with its take-up.")
@options.as_json
def command(
    people: str, folder: str, households: int, per_area: int, seed: int, selection: str, response: Decimal | None, country: str | None, as_json: bool
) -> None:
    """Draw a household survey from PEOPLE, in two stages, into a new FOLDER.

    Enumeration areas are drawn within strata (region by town or country), then households in each. The persons get a weight, their stratum and
    their cluster, and all their histories come along. The whole population is known, so that what a survey finds can be compared with the truth.

    \b
    Examples:
      socle sample people survey --households 3000 --seed 7
      socle sample people survey --response 0.9 --country exemplia
    """
    from ..population.survey.areas import make_frame
    from ..population.survey.drawing import Plan, draw
    from ..population.survey.sampled import take

    source = open_people(people)
    plan = Plan(households, per_area, "equal" if selection == "equal" else "size", Decimal(1) if response is None else response, seed)
    frame = make_frame(source)
    drawn = draw(frame, plan)
    survey = take(source, frame, drawn)
    if country is not None:
        from ..projection.receipts import add_receipts

        survey = add_receipts(survey, load_law(country), find_country(country), seed)
    survey.save(Path(folder))
    _print(plan, drawn, survey, frame.households, folder, as_json)


def _print(plan: Plan, drawn: Drawn, survey: Population, there: int, folder: str, as_json: bool) -> None:
    answered, persons, weights = len(drawn.rows), survey.tables["persons"].rows, sum(drawn.weights, Decimal(0))
    if as_json:
        counts = {"asked": drawn.asked, "answered": answered, "persons": persons, "areas": drawn.areas, "seed": plan.seed}
        say_json({"folder": folder, **counts, "weight": weights, "households_of_the_population": there})
        return
    say(
        f"{counted(answered, 'household')} of {drawn.asked:,} asked in {counted(drawn.areas, 'area')}, with {counted(persons, 'person')}, are in "
        f"{folder}. They stand for {weights:,.0f} of {counted(there, 'household')}."
    )
