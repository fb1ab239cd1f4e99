"""What the back office shows of campaigns, coupons and batches."""

from __future__ import annotations

from typing import Any

from flask import has_request_context
from sqlalchemy import func, or_, select
from storegen_plugins.coupons.campaigns import one
from storegen_plugins.coupons.results import Results, results
from storegen_plugins.coupons.rules import Rules
from storegen_plugins.coupons.shown import Speaker
from storegen_plugins.coupons.tables import Batch, Code, Coupon, Template, Use

from storegen.sdk import NotFound, UnitOfWork
from storegen.sdk import web as sdk
from storegen.sdk.lookups import internal_ids, public_ids

CAMPAIGN_STATES = (
    ("draft", "Draft"),
    ("live", "Live"),
    ("paused", "Paused"),
    ("closed", "Closed"),
)
COUPON_STATES = (
    ("unused", "Unused"),
    ("used", "Used"),
    ("expired", "Expired"),
    ("revoked", "Taken back"),
)
_CHANNELS = {
    "claim": "By customers themselves",
    "register": "At registration",
    "birthday": "For a birthday",
    "code": "By code",
    "gift": "After an order",
    "staff": "Given by staff",
    "game": "By games",
}
_VERBS = {
    "draft": ("start", "save", "code", "codes", "close"),
    "live": ("pause", "save", "code", "codes", "give", "revoke", "close"),
    "paused": ("start", "save", "code", "codes", "revoke", "close"),
    "closed": ("revoke",),
}
words = sdk.Words("coupons")


def campaign_rows(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    """Campaigns, the newest first, each with what it came to."""
    statement = select(Template.__table__).order_by(Template.id.desc()).limit(query.limit + 1)
    if query.after:
        statement = statement.where(Template.id < sdk.number(query.after))
    if query.search:
        statement = statement.where(Template.name.icontains(query.search, autoescape=True))
    if "state" in query.filters:
        statement = statement.where(Template.state == query.filters["state"])
    rows = uow.db.execute(statement).all()
    found = results(uow, [row.id for row in rows])
    rules = {row.id: Rules.from_json(row.rules) for row in rows}
    speaker = Speaker(uow, _locale(uow), rules.values())
    return sdk.cut(
        rows,
        query.limit,
        lambda row: sdk.Row(
            key=row.public_id,
            cells={
                "name": row.name,
                "state": words.gettext(dict(CAMPAIGN_STATES)[row.state]),
                "channel": words.gettext(_CHANNELS[row.channel]),
                "worth": speaker.words(rules[row.id]).worth,
                **_figures(found[row.id]),
            },
        ),
        lambda row: row.id,
    )


def campaign_detail(ask: sdk.Ask) -> sdk.Detail:
    row = one(ask.uow, ask.key)
    found = results(ask.uow, [row.id])[row.id]
    figures = _figures(found)
    said = Speaker(ask.uow, _locale(ask.uow), [rules := Rules.from_json(row.rules)]).words(rules)
    shared = list(
        ask.uow.db.scalars(
            select(Code.code)
            .where(Code.template_id == row.id, Code.shared.is_(True))
            .order_by(Code.id)
            .limit(20)
        )
    )
    facts = [
        sdk.Fact(title="State", value=words.gettext(dict(CAMPAIGN_STATES)[row.state])),
        sdk.Fact(title="Given", value=words.gettext(_CHANNELS[row.channel])),
        sdk.Fact(
            title="What it takes off", value=f"{said.worth} · {said.condition} · {said.scope}"
        ),
        sdk.Fact(title="Issued", value=figures["issued"], kind="number"),
        sdk.Fact(title="Claimed", value=figures["claimed"], kind="number"),
        sdk.Fact(title="Used", value=figures["used"], kind="number"),
        sdk.Fact(title="Expired", value=found.expired, kind="number"),
        sdk.Fact(title="Taken back", value=found.revoked, kind="number"),
        sdk.Fact(title="Revenue", value=figures["revenue"], kind="money"),
        sdk.Fact(title="Taken off", value=figures["cost"], kind="money"),
        sdk.Fact(title="Version", value=row.version, kind="number"),
        sdk.Fact(title="Campaign id", value=row.public_id, kind="code"),
    ]
    if shared:
        facts.append(sdk.Fact(title="Codes for all", value=shared, kind="tags"))
    by_code = {"code", "codes"} if row.channel != "code" else set()
    verbs = [verb for verb in _VERBS[row.state] if verb not in by_code]
    return sdk.Detail(title=row.name, facts=facts, verbs=verbs)


def coupon_rows(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    statement = (
        select(Coupon.__table__, Template.name)
        .join(Template, Template.id == Coupon.template_id)
        .order_by(Coupon.id.desc())
        .limit(query.limit + 1)
    )
    if query.after:
        statement = statement.where(Coupon.id < sdk.number(query.after))
    if query.search:
        whose = list(_customers(uow, query.search))
        statement = statement.where(
            or_(Coupon.public_id == query.search, Coupon.customer_id.in_(whose))
        )
    if "state" in query.filters:
        statement = statement.where(Coupon.state == query.filters["state"])
    return sdk.cut(
        uow.db.execute(statement).all(),
        query.limit,
        lambda row: sdk.Row(
            key=row.public_id,
            cells={
                "id": row.public_id,
                "campaign": row.name,
                "state": words.gettext(dict(COUPON_STATES)[row.state]),
                "source": row.source,
                "issued_at": row.issued_at,
                "ends_at": row.ends_at,
            },
        ),
        lambda row: row.id,
    )


def coupon_detail(ask: sdk.Ask) -> sdk.Detail:
    row = ask.uow.db.execute(
        select(Coupon.__table__, Template.name)
        .join(Template, Template.id == Coupon.template_id)
        .where(Coupon.public_id == ask.key)
    ).one_or_none()
    if row is None:
        raise NotFound("coupon")
    customers = public_ids(ask.uow, "customer", [row.customer_id] if row.customer_id else [])
    facts = [
        sdk.Fact(title="Campaign", value=row.name),
        sdk.Fact(title="State", value=words.gettext(dict(COUPON_STATES)[row.state])),
        sdk.Fact(title="Customer", value=customers.get(row.customer_id, "—"), kind="code"),
        sdk.Fact(title="Given", value=row.source),
        sdk.Fact(title="Version", value=row.version, kind="number"),
        sdk.Fact(title="Issued on", value=row.issued_at, kind="moment"),
        sdk.Fact(title="Good from", value=row.starts_at, kind="moment"),
        sdk.Fact(title="Good until", value=row.ends_at, kind="moment"),
    ]
    if row.reason:
        facts.append(sdk.Fact(title="Reason", value=row.reason))
    orders = list(
        ask.uow.db.execute(
            select(Use.order_id, Use.amount).where(Use.coupon_id == row.id).order_by(Use.id)
        )
    )
    numbers = public_ids(ask.uow, "order", [order_id for order_id, _ in orders])
    for order_id, amount in orders:
        facts.append(sdk.Fact(title="Order", value=numbers.get(order_id, ""), kind="code"))
        facts.append(sdk.Fact(title="Took off", value=amount, kind="money"))
    return sdk.Detail(
        title=row.public_id,
        facts=facts,
        verbs=["revoke"] if row.state == "unused" else [],
    )


def batches(uow: UnitOfWork, query: sdk.Query) -> sdk.Listing:
    statement = (
        select(Batch.__table__, Template.name)
        .join(Template, Template.id == Batch.template_id)
        .order_by(Batch.id.desc())
        .limit(query.limit + 1)
    )
    if query.after:
        statement = statement.where(Batch.id < sdk.number(query.after))
    return sdk.cut(
        uow.db.execute(statement).all(),
        query.limit,
        lambda row: sdk.Row(
            key=row.public_id,
            cells={
                "id": row.public_id,
                "campaign": row.name,
                "wanted": row.wanted,
                "made": row.made,
                "created_at": row.created_at,
            },
        ),
        lambda row: row.id,
    )


def batch_detail(ask: sdk.Ask) -> sdk.Detail:
    row = ask.uow.db.execute(
        select(Batch.__table__, Template.name)
        .join(Template, Template.id == Batch.template_id)
        .where(Batch.public_id == ask.key)
    ).one_or_none()
    if row is None:
        raise NotFound("coupon_batch")
    taken = ask.uow.db.scalar(
        select(func.count()).where(Code.batch_id == row.id, Code.state == "taken")
    )
    facts = [
        sdk.Fact(title="Campaign", value=row.name),
        sdk.Fact(title="Codes wanted", value=row.wanted, kind="number"),
        sdk.Fact(title="Made", value=row.made, kind="number"),
        sdk.Fact(title="Used", value=taken or 0, kind="number"),
        sdk.Fact(title="Ordered on", value=row.created_at, kind="moment"),
    ]
    return sdk.Detail(title=row.public_id, facts=facts, verbs=["download"] if row.made else [])


def _figures(found: Results) -> dict[str, Any]:
    return {
        "issued": found.issued,
        "claimed": found.claimed,
        "used": found.used,
        "revenue": found.revenue,
        "cost": found.cost,
    }


def _customers(uow: UnitOfWork, public_id: str) -> list[int]:
    return list(internal_ids(uow, "customer", [public_id]).values())


def _locale(uow: UnitOfWork) -> str:
    return sdk.current().locale if has_request_context() else uow.store.config.locale
