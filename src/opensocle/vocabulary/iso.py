"""Country codes of ISO 3166-1 and decimals of the currencies of ISO 4217; titles come from CLDR (Babel), loaded when they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from .model import Titles

COUNTRIES = tuple(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM
    CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY
    HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF
    MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE
    RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ
    VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905
)
"""The officially assigned alpha-2 codes."""

USER_ASSIGNED = tuple(f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Codes that ISO 3166-1 leaves to users: XK is widely used for Kosovo, others for fictional countries."""

_CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP
    COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
    NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
    """.split()  # noqa: SIM905
)
"""Currencies and funds codes in force at some time since 2020 that have a smallest unit."""

_DIGITS = (
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)  # noqa: SIM905
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)  # noqa: SIM905
    | {"CLF": 4, "UYW": 4}
)
"""Decimals of the currencies that do not have two: the minor units of ISO 4217, which are not always what circulates as cash."""


def currency_digits(code: str) -> int | None:
    """Decimals of the smallest unit of an ISO 4217 currency; None for a code that the standard does not list."""
    return _DIGITS.get(code, 2) if code in _CURRENCIES else None


class CountryNames(Mapping[str, Titles]):
    """Titles by country code, in English and French from CLDR; `given` titles come first. Reading the keys loads nothing."""

    def __init__(self, given: Mapping[str, Titles] | None = None) -> None:
        self._given = dict(given or {})
        self._codes = dict.fromkeys((*COUNTRIES, *USER_ASSIGNED, *self._given))

    def __getitem__(self, code: str) -> Titles:
        if code not in self._codes:
            raise KeyError(code)
        return self._given.get(code) or _title(code)

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __contains__(self, code: object) -> bool:
        return code in self._codes


@cache
def _title(code: str) -> Titles:
    if code in USER_ASSIGNED and code != "XK":
        return {"en": f"Country {code}", "fr": f"Pays {code}"}
    from babel import Locale

    return {language: Locale(language).territories[code] for language in ("en", "fr")}
