"""What both ways have in common: nobody outside is asked, and nobody outside calls."""

from __future__ import annotations

from storegen.sdk import (
    NotificationRefused,
    PaymentFact,
    RawNotification,
    RefundFact,
    RefundRequest,
)


class ByHand:
    """The part of `PaymentProvider` in which people do the work."""

    notifies = False

    def read_notification(self, raw: RawNotification) -> PaymentFact | RefundFact:
        raise NotificationRefused("nobody sends notifications for a payment made by hand")

    def acknowledge(self, ok: bool) -> tuple[int, str, bytes]:
        return 404, "text/plain", b""

    def query(self, reference: str) -> PaymentFact:
        return self._fact(reference, "unknown")

    def close(self, reference: str) -> PaymentFact:
        # Money that arrives all the same is seen, and sent back, by staff.
        return self._fact(reference, "closed")

    def refund(self, request: RefundRequest) -> RefundFact:
        return RefundFact(
            refund_reference=request.refund_reference,
            result="by_hand",
            amount=request.amount,
            reference=request.reference,
        )

    def query_refund(self, request: RefundRequest) -> RefundFact:
        return self.refund(request)

    def _fact(self, reference: str, result: str) -> PaymentFact:
        return PaymentFact(
            reference=reference,
            result="closed" if result == "closed" else "unknown",
            amount=0,
            currency="",
            provider_reference="",
            event_id=f"{reference}.{result}",
            occurred_at=0,
        )
