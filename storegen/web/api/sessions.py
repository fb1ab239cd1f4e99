"""Sessions: a guest's to begin with, a customer's after sign-in. Each sign-in gives a new token,
and the old one is worth nothing from then on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.domain import contact, limits
from storegen.domain.people import codes, sign_in
from storegen.domain.people import sessions as verbs
from storegen.domain.people.sessions import OpenedSession
from storegen.errors import Invalid, WrongCredentials
from storegen.uow import UnitOfWork
from storegen.web.api import bearer
from storegen.web.api.routes import Routes, Who
from storegen.web.api.schemas import people as shapes
from storegen.web.api.schemas.common import Empty
from storegen.web.context import current, network

routes = Routes(
    "sessions",
    __name__,
    url_prefix="/sessions",
    description="Begin as a guest, sign in, sign out. Everything here but the first needs the "
    "token of a session, so that cart and limits follow the visitor.",
)
CONTACT = {"contact": "13800138000"}


@routes.operation("POST", "", answers=shapes.Session, status=201, refuses=(429,))
def open_session() -> Any:
    """Begin a guest's session.

    A network that begins hundreds of them is asked to wait (429).
    """
    opened = current().store.transact(_begin)
    return _opened(opened, customer=False)


@routes.operation(
    "POST",
    "/codes",
    answers=Empty,
    status=202,
    body=shapes.ContactGiven,
    example=CONTACT,
    refuses=(409, 429),
    who=Who.VISITOR,
)
def send_code(body: Mapping[str, Any]) -> Any:
    """Send a one-time code to a phone or mailbox, to sign in with.

    The answer is the same whether there is an account or not. 409 ``no-channel``: the shop cannot
    send to such a contact.
    """
    actor, store = bearer.visitor(), current().store
    subject = contact.parse_subject(store, body["contact"])
    current().refresh()
    store.transact(lambda uow: codes.request_code(uow, actor, subject))
    return {}


@routes.operation(
    "POST",
    "/verify",
    answers=shapes.Session,
    body=shapes.CodeGiven,
    example={**CONTACT, "code": "042517", "consents": {"privacy": "1", "terms": "1"}},
    refuses=(429,),
    who=Who.VISITOR,
)
def sign_in_by_code(body: Mapping[str, Any]) -> Any:
    """Sign in with the code that was sent; the first time, this makes the account."""
    actor = _visitor()
    done = sign_in.sign_in_by_code(
        current().store,
        actor,
        body["contact"],
        body["code"],
        accepted=tuple(body["consents"].items()),
    )
    return _opened(done.session, customer=True)


@routes.operation(
    "POST",
    "/password",
    answers=shapes.Session,
    body=shapes.PasswordGiven,
    example={**CONTACT, "password": "correct horse battery"},
    refuses=(429,),
    who=Who.VISITOR,
)
def sign_in_with_password(body: Mapping[str, Any]) -> Any:
    """Sign in with a password. A wrong one and an unknown contact look alike."""
    actor = _visitor()
    try:
        done = sign_in.sign_in_with_password(
            current().store,
            actor,
            body["contact"],
            body["password"],
            accepted=tuple(body["consents"].items()),
        )
    except Invalid:  # a contact that cannot be anybody's is nobody's
        raise WrongCredentials from None
    return _opened(done.session, customer=True)


@routes.operation(
    "POST",
    "/register",
    answers=shapes.Session,
    status=201,
    body=shapes.RegistrationGiven,
    example={**CONTACT, "code": "042517", "password": "correct horse battery"},
    refuses=(409, 429),
    who=Who.VISITOR,
)
def register(body: Mapping[str, Any]) -> Any:
    """Open an account with a password, or set a new one with a code after forgetting it."""
    actor = _visitor()
    done = sign_in.register_with_password(
        current().store,
        actor,
        body["contact"],
        body["password"],
        code=body["code"],
        accepted=tuple(body["consents"].items()),
    )
    return _opened(done.session, customer=True)


@routes.operation("DELETE", "/current", answers=None, status=204, who=Who.VISITOR)
def sign_out() -> Any:
    """End the session; its token is worth nothing any more."""
    actor = _visitor()
    session_id = actor.session_id
    assert session_id is not None
    current().store.transact(lambda uow: verbs.sign_out(uow, session_id))
    return "", 204


def _begin(uow: UnitOfWork) -> OpenedSession:
    limits.check_new_guest(uow, network())
    return verbs.open_session(uow, channel="api")


def _visitor() -> Any:
    actor = bearer.visitor()
    current().refresh()  # the look is over before the write begins
    return actor


def _opened(opened: OpenedSession, *, customer: bool) -> dict[str, Any]:
    bearer.private()
    return {"token": opened.token, "expires_at": opened.expires_at, "customer": customer}
