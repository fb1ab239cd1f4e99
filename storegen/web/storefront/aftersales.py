"""After-sales on an order's pages: ask about a line, send back, withdraw."""

from __future__ import annotations

import re

from flask import Blueprint, request, send_file
from flask.wrappers import Response
from marshmallow import fields, validate
from werkzeug.datastructures import FileStorage

from storegen.domain import aftersales, limits
from storegen.domain import aftersales_evidence as evidence
from storegen.domain import aftersales_rules as rules
from storegen.domain.idempotency import Answer, Key, once
from storegen.errors import Invalid, NotFound, PictureRefused, StoreError
from storegen.media import keys
from storegen.media.pool import PicturePool
from storegen.media.renditions import PictureResult
from storegen.models import random_id
from storegen.uow import UnitOfWork
from storegen.values.order_view import LineOfOrder, OrderView
from storegen.web import guards
from storegen.web.context import current, gettext
from storegen.web.storefront.forms import Base, Form, read, text
from storegen.web.storefront.orders import find, order_page, private
from storegen.web.storefront.personal import go, page, pictures
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_aftersales", __name__)
MOST_BYTES = 6 * 2**20
"""Of one picture; phones send three to five million."""
_WHOLE = aftersales.MOST_PICTURES * MOST_BYTES + 2**20
_KEY = re.compile(r"[a-z0-9]{26}")
_WIDTHS = (320, 1280)


class Request(Base):
    """The form of a request; what else is sent (an amount, a state) is never read."""

    line = text(40, required=True)
    kind = text(16, required=True)
    reason = text(64, required=True)
    quantity = fields.Integer(
        load_default=1,
        validate=validate.Range(min=1, max=999, error="out-of-range"),
        error_messages={"invalid": "not-a-number"},
    )
    message = text(aftersales.MOST_MESSAGE)
    key = text(40)


@blueprint.after_request
def _private(response: Response) -> Response:
    return private(response)


@blueprint.get("/orders/<token>/after-sales")
def ask(token: str) -> Response:
    order = find(token)
    line = _line(order, request.args.get("line", ""))
    return _page(order, line, Form())


@blueprint.post("/orders/<token>/after-sales")
def send(token: str) -> Response:
    request.max_content_length = _WHOLE
    guards.check_token()
    order = find(token)
    good, form = read(Request())
    line = _line(order, form.value("line"))
    if form.problems:
        return _page(order, line, form, status=422)
    files = [file for file in request.files.getlist("pictures") if file.filename]
    if len(files) > aftersales.MOST_PICTURES:
        return _page(order, line, form.with_problems({"pictures": "too-many"}), status=422)
    context = current()
    actor = context.actor
    context.refresh()
    request_id = random_id()
    try:
        made = _take_in(files, token, request_id)
    except PictureRefused as error:
        evidence.discard(context.store, request_id)
        code = "too-large" if error.reason.startswith("too-many") else "not-a-picture"
        return _page(order, line, form.with_problems({"pictures": code}), status=422)

    def work(uow: UnitOfWork, answer: Answer) -> None:
        wanted = aftersales.Ask(
            id=request_id,
            line=good["line"],
            kind=good["kind"],
            reason=good["reason"],
            quantity=good["quantity"],
            message=good["message"],
            pictures=[evidence.described(result) for result in made.values()],
        )
        answer({"id": aftersales.request(uow, actor, token, wanted)})

    key = good["key"] if _KEY.fullmatch(good["key"]) else random_id(26)
    taken = ""
    try:
        answer = once(
            context.store,
            Key(principal=f"order:{order.order_id}", endpoint="after-sales", key=key),
            {**good, "pictures": sorted(made)},
            work,
        )
        taken = str(answer["id"])
    except Invalid as error:
        context.refresh()
        return _page(find(token), line, form.with_problems(error.problems), status=422)
    except StoreError as error:
        if error.status != 409:
            raise
        context.refresh()
        return _page(find(token), line, form, notice=refusal(error), status=409)
    finally:
        if taken != request_id:  # refused, or the second click of a double click
            evidence.discard(context.store, request_id)
    return go(f"{context.urls.order(token)}#request-{taken}")


@blueprint.get("/orders/<token>/after-sales/<request_id>/pictures/<int:number>/<size>")
def picture(token: str, request_id: str, number: int, size: str) -> Response:
    """A picture of a request, for whoever has the order's link."""
    found = find(token)
    file = evidence.of_buyer(current().db, found.token, request_id, number, size)
    return send_file(file, mimetype=keys.PUBLIC_TYPES["webp"])


@blueprint.post("/orders/<token>/after-sales/<request_id>/withdraw")
def withdraw(token: str, request_id: str) -> Response:
    guards.check_token()
    find(token)
    context = current()
    actor = context.actor
    context.refresh()
    try:
        context.store.transact(lambda uow: aftersales.withdraw(uow, actor, token, request_id))
    except StoreError as error:
        return _refused(token, error)
    return go(f"{context.urls.order(token)}#request-{request_id}")


@blueprint.post("/orders/<token>/after-sales/<request_id>/send-back")
def send_back(token: str, request_id: str) -> Response:
    guards.check_token()
    find(token)
    context = current()
    actor = context.actor
    context.refresh()
    carrier = request.form.get("carrier", "")[:200]
    number = request.form.get("tracking_number", "")[:200]
    try:
        context.store.transact(
            lambda uow: aftersales.send_back(
                uow, actor, token, request_id, carrier=carrier, number=number
            )
        )
    except StoreError as error:
        return _refused(token, error)
    return go(f"{context.urls.order(token)}#request-{request_id}")


def _refused(token: str, error: StoreError) -> Response:
    if error.status not in (409, 422):
        raise error
    current().refresh()
    notice = refusal(error)
    if isinstance(error, Invalid):
        notice = gettext("Please give the carrier and the tracking number.")
    return order_page(find(token), notice=notice, status=error.status)


def _line(order: OrderView, public_id: str) -> LineOfOrder:
    line = order.line(public_id)
    if line is None:
        raise NotFound("line")
    return line


def _take_in(files: list[FileStorage], token: str, request_id: str) -> dict[str, PictureResult]:
    """Decode and encode anew, in a process that may die of it; nothing is recorded yet. The
    pictures by the SHA-256 of what came."""
    if not files:
        return {}
    context = current()
    limits.count(context.store, ("after-sales", f"pictures:{token}"))
    bodies = []
    for file in files:
        data = file.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PictureRefused("too-many-bytes")
        bodies.append(data)
    made: dict[str, PictureResult] = {}
    private_media = evidence.media(context.store, request_id)
    with PicturePool(private_media, workers=1, seconds=20, widths=_WIDTHS) as pool:
        for result in pool.map(bodies):
            if not isinstance(result, PictureResult):
                raise result
            made[result.sha256] = result
    return made


def _page(
    order: OrderView, line: LineOfOrder, form: Form, *, notice: str = "", status: int = 200
) -> Response:
    context = current()
    context.ensure_session()
    kinds = rules.kinds_for(ships=line.requires_shipping, left=line.shipped)
    reasons = [
        reason
        for reason in rules.REASONS
        if any(
            rules.reason_fits(kind, reason, line.return_class, left=line.shipped > 0)
            for kind in kinds
        )
    ]
    return page(
        "shop/after_sales",
        gettext("Return or refund"),
        path=f"/orders/{order.token}/after-sales?line={line.id}",
        status=status,
        order=order,
        order_url=context.urls.order(order.token),
        line=line,
        picture=pictures(context.db, [line.media_id]).get(line.media_id or 0),
        kinds=kinds,
        reasons=reasons,
        possible="after_sales" in order.actions and line.claimable > 0,
        form=form,
        notice=notice,
        key=random_id(26),
    )
