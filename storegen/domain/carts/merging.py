"""At sign-in the guest's cart becomes the customer's."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from storegen.domain.carts.changes import MAX_LINES, MAX_QUANTITY
from storegen.domain.carts.extras import MAX_ATTRIBUTES, MAX_COUPONS
from storegen.models import Cart, CartLine
from storegen.uow import UnitOfWork


def merge_carts(uow: UnitOfWork, session_id: int, customer_id: int) -> None:
    """Move the open cart of a session to its customer; where both have one, the same lines add up
    (to at most `MAX_QUANTITY`; more than `MAX_LINES` lines are left behind). Codes and what plugins
    stored come along; where both carts have something, what was done last, as a guest, counts."""
    guest = uow.db.execute(
        select(Cart.id, Cart.coupons, Cart.attributes)
        .where(Cart.session_id == session_id, Cart.customer_id.is_(None), Cart.state == "open")
        .order_by(Cart.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if guest is None:
        return
    own = uow.db.execute(
        select(Cart.id, Cart.coupons, Cart.attributes)
        .where(Cart.customer_id == customer_id, Cart.state == "open")
        .order_by(Cart.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if own is None:
        uow.db.execute(update(Cart).where(Cart.id == guest.id).values(customer_id=customer_id))
        return
    kept = {
        (row.variant_id, row.offer, row.attributes_key): row
        for row in uow.db.execute(select(CartLine.__table__).where(CartLine.cart_id == own.id))
    }
    for line in uow.db.execute(
        select(CartLine.__table__).where(CartLine.cart_id == guest.id).order_by(CartLine.id)
    ).all():
        same = kept.get((line.variant_id, line.offer, line.attributes_key))
        if same is not None:
            total = min(same.quantity + line.quantity, MAX_QUANTITY)
            uow.db.execute(update(CartLine).where(CartLine.id == same.id).values(quantity=total))
        elif len(kept) < MAX_LINES:
            uow.db.execute(update(CartLine).where(CartLine.id == line.id).values(cart_id=own.id))
            kept[(line.variant_id, line.offer, line.attributes_key)] = line
    if guest.coupons or guest.attributes:
        coupons = list(dict.fromkeys([*guest.coupons, *own.coupons]))[:MAX_COUPONS]
        both = {**own.attributes, **guest.attributes}
        attributes = dict(list(both.items())[-MAX_ATTRIBUTES:])
        uow.db.execute(
            update(Cart).where(Cart.id == own.id).values(coupons=coupons, attributes=attributes)
        )
    uow.db.execute(delete(CartLine).where(CartLine.cart_id == guest.id))
    uow.db.execute(
        update(Cart).where(Cart.id == guest.id).values(state="merged", updated_at=uow.now)
    )
