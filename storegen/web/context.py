"""What a request knows: its store, language, visitor, and one reading unit of work."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from functools import cached_property

from flask import g, has_request_context, request
from flask.wrappers import Response

from storegen.domain import limits
from storegen.domain.people import sessions
from storegen.domain.people.sessions import SessionView
from storegen.store import Store
from storegen.uow import UnitOfWork
from storegen.values.actor import Actor
from storegen.web import binding, i18n
from storegen.web.urls import Urls, urls

COOKIE = "sg_session"
STAFF_COOKIE = "sg_staff"
"""The back office has a session of its own: who shops and works in one browser is two people."""
HAS_SESSION = "sg_has"
"""Readable by scripts: without it a page does not even ask for its personal fragment."""


class Context:
    """One per request, at ``current()``; nothing is looked up before it is asked for."""

    def __init__(self, store: Store, locale: str) -> None:
        self.store = store
        self.locale = locale
        self._stack = ExitStack()
        self._reading: UnitOfWork | None = None
        self._session: SessionView | None = None
        self._looked = False
        self._new_token: tuple[str, datetime] | None = None
        self._forget = False
        self._staff: SessionView | None = None
        self._staff_looked = False
        self._staff_token: tuple[str, datetime] | None = None
        self._staff_forget = False

    # -- data -----------------------------------------------------------------------------

    @property
    def db(self) -> UnitOfWork:
        """One reading unit for the whole request."""
        if self._reading is None:
            self._reading = self._stack.enter_context(self.store.read())
        return self._reading

    def refresh(self) -> None:
        """After a write: the next look sees it."""
        self._stack.close()
        self._stack = ExitStack()
        self._reading = None

    def close(self) -> None:
        self._stack.close()

    # -- who ------------------------------------------------------------------------------

    @property
    def session(self) -> SessionView | None:
        """The visitor's session, from the cookie; pages that ask are personal and never cached."""
        if not self._looked:
            self._looked = True
            g.personal = True
            token = request.cookies.get(COOKIE, "")
            if token:
                self._session = sessions.find_session(self.db, token)
                if self._session is None:
                    self._forget = True
                elif self._session.renew_due:
                    view = self._session
                    ends = self.store.transact(lambda uow: sessions.keep_alive(uow, view))
                    self._new_token = (token, ends)
        return self._session

    @property
    def actor(self) -> Actor:
        """Who asks. Without a session: a guest who has nothing yet."""
        if self.session is not None:
            return self.session.actor(network=network(), locale=self.locale)
        return Actor(kind="guest", channel="web", locale=self.locale, network=network())

    def ensure_session(self) -> Actor:
        """The actor, with a session made for a guest who begins to have something (a cart).
        Raises `TooMany` for a network that begins more of them than people would."""
        if self.session is None:
            opened = self.store.transact(_begin_guest)
            self.adopt(opened)
        return self.actor

    def adopt(self, opened: sessions.OpenedSession) -> None:
        """From now on the visitor has this session: after sign-in, or a guest's first one."""
        self._new_token = (opened.token, opened.expires_at)
        self._forget = False
        self._looked = True
        g.personal = True
        self.refresh()
        self._session = sessions.find_session(self.db, opened.token)

    def forget(self) -> None:
        """The session is over."""
        self._session, self._looked, self._forget, self._new_token = None, True, True, None

    @property
    def staff(self) -> SessionView | None:
        """The back office session of whoever works here; a customer's session never is one."""
        if not self._staff_looked:
            self._staff_looked = True
            g.personal = True
            token = request.cookies.get(STAFF_COOKIE, "")
            if token:
                self._staff = sessions.find_session(self.db, token, "staff")
                if self._staff is None:
                    self._staff_forget = True
                elif self._staff.renew_due:
                    view = self._staff
                    ends = self.store.transact(lambda uow: sessions.keep_alive(uow, view))
                    self._staff_token = (token, ends)
        return self._staff

    @property
    def staff_actor(self) -> Actor:
        """Who works in the back office; nobody yet: a guest in the channel ``admin``."""
        if self.staff is not None:
            return self.staff.actor(network=network(), locale=self.locale, channel="admin")
        return Actor(kind="guest", channel="admin", locale=self.locale, network=network())

    def adopt_staff(self, opened: sessions.OpenedSession) -> None:
        """From now on this browser works in the back office."""
        self._staff_token = (opened.token, opened.expires_at)
        self._staff_forget, self._staff_looked = False, True
        g.personal = True
        self.refresh()
        self._staff = sessions.find_session(self.db, opened.token, "staff")

    def forget_staff(self) -> None:
        """The back office session is over."""
        self._staff, self._staff_looked = None, True
        self._staff_token, self._staff_forget = None, True

    def finish(self, response: Response) -> Response:
        """Write the cookies that this request decided on."""
        self._finish_staff(response)
        if self._forget and self._new_token is None:
            response.delete_cookie(COOKIE, path="/", samesite="Lax", secure=request.is_secure)
            response.delete_cookie(HAS_SESSION, path="/", samesite="Lax", secure=request.is_secure)
        elif self._new_token is not None:
            token, expires = self._new_token
            response.set_cookie(
                COOKIE,
                token,
                expires=expires,
                path="/",
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
            response.set_cookie(
                HAS_SESSION, "1", expires=expires, path="/", samesite="Lax",
                secure=request.is_secure,
            )  # fmt: skip
        return response

    def _finish_staff(self, response: Response) -> None:
        if self._staff_token is not None:
            token, expires = self._staff_token
            response.set_cookie(
                STAFF_COOKIE,
                token,
                expires=expires,
                path="/",  # the back office stands below each language's prefix
                httponly=True,
                samesite="Lax",
                secure=request.is_secure,
            )
        elif self._staff_forget:
            response.delete_cookie(
                STAFF_COOKIE, path="/", httponly=True, samesite="Lax", secure=request.is_secure
            )

    # -- addresses ------------------------------------------------------------------------

    @cached_property
    def urls(self) -> Urls:
        """Addresses in the reader's language."""
        return urls(self.store, self.locale, request.host_url)

    # -- words ----------------------------------------------------------------------------

    @cached_property
    def texts(self) -> i18n.Texts:
        """The reader's language; in the back office with the words of plugins' resources."""
        if not request.path.startswith("/admin"):
            return i18n.texts(i18n.language(self.locale))
        from storegen.web.plugins import admin

        core = i18n.texts(i18n.language(self.locale), "admin")
        return admin.words(self.store, self.locale, core)

    def money(self, amount: int) -> str:
        return i18n.money(amount, self.store.config.currency, self.locale)

    def day(self, when: datetime) -> str:
        return i18n.day(when, self.locale, self.store.config.timezone)

    def moment(self, when: datetime) -> str:
        return i18n.moment(when, self.locale, self.store.config.timezone)


def current() -> Context:
    """The context of the request that is being answered."""
    if "context" not in g:
        g.context = Context(request.environ[binding.STORE], request.environ[binding.LOCALE])
    context: Context = g.context
    return context


def gettext(message: str, **values: object) -> str:
    """A text in the reader's language; ``%(name)s`` stands for a value."""
    translated = current().texts.gettext(message) if has_request_context() else message
    return translated % values if values else translated


def ngettext(one: str, many: str, n: int, **values: object) -> str:
    return current().texts.ngettext(one, many, n) % {"num": n, **values}


def network() -> str:
    """The client's address as the trusted proxies report it. Without one, as behind a socket file,
    all are one network to the limits: none would be no limit at all."""
    return request.remote_addr or limits.UNKNOWN


def _begin_guest(uow: UnitOfWork) -> sessions.OpenedSession:
    limits.check_new_guest(uow, network())
    return sessions.open_session(uow)
