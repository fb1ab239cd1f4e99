"""Every way in which this plugin says no: a stable reason, and a sentence with what to do."""

from __future__ import annotations

from storegen_plugins.coupons.words import say

from storegen.sdk import Refused

SENTENCES = {
    "sign-in": "Please sign in to get this coupon.",
    "gone": "All of these coupons have been given out.",
    "not-yet": "This coupon cannot be claimed yet. Please come back when it starts.",
    "over": "The time to claim this coupon is over.",
    "not-offered": "This coupon is not offered any more.",
    "limit": "You have as many of this coupon as one person may have.",
    "limit-today": "You have as many of this coupon as you may get today. Come back tomorrow.",
    "limit-used": "This coupon has been used with your phone number or e-mail address already. "
    "Please take its code out of your cart.",
    "limit-person": "This coupon has been used with your phone number or e-mail address already. "
    "Please choose another one, or none, in your cart.",
    "new-customers": "This coupon is for a first order only.",
    "new-customers-order": "This coupon is for a first order only. Please choose another one, or "
    "none, in your cart.",
    "unknown-code": "This code does not exist. Please check how it is written.",
    "code-taken": "This code has been used already.",
    "code-over": "This code is not valid any more.",
    "too-many": "You have tried many codes. Please wait ten minutes and try again.",
    "used": "This coupon has been used already. Please look at the new total and order again.",
    "expired": "This coupon is not valid any more. Please look at the new total and order again.",
    "used-elsewhere": "The coupon of this order was used for another order meanwhile.",
}
"""Reason → message id."""


def refusal(reason: str, locale: str) -> Refused:
    return Refused(f"coupons:{reason}", say(locale, SENTENCES[reason]))
