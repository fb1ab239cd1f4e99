"""The seam between the core and payment providers (plugins)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """Ask a provider to take ``amount``. ``reference`` is ours, unique per attempt, at most 32
    ASCII letters and digits, so that every provider takes it. Addresses are absolute."""

    reference: str
    order_number: str
    amount: int
    currency: str
    description: str
    return_url: str
    notify_url: str
    locale: str
    expires_at: int
    """Unix seconds."""
    payer_subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentStart:
    """What to do next: send the customer to ``redirect_url``, or show ``instructions``.

    ``kind``: redirect; instructions (money comes later, staff confirm it: bank transfer);
    on_delivery (paid on receipt: the order ships unpaid).
    """

    kind: Literal["redirect", "instructions", "on_delivery"]
    redirect_url: str = ""
    instructions: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    """Locale → plain text."""
    provider_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawNotification:
    """A provider's HTTP call exactly as it came: signatures are checked on these bytes."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


PaymentResult = Literal["succeeded", "failed", "pending", "closed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFact:
    """What a provider says about one payment, verified. ``event_id`` is unique per fact."""

    reference: str
    result: PaymentResult
    amount: int
    currency: str
    provider_reference: str
    event_id: str
    occurred_at: int
    """Unix seconds."""
    payer_subject: str = ""
    app_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequest:
    """``refund_reference`` is made once and sent again unchanged on every retry."""

    reference: str
    refund_reference: str
    provider_reference: str
    amount: int
    paid_amount: int
    currency: str
    reason: str
    notify_url: str
    """"" while the shop does not know its own address: then only `query_refund` tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFact:
    """``unknown`` means that the provider gave no answer: it is resolved by `query_refund`."""

    refund_reference: str
    result: Literal["succeeded", "failed", "pending", "unknown", "by_hand"]
    amount: int
    reference: str = ""
    """The payment that was refunded, where the provider says it."""
    provider_reference: str = ""
    event_id: str = ""
    message: str = ""


SANDBOX = "sandbox"
"""What a provider's ``code`` begins with if it takes no real money. The code is stored with each
payment, so play money can be told from real money after its plugin has gone."""


def is_play_money(code: str) -> bool:
    """Whether the provider of this ``code`` moves play money: for demo mode only."""
    return code.startswith(SANDBOX)


class PaymentProvider(Protocol):
    """A way to pay. Calls may take seconds and are never made inside a database transaction.

    A method raises `ProviderDown` when the outcome is not known, `NotificationRefused` when a
    notification cannot be trusted; any other exception is a defect of the plugin and contained.
    """

    code: str
    """Stable, lower case, unique over all plugins: stored with each payment. One that begins with
    ``sandbox`` moves no real money: it is offered, and believed, in demo mode only."""

    titles: Mapping[str, str]
    """Locale → name shown to the customer; ``en`` must be there."""

    notifies: bool
    """True if payments are confirmed by notification or query, not by staff."""

    def available(self, *, amount: int, currency: str, country: str, channel: str) -> bool: ...

    def start(self, request: PaymentRequest) -> PaymentStart: ...

    def read_notification(self, raw: RawNotification) -> PaymentFact | RefundFact: ...

    def acknowledge(self, ok: bool) -> tuple[int, str, bytes]:
        """Status, content type and body that this provider wants as the answer."""

    def query(self, reference: str) -> PaymentFact:
        """Ask for the present state; result ``unknown`` if the provider knows no such payment."""

    def close(self, reference: str) -> PaymentFact:
        """Make sure that it can no longer be paid; ``succeeded`` if it was paid before that."""

    def refund(self, request: RefundRequest) -> RefundFact: ...

    def query_refund(self, request: RefundRequest) -> RefundFact: ...
