"""Profile, password, ways to sign in, consents, data and the end of the account."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import contact
from storegen.domain.messages import channels_available
from storegen.domain.people import closure, codes, consents, customers, data_export, identities
from storegen.errors import Conflict, Invalid, TooMany, WrongCode, WrongCredentials
from storegen.uow import UnitOfWork
from storegen.web.context import current, gettext
from storegen.web.storefront.account.guard import signed_in
from storegen.web.storefront.forms import Base, Form, read, text
from storegen.web.storefront.personal import go, page
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_settings", __name__)


class Profile(Base):
    name = text(200)
    locale = text(16)


class NewPassword(Base):
    old = text(200)
    password = text(200, required=True)


class Identity(Base):
    contact = text(254, required=True)
    code = text(12)


@blueprint.get("/account/settings")
@signed_in
def show() -> Response:
    return _page(done=request.args.get("done", ""))


@blueprint.post("/account/settings/profile")
@signed_in
def profile() -> Response:
    good, form = read(Profile())
    if form.problems:
        return _page("profile", form, status=422)
    actor = current().actor
    return _try(
        "profile",
        form,
        lambda uow: customers.change_profile(
            uow, actor, name=good["name"], locale=good["locale"] or None
        ),
    )


@blueprint.post("/account/settings/password")
@signed_in
def password() -> Response:
    context = current()
    good, form = read(NewPassword())
    if form.problems:
        return _page("password", form, status=422)
    actor = context.actor
    context.refresh()
    try:
        customers.change_password(context.store, actor, old=good["old"], new=good["password"])
    except WrongCredentials:
        wrong = form.with_problems({"old": "wrong-password"})
        return _page("password", wrong, status=422)
    except Invalid as error:
        return _page("password", form.with_problems(error.problems), status=422)
    except TooMany as error:
        return _page("password", form, notice=refusal(error), status=error.status)
    return _done("password")


@blueprint.post("/account/settings/identity")
@signed_in
def identity() -> Response:
    """Without a code, send one to the new contact; with it, add the contact."""
    context = current()
    good, form = read(Identity())
    if form.problems:
        return _page("identity", form, status=422)
    actor = context.actor
    assert actor.customer_id is not None
    purpose = codes.identity_purpose(actor.customer_id)
    context.refresh()
    try:
        subject = contact.parse_subject(context.store, good["contact"])
        if not good["code"]:
            context.store.transact(
                lambda uow: codes.request_code(uow, actor, subject, purpose=purpose)
            )
            return _page("identity", form, sent=True)
        identities.add_identity(
            context.store, actor, subject.provider, good["contact"], good["code"]
        )
    except WrongCode:
        wrong = form.with_problems({"code": "wrong-code"})
        return _page("identity", wrong, sent=True, status=422)
    except Invalid as error:
        problems = {"contact": next(iter(error.problems.values()))}
        return _page("identity", form.with_problems(problems), status=422)
    except (Conflict, TooMany) as error:
        sent = bool(good["code"])
        return _page("identity", form, sent=sent, notice=refusal(error), status=error.status)
    return _done("identity")


@blueprint.post("/account/settings/identity/<int:identity_id>/remove")
@signed_in
def remove_identity(identity_id: int) -> Response:
    actor = current().actor
    return _try("identity", Form(), lambda uow: identities.remove_identity(uow, actor, identity_id))


@blueprint.post("/account/settings/personalisation")
@signed_in
def personalisation() -> Response:
    actor = current().actor
    on = request.form.get("on") == "yes"
    return _try("personalisation", Form(), lambda uow: consents.set_personalisation(uow, actor, on))


@blueprint.get("/account/export.json")
@signed_in
def export() -> Response:
    context = current()
    data = data_export.export_data(context.db, context.actor)
    body = json.dumps(data, ensure_ascii=False, indent=2)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/account/close")
@signed_in
def close() -> Response:
    context = current()
    actor = context.actor
    assert actor.customer_id is not None
    customer_id = actor.customer_id
    if request.form.get("sure") != "yes":
        form = Form().with_problems({"sure": "accept-required"})
        return _page("close", form, status=422)
    context.refresh()
    try:
        context.store.transact(lambda uow: closure.close_account(uow, actor, customer_id))
    except Conflict as error:
        return _page("close", Form(), notice=refusal(error), status=error.status)
    context.forget()
    return go(context.urls.home())


def _try(part: str, form: Form, work: Callable[[UnitOfWork], Any]) -> Response:
    """Do it and say so, or show the part of the page again with what is wrong."""
    context = current()
    context.refresh()
    try:
        context.store.transact(work)
    except Invalid as error:
        return _page(part, form.with_problems(error.problems), status=422)
    except (Conflict, TooMany) as error:
        return _page(part, form, notice=refusal(error), status=error.status)
    return _done(part)


def _done(part: str) -> Response:
    return go(f"{current().urls.account('settings')}?done={part}#{part}")


def _page(
    part: str = "",
    form: Form | None = None,
    *,
    sent: bool = False,
    notice: str = "",
    status: int = 200,
    done: str = "",
) -> Response:
    """``part``: the section that ``form`` and ``notice`` belong to."""
    context = current()
    context.refresh()
    customer_id = context.actor.customer_id
    assert customer_id is not None
    given = consents.current(context.db, customer_id)
    return page(
        "shop/account_settings",
        gettext("Settings"),
        path="/account/settings",
        status=status,
        here="settings",
        profile=customers.profile(context.db, context.actor),
        consents=[given[kind] for kind in ("privacy", "terms") if kind in given],
        channels=channels_available(context.store),
        part=part,
        form=form or Form(),
        sent=sent,
        notice=notice,
        done=done,
    )
