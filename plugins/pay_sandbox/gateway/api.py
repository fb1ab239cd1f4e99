"""The signed API for shops."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from storegen_plugins.pay_sandbox.gateway import control, faults, payments, refunds
from storegen_plugins.pay_sandbox.gateway.faults import Fault
from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.merchants import Merchant
from storegen_plugins.pay_sandbox.gateway.refusals import LineDropped, Refused
from storegen_plugins.pay_sandbox.gateway.schemas import (
    NothingSchema,
    PaymentSchema,
    RefundSchema,
    read,
)
from storegen_plugins.pay_sandbox.signing import (
    MERCHANT,
    SIGNATURE,
    WINDOW_SECONDS,
    BadSignature,
    signed_headers,
    verify,
)
from werkzeug.wrappers import Request, Response

Said = tuple[int, dict[str, Any]]
Work = Callable[[], Said]


class Api:
    """Answers ``/v1/...`` and ``/_control``; every call and every answer is signed."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def answer(self, request: Request) -> Response:
        body = request.get_data()
        target = _target(request)
        try:
            merchant, nonce = self._authenticate(request, target, body)
        except Refused as refused:
            return _json(refused.status, {"code": refused.code, "message": refused.message})
        fault: Fault | None = None
        try:
            endpoint, work = self._route(request.method, request.path, merchant, body)
            if endpoint:
                with self._gateway.database.write() as db:
                    fault = faults.take(db, merchant.merchant_id, endpoint)
            status, said = _with_fault(fault, lambda: work(fault))
        except Refused as refused:
            status, said = refused.status, {"code": refused.code, "message": refused.message}
        self._gateway.work.set()
        if fault and fault.kind == "junk":
            return Response("<p>Bad gateway</p>", status, mimetype="text/html")
        response = _json(status, said)
        headers = signed_headers(
            merchant.secret,
            merchant.merchant_id,
            f"RESPONSE {status}",
            target,
            response.get_data(),
            now=self._gateway.wall(),
            nonce=nonce,
        )
        if fault and fault.kind == "unsigned":
            headers[SIGNATURE] = headers[SIGNATURE][::-1]
        response.headers.update(headers)
        return response

    def _authenticate(self, request: Request, target: str, body: bytes) -> tuple[Merchant, str]:
        merchant = self._gateway.merchants.get(request.headers.get(MERCHANT, ""))
        if merchant is None:
            raise Refused(401, "unknown-merchant")
        now = self._gateway.wall()
        try:
            nonce = verify(
                merchant.secret,
                merchant.merchant_id,
                request.method,
                target,
                {name.lower(): value for name, value in request.headers.items()},
                body,
                now=now,
            )
        except BadSignature as error:
            raise Refused(401, "bad-signature", str(error)) from error
        with self._gateway.database.write() as db:
            # Older ones are refused by their timestamp.
            db.execute("DELETE FROM nonce WHERE at < ?", (now - 2 * WINDOW_SECONDS,))
            added = db.execute(
                "INSERT OR IGNORE INTO nonce VALUES (?, ?, ?)", (merchant.merchant_id, nonce, now)
            )
            if added.rowcount == 0:
                raise Refused(401, "replayed")
        return merchant, nonce

    def _route(
        self, method: str, path: str, merchant: Merchant, body: bytes
    ) -> tuple[str, Callable[[Fault | None], Said]]:
        match method, path.removeprefix("/").split("/"):
            case "POST", ["v1", "payments"]:
                return "create", lambda _: self._create(merchant, body)
            case "GET", ["v1", "payments", reference]:
                return "query", lambda _: self._query(merchant, reference)
            case "POST", ["v1", "payments", reference, "close"]:
                return "close", lambda _: self._close(merchant, reference, body)
            case "POST", ["v1", "refunds"]:
                return "refund", lambda fault: self._refund(merchant, body, fault)
            case "GET", ["v1", "refunds", reference]:
                return "query_refund", lambda _: self._query_refund(merchant, reference)
            case "POST", ["_control"]:
                return "", lambda _: (200, control.obey(self._gateway, merchant, body))
        raise Refused(404, "no-such-endpoint")

    def _create(self, merchant: Merchant, body: bytes) -> Said:
        asked = read(PaymentSchema, body)
        now = self._gateway.now()
        with self._gateway.database.write() as db:
            payment = payments.create(db, merchant, asked, now)
            said = payments.fact(db, payment, now)
        return 201, {**said, "pay_path": f"/pay/{payment['token']}"}

    def _query(self, merchant: Merchant, reference: str) -> Said:
        with self._gateway.database.read() as db:
            payment = payments.get(db, merchant.merchant_id, reference)
            return 200, payments.fact(db, payment, self._gateway.now())

    def _close(self, merchant: Merchant, reference: str, body: bytes) -> Said:
        read(NothingSchema, body)
        if not reference.isascii() or not reference.isalnum() or len(reference) > 32:
            raise Refused(422, "invalid")
        now = self._gateway.now()
        with self._gateway.database.write() as db:
            payment = payments.close(db, merchant, reference, now)
            return 200, payments.fact(db, payment, now)

    def _refund(self, merchant: Merchant, body: bytes, fault: Fault | None) -> Said:
        asked = read(RefundSchema, body)
        with self._gateway.database.write() as db:
            row = refunds.refund(db, merchant.merchant_id, asked, fault, self._gateway.now())
            return 200, refunds.fact(db, row)

    def _query_refund(self, merchant: Merchant, reference: str) -> Said:
        with self._gateway.database.read() as db:
            return 200, refunds.fact(db, refunds.get(db, merchant.merchant_id, reference))


def _with_fault(fault: Fault | None, work: Work) -> Said:
    kind = fault.kind if fault else ""
    if fault and kind == "slow":
        time.sleep(fault.seconds)
    if kind == "drop_before":
        raise LineDropped
    if kind == "error":
        raise Refused(503, "out-of-order")
    said = work()
    if kind == "drop":
        raise LineDropped
    return said


def _json(status: int, said: dict[str, Any]) -> Response:
    content = json.dumps(said, ensure_ascii=False).encode()
    return Response(content, status, mimetype="application/json")


def _target(request: Request) -> str:
    """Path and query as they were sent, which is what was signed."""
    raw = request.environ.get("REQUEST_URI", "")
    if raw.startswith("/"):
        return str(raw)
    query = request.query_string.decode("latin-1")
    return quote(request.path) + (f"?{query}" if query else "")
