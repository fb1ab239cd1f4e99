"""The way in: a one-time code, a password, a new account; and the way out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.wrappers import Response

from storegen.domain import contact
from storegen.domain.messages import channels_available
from storegen.domain.people import codes, consents, sessions, sign_in
from storegen.domain.people.sign_in import SignedIn
from storegen.errors import (
    Conflict,
    Invalid,
    StoreError,
    TooMany,
    WrongCode,
    WrongCredentials,
)
from storegen.web.context import Context, current, gettext
from storegen.web.storefront.forms import Base, Form, read, text
from storegen.web.storefront.personal import check_form, go, page, safe_next
from storegen.web.storefront.words import refusal

blueprint = Blueprint("shop_sign_in", __name__)


class Contact(Base):
    contact = text(254, required=True)
    next = text(500)


class Code(Contact):
    code = text(12, required=True)


class Password(Contact):
    password = text(200, required=True)


class Register(Password):
    code = text(12)
    accept = text(5)


@blueprint.get("/account/sign-in")
def show() -> Response:
    context = current()
    onward = _next(request.args.get("next", ""))
    if context.actor.customer_id is not None:
        return go(onward)
    form = Form({"next": onward})
    if request.args.get("with") == "password" or not channels_available(context.store):
        return _password_page(form)
    return _contact_page(form)


@blueprint.post("/account/sign-in/code")
def ask_code() -> Response:
    """Send a code. The answer is the same whether there is an account or not."""
    check_form()
    good, form = read(Contact())
    if form.problems:
        return _contact_page(form, status=422)
    refused = _send_code(form, good["contact"])
    if refused is not None:
        return _contact_page(*refused)
    return _code_page(form)


@blueprint.post("/account/sign-in/verify")
def verify() -> Response:
    check_form()
    context = current()
    good, form = read(Code())
    if "contact" in form.problems:
        return _contact_page(form, status=422)
    if form.problems:
        return _code_page(form, status=422)
    actor = context.actor
    context.refresh()
    try:
        done = sign_in.sign_in_by_code(
            context.store,
            actor,
            good["contact"],
            good["code"],
            accepted=_implied(context),
        )
    except WrongCode:
        return _code_page(form.with_problems({"code": "wrong-code"}), status=422)
    except TooMany as error:
        return _code_page(form, notice=refusal(error), error=error)
    except Invalid as error:
        return _contact_page(form.with_problems(_as_contact(error)), status=422)
    return _welcome(context, done, good["next"])


@blueprint.post("/account/sign-in/password")
def with_password() -> Response:
    check_form()
    context = current()
    good, form = read(Password())
    if form.problems:
        return _password_page(form, status=422)
    actor = context.actor
    context.refresh()
    try:
        done = sign_in.sign_in_with_password(
            context.store, actor, good["contact"], good["password"]
        )
    except (WrongCredentials, Invalid):
        # What is no phone number and no address at all is answered like an unknown one.
        return _password_page(form, notice=refusal(WrongCredentials()), status=422)
    except TooMany as error:
        return _password_page(form, notice=refusal(error), error=error)
    return _welcome(context, done, good["next"])


@blueprint.get("/account/register")
def new() -> Response:
    context = current()
    onward = _next(request.args.get("next", ""))
    if context.actor.customer_id is not None:
        return go(onward)
    return _register_page(Form({"next": onward}))


@blueprint.post("/account/register")
def register() -> Response:
    """``step=code`` sends a code to the contact; else the account is opened."""
    check_form()
    context = current()
    good, form = read(Register())
    proves = _proves(context, form.value("contact"))
    if request.form.get("step") == "code" or (proves and not form.value("code")):
        if "contact" in form.problems:
            return _register_page(Form(form.values, {"contact": "required"}), status=422)
        form = Form(form.values)
        refused = _send_code(form, form.value("contact"))
        if refused is not None:
            return _register_page(*refused)
        return _register_page(form, sent=True)
    texts = consents.in_force(context.db)
    if texts and form.value("accept") != "yes":
        form = form.with_problems({"accept": "required"})
    if form.problems:
        return _register_page(form, sent=proves, status=422)
    actor = context.actor
    context.refresh()
    try:
        done = sign_in.register_with_password(
            context.store,
            actor,
            good["contact"],
            good["password"],
            code=good["code"],
            accepted=list(texts.items()),
        )
    except WrongCode:
        wrong = form.with_problems({"code": "wrong-code"})
        return _register_page(wrong, sent=True, status=422)
    except Invalid as error:
        wrong = form.with_problems(_as_contact(error))
        return _register_page(wrong, sent=proves, status=422)
    except (Conflict, TooMany) as error:
        return _register_page(form, sent=proves, notice=refusal(error), error=error)
    return _welcome(context, done, good["next"])


@blueprint.post("/account/sign-out")
def out() -> Response:
    check_form()
    context = current()
    session = context.session
    if session is not None:
        context.refresh()
        context.store.transact(lambda uow: sessions.sign_out(uow, session.id))
        context.forget()
    return go(context.urls.home())


def _welcome(context: Context, done: SignedIn, onward: str) -> Response:
    """Under a new token: one that was planted before is worth nothing now."""
    context.adopt(done.session)
    return go(_next(onward))


def _next(wanted: str) -> str:
    return safe_next(wanted, current().urls.account())


def _implied(context: Context) -> list[tuple[str, str]]:
    """The sign-in page says that going on accepts the texts in force."""
    return list(consents.in_force(context.db).items())


def _proves(context: Context, written: str) -> bool:
    """Whether the shop can send a code there; what cannot be read proves nothing."""
    try:
        subject = contact.parse_subject(context.store, written)
    except Invalid:
        return False
    return subject.channel in channels_available(context.store)


def _send_code(form: Form, written: str) -> tuple[Any, ...] | None:
    """Send a code; else what the page has to show: form, notice, status, error."""
    context = current()
    actor = context.actor
    context.refresh()
    try:
        subject = contact.parse_subject(context.store, written)
        context.store.transact(lambda uow: codes.request_code(uow, actor, subject))
    except Invalid as error:
        return form.with_problems(_as_contact(error)), "", 422, None
    except (TooMany, Conflict) as error:
        return form, refusal(error), error.status, error
    return None


def _as_contact(error: Invalid) -> dict[str, Any]:
    """The domain speaks of phone or e-mail; the form has one field for both."""
    return {
        "contact" if name in ("phone", "email") else name: value
        for name, value in error.problems.items()
    }


def _shown(
    template: str, title: str, form: Form, notice: str, status: int, error: Any, **values: Any
) -> Response:
    context = current()
    status = error.status if isinstance(error, StoreError) else status
    onward = urlencode({"next": form.value("next")}) if form.value("next") else ""
    response = page(
        template,
        title,
        path=f"/account/{'register' if template.endswith('register') else 'sign-in'}",
        status=status,
        form=form,
        notice=notice,
        onward=f"?{onward}" if onward else "",
        channels=channels_available(context.store),
        texts=consents.in_force(context.db),
        **values,
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _contact_page(form: Form, notice: str = "", status: int = 200, error: Any = None) -> Response:
    return _shown("shop/sign_in", gettext("Sign in"), form, notice, status, error, step="contact")


def _code_page(form: Form, notice: str = "", status: int = 200, error: Any = None) -> Response:
    title = gettext("Enter the code")
    return _shown("shop/sign_in", title, form, notice, status, error, step="code")


def _password_page(form: Form, notice: str = "", status: int = 200, error: Any = None) -> Response:
    return _shown("shop/sign_in", gettext("Sign in"), form, notice, status, error, step="password")


def _register_page(
    form: Form, notice: str = "", status: int = 200, error: Any = None, *, sent: bool = False
) -> Response:
    title = gettext("Create an account")
    return _shown("shop/register", title, form, notice, status, error, sent=sent)
