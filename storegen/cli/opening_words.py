"""What keeps a shop from opening, as sentences for its owner. Codes: `storegen.domain.opening`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "closed-by-owner": "The shop was closed by its owner: `storegen open DIR` opens it again.",
        "no-company": "The company's name is missing (back office, Settings, Legal).",
        "no-licence": "The business licence number is missing (Settings, Legal).",
        "no-icp": "The ICP number of the domain is missing (Settings, Legal).",
        "no-page-privacy": "The privacy policy is not finished: fill in its 【】 (Pages).",
        "no-page-terms": "The terms are not finished: fill in their 【】 (Pages).",
        "no-page-returns": "The returns page is not finished: fill in its 【】 (Pages).",
        "no-contact": "Neither e-mail address nor telephone number is given (Settings, Brand).",
        "no-products": "No product is active: `storegen import DIR FILE` brings some.",
        "no-delivery": "No shipping method is active (Delivery).",
        "no-payment": "No payment method is active: list a payment plugin in store.toml.",
        "sandbox-payment": "The sandbox takes no real money: take pay_sandbox out of store.toml.",
        "no-address": "The public address is not known: set `base_url` in store.toml.",
    }
)
