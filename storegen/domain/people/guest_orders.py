"""Orders placed as a guest, found again by the phone number or e-mail address given then."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from storegen.models import CustomerIdentity, Order, OrderContact
from storegen.uow import UnitOfWork


def claim_guest_orders(uow: UnitOfWork, customer_id: int) -> int:
    """Put guests' orders under the customer who has **proved** to own their contact.

    Returns how many there were. An identity that nobody verified claims nothing, and an order
    that belongs to a customer is never taken away.
    """
    subjects: dict[str, list[str]] = {"phone": [], "email": []}
    for provider, subject in uow.db.execute(
        select(CustomerIdentity.provider, CustomerIdentity.subject).where(
            CustomerIdentity.customer_id == customer_id,
            CustomerIdentity.verified_at.is_not(None),
            CustomerIdentity.provider.in_(sorted(subjects)),
        )
    ):
        subjects[provider].append(subject)
    if not any(subjects.values()):
        return 0
    theirs = select(OrderContact.order_id).where(
        or_(
            OrderContact.phone.in_(subjects["phone"]),
            OrderContact.email.in_(subjects["email"]),
        )
    )
    return uow.db.execute(
        update(Order)
        .where(Order.customer_id.is_(None), Order.id.in_(theirs))
        .values(customer_id=customer_id)
    ).rowcount
