"""Money as whole minor units, and the only arithmetic that may touch it.

Sources: ISO 4217 for codes and exponents; rounding and splitting policies are
declared in ``docs/reference/money.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storegen.errors import InvalidAmount, UnknownCurrency

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW "
    "KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
    "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR "
    "SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())
_EXPONENTS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
MAX_AMOUNT = 10**15
"""No amount in a store passes this: it leaves room to multiply inside BIGINT."""

_DECIMAL = re.compile(r"([+-]?)(\d+)(?:\.(\d*))?|([+-]?)\.(\d+)", re.ASCII)


def exponent(currency: str) -> int:
    """Digits after the decimal point: 2 for CNY, 0 for JPY, 3 for KWD.

    Raises `UnknownCurrency` for what ISO 4217 does not list.
    """
    if currency not in CURRENCIES:
        raise UnknownCurrency(currency)
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole minor units (1999 CNY is ¥19.99)."""

    amount: int
    currency: str

    def to_dict(self) -> dict[str, int | str]:
        return {"amount": self.amount, "currency": self.currency}

    def __str__(self) -> str:
        return f"{to_decimal(self.amount, self.currency)} {self.currency}"


def to_decimal(amount: int, currency: str) -> str:
    """Minor units as plain decimal text with a point: 1999 CNY → ``19.99``."""
    digits = exponent(currency)
    sign = "-" if amount < 0 else ""
    text = str(abs(amount)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def parse_decimal(text: str, currency: str) -> int:
    """Plain decimal text to minor units, exactly: no float, no rounding of real digits.

    Accepts ``19.99``, ``19.9``, ``19``, ``.5`` and trailing zeros beyond the
    currency's digits. Raises `InvalidAmount` for anything else.
    """
    match = _DECIMAL.fullmatch(text.strip())
    if match is None:
        raise InvalidAmount(text, currency)
    digits = exponent(currency)
    sign = match[1] or match[4] or ""
    whole = match[2] or "0"
    fraction = match[3] or match[5] or ""
    if fraction[digits:].strip("0"):
        raise InvalidAmount(text, currency)
    if len(whole) > 15:
        raise InvalidAmount(text, currency)
    value = int(whole) * int(10**digits) + int(fraction[:digits].ljust(digits, "0") or "0")
    if value > MAX_AMOUNT:
        raise InvalidAmount(text, currency)
    return -value if sign == "-" else value


def round_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest integer, halves away from zero."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    if numerator < 0:
        return -round_half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


def allocate(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split ``amount`` over ``weights`` by largest remainder; the shares sum to it exactly.

    Ties go to the earlier weight; negative amounts mirror positive ones;
    all-zero weights share equally; no weights give no shares.
    """
    if not weights:
        return ()
    if min(weights) < 0:
        raise ValueError("weights must not be negative")
    if amount < 0:
        return tuple(-share for share in allocate(-amount, weights))
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    shares: list[int] = []
    remainders: list[int] = []
    for weight in weights:
        share, remainder = divmod(amount * weight, total)
        shares.append(share)
        remainders.append(remainder)
    if rest := amount - sum(shares):
        # A reversed sort is stable: among equal remainders the earlier stays first.
        by_remainder = sorted(range(len(shares)), key=remainders.__getitem__, reverse=True)
        for i in by_remainder[:rest]:
            shares[i] += 1
    return tuple(shares)


def unit_share(amount: int, quantity: int, start: int, count: int) -> int:
    """What ``count`` units from index ``start`` carry of a line's ``amount``.

    Units are told apart by index, so that taking them one by one, in any
    grouping, sums to ``amount``: the first ``amount % quantity`` units carry one more.
    """
    if not 0 <= start <= start + count <= quantity:
        raise ValueError("units outside the line")
    base, extra = divmod(amount, quantity)
    return base * count + max(0, min(start + count, extra) - min(start, extra))
