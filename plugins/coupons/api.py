"""Coupons in the API: what can be claimed, the wallet, and codes in the cart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from storegen_plugins.coupons import entering, issuing, reading
from storegen_plugins.coupons.campaigns import CENTRE
from storegen_plugins.coupons.pricing import NONE
from storegen_plugins.coupons.shown import Held, Offered, Words
from storegen_plugins.coupons.tables import Coupon

from storegen.sdk import count_limit, fields
from storegen.sdk import web as sdk
from storegen.sdk.carts import set_attribute

api = sdk.Api("coupons", __name__, description="Coupons: to claim, in the wallet, in the cart.")
CLAIMS, WINDOW = 20, 600


class Described(sdk.Answer):
    """A coupon in words, in the language of the request."""

    title = fields.String(required=True)
    worth = fields.String(required=True, metadata={"example": "¥10 off"})
    condition = fields.String(required=True, metadata={"example": "from ¥100"})
    scope = fields.String(required=True, metadata={"example": "for everything"})
    notes = fields.List(fields.String(), required=True)


class Campaign(Described):
    """A campaign that can be claimed, now or soon."""

    id = fields.String(required=True)
    claim_from = fields.DateTime(required=True, allow_none=True)
    claim_until = fields.DateTime(required=True, allow_none=True)
    available = fields.Boolean(required=True)


class Campaigns(sdk.Answer):
    items = fields.List(fields.Nested(Campaign), required=True)


class Mine(Described):
    """A coupon of the customer's."""

    id = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata={"enum": ["usable", "waiting", "used", "expired", "revoked"]},
    )
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)


class Wallet(sdk.Answer):
    items = fields.List(fields.Nested(Mine), required=True)


class WalletQuery(sdk.Parameters):
    tab = sdk.OneOf("usable", "used", "over", load_default="usable")


class ClaimGiven(sdk.Body):
    campaign = sdk.Text(most=32, least=1, required=True)


class CodeGiven(sdk.Body):
    code = sdk.Text(most=80, least=1, required=True)


class ChoiceGiven(sdk.Body):
    """``coupons``: ids to use; ``use``: ``best`` and ``none`` need none."""

    use = sdk.OneOf("best", "none", "these", required=True)
    coupons = fields.List(sdk.Text(most=32, least=1), load_default=list, metadata={"maxItems": 10})


@api.operation("GET", "/campaigns", answers=Campaigns)
def list_campaigns() -> Any:
    """What can be claimed, now or soon; the same for everybody."""
    context = sdk.current()
    found = reading.offered(context.db, context.locale)
    return {"items": [_campaign(one) for one in found]}, 200, {"X-Storegen-Cache": CENTRE}


@api.operation(
    "POST",
    "/claims",
    answers=Mine,
    status=201,
    body=ClaimGiven,
    example={"campaign": "7k3m9x2c4v5b6"},
    headers=sdk.IdempotencyHeader,
    refuses=(404, 409, 429),
    who=sdk.Who.CUSTOMER,
)
def claim_coupon(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Claim a coupon of a campaign. The same key again answers the same coupon."""
    actor = sdk.api_actor()
    sdk.transact(lambda uow: count_limit(uow, f"claim:{actor.customer_id}", CLAIMS, WINDOW))

    def work(uow: Any, answer: sdk.KeepAnswer) -> None:
        made = issuing.claim(uow, actor, body["campaign"])
        answer({"coupon": made.public_id})

    kept = sdk.once(actor, headers["key"], dict(body), work)
    return _one(kept["coupon"])


@api.operation("GET", "/wallet", answers=Wallet, query=WalletQuery, who=sdk.Who.CUSTOMER)
def list_wallet(query: Mapping[str, Any]) -> Any:
    """The customer's coupons: usable ones first end first, used and ended ones newest first."""
    context = sdk.current()
    customer_id = _customer()
    found = reading.wallet(context.db, customer_id, context.locale, query["tab"])
    return {"items": [_mine(one) for one in found]}


@api.operation(
    "POST",
    "/wallet/codes",
    answers=Mine,
    status=201,
    body=CodeGiven,
    example={"code": "WELCOME10"},
    headers=sdk.IdempotencyHeader,
    refuses=(409, 429),
    who=sdk.Who.CUSTOMER,
)
def redeem_code(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Turn a code into a coupon of the customer's."""
    actor, store = sdk.api_actor(), sdk.current().store
    sdk.current().refresh()
    entering.count_try(store, actor)

    def work(uow: Any, answer: sdk.KeepAnswer) -> None:
        answer({"coupon": entering.put_into_wallet(uow, actor, body["code"]).public_id})

    kept = sdk.once(actor, headers["key"], dict(body), work)
    return _one(kept["coupon"])


@api.operation(
    "POST",
    "/cart/codes",
    answers=None,
    status=204,
    body=CodeGiven,
    example={"code": "WELCOME10"},
    refuses=(404, 409, 429),
    who=sdk.Who.VISITOR,
)
def apply_code(body: Mapping[str, Any]) -> Any:
    """Use a code in the visitor's own cart; the cart's quote says what it saves."""
    actor, store = sdk.api_visitor(), sdk.current().store
    sdk.current().refresh()
    entering.count_try(store, actor)
    sdk.transact(lambda uow: entering.put_into_cart(uow, actor, body["code"]))
    return "", 204


@api.operation(
    "PUT",
    "/cart/choice",
    answers=None,
    status=204,
    body=ChoiceGiven,
    example={"use": "best"},
    refuses=(404, 409),
    who=sdk.Who.CUSTOMER,
)
def choose_coupons(body: Mapping[str, Any]) -> Any:
    """Choose which of the customer's coupons their cart uses."""
    actor = sdk.api_actor()
    chosen = {"best": "", "none": NONE, "these": ",".join(body["coupons"][:10])}[body["use"]]
    sdk.transact(lambda uow: set_attribute(uow, actor, "coupons", "choice", chosen))
    return "", 204


def _one(public_id: str) -> Any:
    context = sdk.current()
    rows = context.db.db.execute(
        select(Coupon.__table__).where(
            Coupon.public_id == public_id, Coupon.customer_id == _customer()
        )
    ).all()
    (found,) = reading.held(context.db, context.locale, rows)
    return _mine(found)


def _customer() -> int:
    customer_id = sdk.api_customer().customer_id
    assert customer_id is not None  # the operation is for customers
    return customer_id


def _described(words: Words) -> dict[str, Any]:
    return {
        "title": words.title,
        "worth": words.worth,
        "condition": words.condition,
        "scope": words.scope,
        "notes": list(words.notes),
    }


def _campaign(one: Offered) -> dict[str, Any]:
    return {
        "id": one.id,
        "claim_from": one.claim_from,
        "claim_until": one.claim_until,
        "available": not one.gone and not one.opens,
        **_described(one.words),
    }


def _mine(one: Held) -> dict[str, Any]:
    return {
        "id": one.id,
        "state": one.state,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        **_described(one.words),
    }
