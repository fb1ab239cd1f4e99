"""The shop's side of the sandbox: an ordinary payment provider."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from storegen_plugins.pay_sandbox.client import CODE, GatewayClient
from storegen_plugins.pay_sandbox.facts import Malformed, payment_fact, refund_fact
from storegen_plugins.pay_sandbox.signing import BadSignature, verify

from storegen.sdk import (
    NotificationRefused,
    PaymentFact,
    PaymentRequest,
    PaymentStart,
    ProviderDown,
    RawNotification,
    RefundFact,
    RefundRequest,
)


class SandboxProvider:
    """Takes sandbox money. See `storegen.sdk.PaymentProvider` for what each method promises."""

    code = CODE
    titles: Mapping[str, str] = MappingProxyType(
        {"en": "Sandbox payment (no real money)", "zh": "沙箱支付（不涉及真实资金）"}
    )
    notifies = True

    def __init__(
        self, client: GatewayClient, *, app_id: str, public_url: str, currency: str
    ) -> None:
        self._client = client
        self._app_id = app_id
        self._public_url = public_url.rstrip("/")
        self._currency = currency

    def available(self, *, amount: int, currency: str, country: str, channel: str) -> bool:
        return amount > 0

    def start(self, request: PaymentRequest) -> PaymentStart:
        status, answer = self._client.call(
            "POST",
            "/v1/payments",
            {
                "app_id": self._app_id,
                "reference": request.reference,
                "order_number": request.order_number,
                "amount": request.amount,
                "currency": request.currency,
                "description": request.description,
                "return_url": request.return_url,
                "notify_url": request.notify_url,
                "locale": request.locale,
                "expires_at": request.expires_at,
                "payer_subject": request.payer_subject,
            },
        )
        path = answer.get("pay_path")
        if status not in (200, 201) or not isinstance(path, str) or not path.startswith("/pay/"):
            raise ProviderDown(CODE, f"payment refused: {answer.get('code', status)}")
        return PaymentStart(
            kind="redirect",
            redirect_url=self._public_url + path,
            provider_reference=str(answer.get("payment_id", "")),
        )

    def read_notification(self, raw: RawNotification) -> PaymentFact | RefundFact:
        target = f"{raw.path}?{raw.query}" if raw.query else raw.path
        try:
            verify(
                self._client.secret,
                self._client.merchant_id,
                raw.method,
                target,
                raw.headers,
                raw.body,
                now=self._client.now(),
            )
            said = json.loads(raw.body)
            if not isinstance(said, dict):
                raise Malformed("not an object")
            if said.get("merchant_id") != self._client.merchant_id:
                raise Malformed("another merchant's")
            if said.get("app_id") != self._app_id:
                raise Malformed("another app's")
            match said.get("type"):
                case "payment":
                    return payment_fact(said)
                case "refund":
                    return refund_fact(said)
                case _:
                    raise Malformed("neither payment nor refund")
        except (BadSignature, Malformed, ValueError, RecursionError) as error:
            raise NotificationRefused(str(error)) from error

    def acknowledge(self, ok: bool) -> tuple[int, str, bytes]:
        if ok:
            return 200, "application/json", b'{"code":"SUCCESS"}'
        return 500, "application/json", b'{"code":"FAIL"}'

    def query(self, reference: str) -> PaymentFact:
        status, answer = self._client.call("GET", f"/v1/payments/{reference}")
        if status == 404:
            return PaymentFact(
                reference=reference,
                result="unknown",
                amount=0,
                currency=self._currency,
                provider_reference="",
                event_id=f"{reference}.unknown",
                occurred_at=int(self._client.now()),
            )
        return self._payment(status, answer, reference)

    def close(self, reference: str) -> PaymentFact:
        status, answer = self._client.call("POST", f"/v1/payments/{reference}/close", {})
        return self._payment(status, answer, reference)

    def refund(self, request: RefundRequest) -> RefundFact:
        status, answer = self._client.call(
            "POST",
            "/v1/refunds",
            {
                "reference": request.reference,
                "refund_reference": request.refund_reference,
                "amount": request.amount,
                "currency": request.currency,
                "reason": request.reason,
                "notify_url": request.notify_url,
            },
        )
        return self._refund(status, answer, request)

    def query_refund(self, request: RefundRequest) -> RefundFact:
        status, answer = self._client.call("GET", f"/v1/refunds/{request.refund_reference}")
        if status == 404:
            return self._no_refund(request, "unknown", "the gateway knows no such refund")
        return self._refund(status, answer, request)

    def _payment(self, status: int, answer: dict[str, Any], reference: str) -> PaymentFact:
        try:
            fact = payment_fact(answer)
        except Malformed as error:
            raise ProviderDown(CODE, f"HTTP {status}: {answer.get('code', error)}") from error
        if status != 200 or fact.reference != reference or fact.app_id != self._app_id:
            raise ProviderDown(CODE, f"HTTP {status} about another payment")
        return fact

    def _refund(self, status: int, answer: dict[str, Any], request: RefundRequest) -> RefundFact:
        if 400 <= status < 500:
            if answer.get("code") == "refund-number-reused":
                raise ProviderDown(CODE, "the refund number stands for another refund")
            # A definite no: nothing was refunded under this number.
            return self._no_refund(request, "failed", str(answer.get("code", status)))
        try:
            fact = refund_fact(answer)
        except Malformed as error:
            raise ProviderDown(CODE, str(error)) from error
        if (fact.refund_reference, fact.amount) != (request.refund_reference, request.amount):
            raise ProviderDown(CODE, "answer about another refund")
        return fact

    def _no_refund(self, request: RefundRequest, result: str, message: str) -> RefundFact:
        return RefundFact(
            refund_reference=request.refund_reference,
            result="failed" if result == "failed" else "unknown",
            amount=request.amount,
            reference=request.reference,
            message=message,
        )
