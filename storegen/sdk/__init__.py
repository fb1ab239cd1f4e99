"""The one package of storegen that plugins import.

What is here and in `storegen.sdk.web` stays compatible within a minor version; what is not here
may change at any time. Everything of SQLAlchemy, marshmallow and the standard library may be
imported as it is.
"""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate, validates_schema
from sqlalchemy.orm import Mapped, mapped_column

from storegen.domain.limits import count as count_tries
from storegen.domain.limits import hit as count_limit
from storegen.domain.outbox import emit_own as emit
from storegen.domain.rewards import issue as issue_reward
from storegen.domain.upsert import insert, insert_new, upsert
from storegen.errors import (
    ChannelDown,
    Conflict,
    Forbidden,
    Invalid,
    InvalidAmount,
    MessageRefused,
    NoIssuer,
    NotAllowed,
    NotFound,
    NotificationRefused,
    NotSignedIn,
    PluginProblem,
    ProviderDown,
    Refused,
    StoreError,
    TooMany,
)
from storegen.hookspecs import hookimpl
from storegen.models.base import (
    Amount,
    BigId,
    JsonDict,
    JsonList,
    Pk,
    PublicId,
    UTCMicros,
    When,
    random_id,
)
from storegen.plugins.http import http_client
from storegen.plugins.manifest import Manifest
from storegen.sdk.settings import settings_of
from storegen.sdk.tables import core_key, tables
from storegen.uow import UnitOfWork
from storegen.values.actor import CLI, JOB, Actor
from storegen.values.carrier import Carrier
from storegen.values.event import Event
from storegen.values.message import MessageChannel, OutgoingMessage
from storegen.values.money import CURRENCIES, Money, exponent, parse_decimal, to_decimal
from storegen.values.orders import OrderChange, OrderedLine
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
from storegen.values.plugin import Clock, Companion, PluginJob, PluginSetup, SlotPiece, SlotView
from storegen.values.pricing import (
    BundlePart,
    CartView,
    Gift,
    LineTax,
    LineView,
    Offer,
    Promotion,
    Surcharge,
)
from storegen.values.reward import IssuedReward, Reward

Minor = Amount
"""A column of money in minor units."""

__all__ = [
    "CLI",
    "CURRENCIES",
    "JOB",
    "Actor",
    "Amount",
    "BigId",
    "BundlePart",
    "Carrier",
    "CartView",
    "ChannelDown",
    "Clock",
    "Companion",
    "Conflict",
    "Event",
    "Forbidden",
    "Gift",
    "Invalid",
    "InvalidAmount",
    "IssuedReward",
    "JsonDict",
    "JsonList",
    "LineTax",
    "LineView",
    "Manifest",
    "Mapped",
    "MessageChannel",
    "MessageRefused",
    "Minor",
    "Money",
    "NoIssuer",
    "NotAllowed",
    "NotFound",
    "NotSignedIn",
    "NotificationRefused",
    "Offer",
    "OrderChange",
    "OrderedLine",
    "OutgoingMessage",
    "PaymentFact",
    "PaymentProvider",
    "PaymentRequest",
    "PaymentResult",
    "PaymentStart",
    "Pk",
    "PluginJob",
    "PluginProblem",
    "PluginSetup",
    "Promotion",
    "ProviderDown",
    "PublicId",
    "RawNotification",
    "RefundFact",
    "RefundRequest",
    "Refused",
    "Reward",
    "Schema",
    "SlotPiece",
    "SlotView",
    "StoreError",
    "Surcharge",
    "TooMany",
    "UTCMicros",
    "UnitOfWork",
    "ValidationError",
    "When",
    "core_key",
    "count_limit",
    "count_tries",
    "emit",
    "exponent",
    "fields",
    "hookimpl",
    "http_client",
    "insert",
    "insert_new",
    "issue_reward",
    "mapped_column",
    "parse_decimal",
    "random_id",
    "settings_of",
    "tables",
    "to_decimal",
    "upsert",
    "validate",
    "validates_schema",
]
