"""The embedded codes of countries and currencies against CLDR."""

import subprocess
import sys
from datetime import date

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies

from opensocle.vocabulary import currency_digits, vocabulary
from opensocle.vocabulary.iso import COUNTRIES, USER_ASSIGNED, CountryNames

NOT_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
"""Territories of CLDR that ISO 3166-1 reserves, or that are no country."""

CASH = {"AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SLL", "SOS", "SYP", "YER"}
"""CLDR gives these no decimals, as in daily use; ISO 4217 gives them two."""


def test_the_countries_are_those_of_cldr() -> None:
    territories = {code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()}
    assert set(COUNTRIES) == territories - NOT_ISO
    assert len(COUNTRIES) == 249


def test_a_country_has_its_name_in_both_languages() -> None:
    names = vocabulary().codes["country"].values
    assert names["DE"] == {"en": "Germany", "fr": "Allemagne"}
    assert names["XK"] == {"en": "Kosovo", "fr": "Kosovo"}
    assert names["XE"] == {"en": "Country XE", "fr": "Pays XE"}
    assert "NO" in names and "ZZ" not in names and names.get("ZZ") is None
    assert len(names) == len(list(names)) == len(COUNTRIES) + len(USER_ASSIGNED)


def test_reading_the_country_codes_does_not_load_babel() -> None:
    code = "from opensocle.vocabulary import vocabulary; assert 'FR' in vocabulary().codes['country'].values"
    subprocess.run([sys.executable, "-c", f"import sys; {code}; assert 'babel' not in sys.modules"], check=True)


def test_importing_the_vocabulary_reads_no_file() -> None:
    subprocess.run([sys.executable, "-c", "import sys, opensocle.vocabulary; assert 'yaml' not in sys.modules"], check=True)


def test_every_legal_tender_is_listed() -> None:
    since = date(2020, 1, 1)
    for territory in get_global("territory_currencies").values():
        for code, _, end, tender in territory:
            if tender and (end is None or date(*end) >= since):
                assert currency_digits(code) is not None, code


def test_decimals_of_currencies_are_those_of_cldr_unless_it_gives_those_of_cash() -> None:
    known = set(list_currencies())
    for code in sorted(known):
        digits = currency_digits(code)
        if digits is None:
            continue
        if code in CASH:
            assert (digits, get_currency_precision(code)) == (2, 0)
        elif code in ("IQD", "UYW"):  # 3 and 4 in ISO 4217
            assert digits == {"IQD": 3, "UYW": 4}[code]
        else:
            assert digits == get_currency_precision(code), code


def test_an_unknown_currency_has_no_decimals() -> None:
    assert [currency_digits(code) for code in ("XMU", "XXX", "XAU", "eur", "")] == [None] * 5


def test_given_names_come_first() -> None:
    names = CountryNames({"XE": {"en": "Exemplia"}})
    assert names["XE"] == {"en": "Exemplia"}
    assert names["FR"]["fr"] == "France"
