"""What is personal on public pages, in one request made afterwards by those who have a session."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.wrappers import Response
from markupsafe import escape
from sqlalchemy import func, select

from storegen.domain.carts.loading import of_actor
from storegen.models import Cart, CartLine, Customer
from storegen.web.context import Context, current
from storegen.web.plugins import pieces

blueprint = Blueprint("fragment", __name__)


@blueprint.get("/fragment")
def fragment() -> Response:
    """``{slot: html}``; a slot that has nothing to say is "" and stays as the page has it.
    ``piece`` (many times) names pieces of plugins that the page has places for."""
    context = current()
    slots = {"cart_count": "", "customer": ""}
    if context.session is not None:
        slots = {"cart_count": _cart_count(context), "customer": _customer(context)}
        slots |= pieces.personal(context, request.args.getlist("piece"))
    response = jsonify(slots)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _cart_count(context: Context) -> str:
    pieces = context.db.db.scalar(
        select(func.sum(CartLine.quantity))
        .join(Cart, Cart.id == CartLine.cart_id)
        .where(of_actor(context.actor))
    )
    if not pieces:
        return ""
    return "99+" if pieces > 99 else str(pieces)


def _customer(context: Context) -> str:
    customer_id = context.actor.customer_id
    if customer_id is None:
        return ""
    name = context.db.db.scalar(select(Customer.name).where(Customer.id == customer_id))
    return str(escape((name or "")[:20]))
