"""Getting in and out: a password, or a one-time link from the command line."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from storegen.domain.people import sessions
from storegen.domain.people.staff_sign_in import (
    redeem_admin_link,
    set_staff_password,
    sign_in_staff,
)
from storegen.errors import Invalid, WrongCode, WrongCredentials
from storegen.models import Staff
from storegen.uow import UnitOfWork
from storegen.web.admin import access, forms
from storegen.web.admin.fields import form, text
from storegen.web.admin.rendering import page
from storegen.web.context import current, gettext

_REASONS = {
    "too-short": "At least 8 characters, please.",
    "too-long": "At most 128 characters, please.",
    "too-common": "Too many people use this password. Please take another.",
    "like-the-name": "This is your sign-in name. Please take another password.",
}


def install(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sign-in", "sign_in", sign_in, methods=("GET", "POST"))
    blueprint.add_url_rule("/enter/<token>", "enter", enter)
    blueprint.add_url_rule("/enter/<token>", "redeem", redeem, methods=("POST",))
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=("POST",))
    blueprint.add_url_rule("/password", "password", password, methods=("GET", "POST"))


def sign_in() -> Answer:
    """The form, and what it sends. Wrong name and wrong password look alike."""
    context = current()
    if request.method == "GET":
        if context.staff is not None:
            return redirect(access.local(request.args.get("next", "")), 303)
        return _sign_in_page(200)
    login = request.form.get("login", "")
    try:
        opened = sign_in_staff(
            context.store, context.staff_actor, login, request.form.get("password", "")
        )
    except WrongCredentials:
        context.refresh()
        return _sign_in_page(401, gettext("Name or password is not right."), login)
    context.adopt_staff(opened)
    return redirect(access.local(request.form.get("next", "")), 303)


def enter(token: str) -> Answer:
    """A button. Opening the link alone uses nothing up: mail scanners and chats open links too."""
    return page("admin/enter.html", token=token)


def redeem(token: str) -> Answer:
    """Use the link up; who has no password yet sets one next."""
    context = current()
    try:
        opened = redeem_admin_link(context.store, context.staff_actor, token)
    except WrongCode:
        context.refresh()
        return page("admin/enter.html", 403, token="", wrong=True)
    context.adopt_staff(opened)
    return redirect(access.address("password"), 303)


def sign_out() -> Answer:
    access.check_token()
    context = current()
    session = context.staff
    assert session is not None, "access.before lets nobody else here"

    def end(uow: UnitOfWork) -> None:
        sessions.sign_out(uow, session.id)

    context.store.transact(end)
    context.forget_staff()
    return redirect(access.address("sign-in"), 303)


def password() -> Answer:
    """Set one's own password; the old one is asked for where there is one."""
    context = current()
    has_one = _has_password()
    fields = {"new": text("New password", 128, required=True, widget="password")}
    if has_one:
        old = text("Present password", 128, required=True, widget="password")
        fields = {"old": old, **fields}
    schema = form(**fields)
    if request.method == "GET":
        return _password_page(200, forms.draw(schema, {}, {}), has_one)
    access.check_token()
    raw = forms.read(schema, request.form, request.files)
    _, errors = forms.load(schema, raw)
    status = 422
    if not errors:
        try:
            set_staff_password(
                context.store,
                context.staff_actor,
                old=request.form.get("old", ""),
                new=request.form.get("new", ""),
            )
            return redirect(access.address() + "?done=password", 303)
        except Invalid as error:
            reasons = error.problems.get("password", ())
            errors = {"new": [_REASONS.get(each, str(each)) for each in reasons]}
        except WrongCredentials:
            errors = {"old": ["This is not your present password."]}
        context.refresh()
    return _password_page(status, forms.draw(schema, {}, errors), has_one)


def _has_password() -> bool:
    context = current()
    assert context.staff is not None
    stored = context.db.db.scalar(
        select(Staff.password_hash).where(Staff.id == context.staff.staff_id)
    )
    return stored is not None


def _sign_in_page(status: int, wrong: str = "", login: str = "") -> Response:
    target = request.values.get("next", "")
    return page("admin/sign_in.html", status, wrong=wrong, login=login, next=target)


def _password_page(status: int, inputs: tuple[forms.Input, ...], has_one: bool) -> Response:
    return page("admin/password.html", status, inputs=inputs, has_one=has_one)
