"""A payment provider whose defects stay its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from storegen.errors import NotificationRefused, ProviderDown
from storegen.plugins.breaker import Breaker
from storegen.plugins.said import said, trace_of
from storegen.values.payment import (
    PaymentFact,
    PaymentProvider,
    PaymentRequest,
    PaymentStart,
    RawNotification,
    RefundFact,
    RefundRequest,
)

log = logging.getLogger(__name__)
_T = TypeVar("_T")
HOOK = "payment_methods"


class ContainedProvider:
    """Calls a plugin's provider, lets its refusals pass, and turns defects into refusals.

    A defect is any other exception, or a value of another type. It is logged and counted; the
    outcome is then as unknown as after a lost answer, so callers have one case to think of, not
    two. While the breaker is open the method is not offered and not started; what concerns money
    already under way (notifications, queries, closing, refunds) is still tried.
    """

    def __init__(self, plugin: str, inner: PaymentProvider, breaker: Breaker) -> None:
        self.plugin = plugin
        self.code: str = inner.code
        self.titles: Mapping[str, str] = inner.titles
        self.notifies: bool = inner.notifies
        self._inner = inner
        self._breaker = breaker

    def available(self, *, amount: int, currency: str, country: str, channel: str) -> bool:
        if self._breaker.is_open(self.plugin, HOOK):
            return False
        try:
            return self._call(
                "available",
                bool,
                lambda: self._inner.available(
                    amount=amount, currency=currency, country=country, channel=channel
                ),
            )
        except ProviderDown:
            return False

    def start(self, request: PaymentRequest) -> PaymentStart:
        if self._breaker.is_open(self.plugin, HOOK):
            raise ProviderDown(self.code, "breaker open")
        return self._call("start", PaymentStart, lambda: self._inner.start(request))

    def read_notification(self, raw: RawNotification) -> PaymentFact | RefundFact:
        try:
            return self._call(
                "read_notification",
                (PaymentFact, RefundFact),
                lambda: self._inner.read_notification(raw),
            )
        except ProviderDown as error:
            raise NotificationRefused(error.reason) from error

    def acknowledge(self, ok: bool) -> tuple[int, str, bytes]:
        try:
            answer = self._call("acknowledge", tuple, lambda: self._inner.acknowledge(ok))
            status, kind, body = answer
            return int(status), str(kind), bytes(body)
        except (ProviderDown, ValueError, TypeError):
            # Not acknowledged: the provider will say it again, and a fact is applied once.
            return 500, "text/plain", b""

    def query(self, reference: str) -> PaymentFact:
        return self._call("query", PaymentFact, lambda: self._inner.query(reference))

    def close(self, reference: str) -> PaymentFact:
        return self._call("close", PaymentFact, lambda: self._inner.close(reference))

    def refund(self, request: RefundRequest) -> RefundFact:
        return self._call("refund", RefundFact, lambda: self._inner.refund(request))

    def query_refund(self, request: RefundRequest) -> RefundFact:
        return self._call("query_refund", RefundFact, lambda: self._inner.query_refund(request))

    def _call(self, method: str, kind: Any, call: Callable[[], _T]) -> _T:
        try:
            value = call()
        except (ProviderDown, NotificationRefused):
            raise
        except (Exception, SystemExit) as error:
            self._fault(method, error)
            raise ProviderDown(self.code, f"defect in {method}") from error
        if not isinstance(value, kind):
            self._fault(method, TypeError(f"returned {type(value).__name__}"))
            raise ProviderDown(self.code, f"{method} returned {type(value).__name__}")
        return value

    def _fault(self, method: str, error: BaseException) -> None:
        self._breaker.fault(self.plugin, HOOK, said(error))
        log.error(
            "plugin %s: %s.%s failed: %s",
            self.plugin,
            self.code,
            method,
            trace_of(error),
        )
