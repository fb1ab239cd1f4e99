"""Who asks: the session whose token is in the ``Authorization`` header. No cookie is read here,
so nothing that a browser sends by itself counts as permission."""

from __future__ import annotations

from flask import g, request
from flask.wrappers import Response

from storegen.domain.people import sessions
from storegen.domain.people.sessions import SessionView
from storegen.errors import NotSignedIn
from storegen.values.actor import Actor
from storegen.web.context import current, network


def private() -> None:
    """This answer is for one reader: no cache keeps it."""
    g.personal = True


def session() -> SessionView | None:
    """The session of the Bearer token; None without one. An answer that depends on it is private.

    Raises `NotSignedIn` for a header that names no session in force.
    """
    private()
    if "bearer" not in g:
        g.bearer = _find()
    found: SessionView | None = g.bearer
    return found


def _find() -> SessionView | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    context = current()
    found = None
    if scheme.lower() == "bearer":
        found = sessions.find_session(context.db, token.strip())
    if found is None:
        raise NotSignedIn
    if found.renew_due:
        context.refresh()
        context.store.transact(lambda uow: sessions.keep_alive(uow, found))
    return found


def actor() -> Actor:
    """Whoever asks; without a token a guest who has nothing but the ids that they know."""
    found = session()
    locale = current().locale
    if found is None:
        return Actor(kind="guest", channel="api", locale=locale, network=network())
    return found.actor(network=network(), locale=locale, channel="api")


def visitor() -> Actor:
    """The owner of a session, a guest or a customer. Raises `NotSignedIn` without one."""
    found = actor()
    if found.session_id is None:
        raise NotSignedIn
    return found


def customer() -> Actor:
    """The signed-in customer. Raises `NotSignedIn`."""
    found = visitor()
    if found.customer_id is None:
        raise NotSignedIn
    return found


def challenge(response: Response) -> Response:
    """RFC 9110: a 401 says how to sign in."""
    if response.status_code == 401 and request.path.startswith("/api/"):
        response.headers["WWW-Authenticate"] = 'Bearer realm="shop"'
    return response
