"""What measures, scenarios and built-in groups are called, in English and French."""

from __future__ import annotations

from collections.abc import Mapping

Titles = Mapping[str, str]

MEASURES: Mapping[str, Titles] = {
    "persons": {"en": "Persons", "fr": "Personnes"},
    "mean": {"en": "Mean welfare", "fr": "Niveau de vie moyen"},
    "median": {"en": "Median welfare", "fr": "Niveau de vie médian"},
    "line": {"en": "Poverty line", "fr": "Seuil de pauvreté"},
    "fgt0": {"en": "Poverty rate", "fr": "Taux de pauvreté"},
    "fgt1": {"en": "Poverty gap", "fr": "Écart de pauvreté"},
    "fgt2": {"en": "Severity of poverty", "fr": "Sévérité de la pauvreté"},
    "poor": {"en": "Poor persons", "fr": "Personnes pauvres"},
    "fgt0_change": {"en": "Change of the poverty rate", "fr": "Variation du taux de pauvreté"},
    "fgt1_change": {"en": "Change of the poverty gap", "fr": "Variation de l'écart de pauvreté"},
    "fgt2_change": {"en": "Change of the severity of poverty", "fr": "Variation de la sévérité de la pauvreté"},
    "watts": {"en": "Watts index", "fr": "Indice de Watts"},
    "sen": {"en": "Sen index", "fr": "Indice de Sen"},
    "sst": {"en": "Sen-Shorrocks-Thon index", "fr": "Indice de Sen-Shorrocks-Thon"},
    "median_gap": {"en": "Relative median poverty gap", "fr": "Écart médian relatif de pauvreté"},
    "gini": {"en": "Gini coefficient", "fr": "Coefficient de Gini"},
    "gini_change": {"en": "Change of the Gini coefficient", "fr": "Variation du coefficient de Gini"},
    "theil": {"en": "Theil index", "fr": "Indice de Theil"},
    "mean_log_deviation": {"en": "Mean log deviation", "fr": "Écart logarithmique moyen"},
    "atkinson1": {"en": "Atkinson index (aversion 1)", "fr": "Indice d'Atkinson (aversion 1)"},
    "palma": {"en": "Palma ratio", "fr": "Ratio de Palma"},
    "s80s20": {"en": "S80/S20 ratio", "fr": "Ratio S80/S20"},
    "coverage": {"en": "Coverage", "fr": "Couverture"},
    "beneficiaries": {"en": "Share of the beneficiaries", "fr": "Part des bénéficiaires"},
    "incidence": {"en": "Share of the benefits", "fr": "Part des prestations"},
    "adequacy": {"en": "Transfer as a share of recipients' welfare", "fr": "Transfert rapporté au niveau de vie des bénéficiaires"},
    "mean_transfer": {"en": "Mean transfer of recipients", "fr": "Transfert moyen des bénéficiaires"},
    "to_poor": {"en": "Share of the benefits that goes to the poor", "fr": "Part des prestations versée aux pauvres"},
    "poverty_effect": {"en": "Poverty rate without this transfer, less with it", "fr": "Taux de pauvreté sans ce transfert, moins le taux avec lui"},
    "gap_effect": {"en": "Poverty gap without this transfer, less with it", "fr": "Écart de pauvreté sans ce transfert, moins l'écart avec lui"},
    "gini_effect": {"en": "Gini coefficient without this transfer, less with it", "fr": "Coefficient de Gini sans ce transfert, moins avec lui"},
    "gap_closed": {"en": "Fall of the total gap for each unit spent", "fr": "Baisse de l'écart total par unité dépensée"},
    "concentration": {"en": "Concentration coefficient", "fr": "Coefficient de concentration"},
    "redistributive_effect": {"en": "Redistributive effect", "fr": "Effet redistributif"},
    "reranking": {"en": "Reranking", "fr": "Reclassement"},
    "reynolds_smolensky": {"en": "Reynolds-Smolensky index", "fr": "Indice de Reynolds-Smolensky"},
    "kakwani": {"en": "Kakwani index", "fr": "Indice de Kakwani"},
    "exclusion_error": {"en": "Poor persons who are not reached", "fr": "Personnes pauvres non atteintes"},
    "inclusion_error": {"en": "Beneficiaries who are not poor", "fr": "Bénéficiaires qui ne sont pas pauvres"},
    "cgh": {"en": "CGH index (share of the poorest 40 % / 40 %)", "fr": "Indice CGH (part des 40 % les plus pauvres / 40 %)"},
    "cost_per_person_lifted": {"en": "Cost per person lifted by the transfer", "fr": "Coût par personne que le transfert sort de la pauvreté"},
    "theil_within": {"en": "Theil index within the groups", "fr": "Indice de Theil à l'intérieur des groupes"},
    "theil_between": {"en": "Theil index between the groups", "fr": "Indice de Theil entre les groupes"},
    "theil_between_share": {"en": "Share of inequality between the groups", "fr": "Part de l'inégalité entre les groupes"},
    "poor_share": {"en": "Share of the poor who are in the group", "fr": "Part des pauvres qui sont dans le groupe"},
    "gap_share": {"en": "Share of the poverty gap that is in the group", "fr": "Part de l'écart de pauvreté qui est dans le groupe"},
    "impoverished": {"en": "Persons made poor or poorer", "fr": "Personnes appauvries"},
    "fiscal_impoverishment": {"en": "Fiscal impoverishment", "fr": "Appauvrissement budgétaire"},
    "gaining_poor": {"en": "Poor persons who gain", "fr": "Personnes pauvres qui gagnent"},
    "fiscal_gains": {"en": "Fiscal gains of the poor", "fr": "Gains budgétaires des pauvres"},
    "income_mean": {"en": "Mean income by concept", "fr": "Revenu moyen selon le concept"},
    "income_gini": {"en": "Gini coefficient by concept", "fr": "Coefficient de Gini selon le concept"},
    "income_fgt0": {"en": "Poverty rate by concept", "fr": "Taux de pauvreté selon le concept"},
    "income_fgt1": {"en": "Poverty gap by concept", "fr": "Écart de pauvreté selon le concept"},
    "winners": {"en": "Share who gain", "fr": "Part des gagnants"},
    "losers": {"en": "Share who lose", "fr": "Part des perdants"},
    "mean_change": {"en": "Mean change of welfare", "fr": "Variation moyenne du niveau de vie"},
    "lifted": {"en": "Persons lifted out of poverty", "fr": "Personnes sorties de la pauvreté"},
    "cost": {"en": "Cost of the reform", "fr": "Coût de la réforme"},
    "cost_per_lifted": {"en": "Cost per person lifted out of poverty", "fr": "Coût par personne sortie de la pauvreté"},
    "deprived": {"en": "Deprived in the indicator", "fr": "Privés selon l'indicateur"},
    "mpi_headcount": {"en": "Multidimensionally poor", "fr": "Pauvres multidimensionnels"},
    "mpi_intensity": {"en": "Intensity of deprivation", "fr": "Intensité des privations"},
    "mpi": {"en": "Adjusted headcount ratio (M0)", "fr": "Taux ajusté (M0)"},
}
SCENARIOS: Mapping[str, Titles] = {
    "none": {"en": "Before transfers", "fr": "Avant transferts"},
    "current": {"en": "With today's transfers", "fr": "Avec les transferts actuels"},
}
CONCEPTS: Mapping[str, Titles] = {
    "market": {"en": "Market income", "fr": "Revenu marchand"},
    "market_plus_pensions": {"en": "Market income plus pensions", "fr": "Revenu marchand plus pensions"},
    "net_market": {"en": "Net market income", "fr": "Revenu marchand net"},
    "gross": {"en": "Gross income", "fr": "Revenu brut"},
    "taxable": {"en": "Taxable income", "fr": "Revenu imposable"},
    "disposable": {"en": "Disposable income", "fr": "Revenu disponible"},
    "consumable": {"en": "Consumable income", "fr": "Revenu consommable"},
    "final": {"en": "Final income", "fr": "Revenu final"},
}
COMPONENTS: Mapping[str, Titles] = {
    "factor_income": {"en": "factor income", "fr": "revenus des facteurs"},
    "private_transfers": {"en": "private transfers", "fr": "transferts privés"},
    "imputed_rent": {"en": "imputed rent", "fr": "loyers imputés"},
    "own_production": {"en": "own production", "fr": "autoconsommation"},
    "contributory_pensions": {"en": "contributory pensions", "fr": "pensions contributives"},
    "pension_contributions": {"en": "pension contributions", "fr": "cotisations de retraite"},
    "other_contributions": {"en": "other contributions", "fr": "autres cotisations"},
    "direct_taxes": {"en": "direct taxes", "fr": "impôts directs"},
    "direct_transfers": {"en": "direct transfers", "fr": "transferts directs"},
    "non_taxable": {"en": "non-taxable income", "fr": "revenus non imposables"},
    "indirect_subsidies": {"en": "indirect subsidies", "fr": "subventions indirectes"},
    "indirect_taxes": {"en": "indirect taxes", "fr": "impôts indirects"},
    "education": {"en": "public education", "fr": "éducation publique"},
    "health": {"en": "public health care", "fr": "santé publique"},
    "user_fees": {"en": "user fees", "fr": "participations des usagers"},
}
EVERYONE: Titles = {"en": "Everyone", "fr": "Ensemble"}
QUANTILES: Mapping[int, Titles] = {
    4: {"en": "Quartiles before transfers", "fr": "Quartiles avant transferts"},
    5: {"en": "Quintiles before transfers", "fr": "Quintiles avant transferts"},
    10: {"en": "Deciles before transfers", "fr": "Déciles avant transferts"},
}
TRUTHS: Mapping[int, Titles] = {1: {"en": "Yes", "fr": "Oui"}, 0: {"en": "No", "fr": "Non"}}
LINES: Titles = {"en": "Poverty line", "fr": "Seuil de pauvreté"}


def quantiles(count: int) -> Titles:
    """What groups of equal size by welfare before transfers are called."""
    return QUANTILES.get(count) or {"en": f"{count} equal groups before transfers", "fr": f"{count} groupes égaux avant transferts"}
