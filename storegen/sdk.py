"""The one module of storegen that plugins import.

What is here stays compatible within a minor version; what is not here may change at any time.
"""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from storegen.errors import NotificationRefused, PluginProblem, ProviderDown, StoreError
from storegen.hookspecs import hookimpl
from storegen.plugins.http import http_client
from storegen.plugins.manifest import Manifest
from storegen.values.money import CURRENCIES, Money, exponent, parse_decimal, to_decimal
from storegen.values.payment import (
    PaymentFact,
    PaymentProvider,
    PaymentRequest,
    PaymentResult,
    PaymentStart,
    RawNotification,
    RefundFact,
    RefundRequest,
)
from storegen.values.plugin import Clock, Companion, PluginSetup

__all__ = [
    "CURRENCIES",
    "Clock",
    "Companion",
    "Manifest",
    "Money",
    "NotificationRefused",
    "PaymentFact",
    "PaymentProvider",
    "PaymentRequest",
    "PaymentResult",
    "PaymentStart",
    "PluginProblem",
    "PluginSetup",
    "ProviderDown",
    "RawNotification",
    "RefundFact",
    "RefundRequest",
    "Schema",
    "StoreError",
    "ValidationError",
    "exponent",
    "fields",
    "hookimpl",
    "http_client",
    "parse_decimal",
    "to_decimal",
    "validate",
    "validates_schema",
]
