"""What every answer carries and every writing request has to show."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, g, request
from flask.wrappers import Response
from werkzeug.routing import IntegerConverter, Map

from storegen.domain.people.sessions import csrf_matches
from storegen.errors import StoreError
from storegen.web import binding
from storegen.web.context import current
from storegen.web.plugins import csp
from storegen.web.plugins.naming import HOOKS, is_hook

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class ForeignRequest(StoreError):
    """A writing request that does not come from one of the shop's own pages."""

    code = "foreign-request"
    status = 403


class DatabaseInteger(IntegerConverter):
    """A number in a path that a BIGINT holds; another one is no address of the shop."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


def install(app: Flask) -> None:
    app.before_request(_check_address)
    app.before_request(_check_origin)
    app.after_request(_headers)


def open_to_machines(view: str) -> bool:
    """Payment notifications and plugins' webhooks prove who they are by their signature."""
    return view.startswith("pay.notify") or is_hook(view)


def _check_address() -> None:
    """No text of the shop holds a NUL, and PostgreSQL takes none."""
    if "\0" in request.path:
        abort(404)
    if b"%00" in request.query_string and not request.path.startswith("/api/"):
        abort(404)  # the API's schemas say which parameter it is


def _check_origin() -> None:
    """Cached pages hold no token, so their forms are told apart by where they come from."""
    if request.method in SAFE or open_to_machines(request.endpoint or ""):
        return
    if request.path.startswith("/api/") and not request.cookies:
        return  # nothing rides along by itself
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # Only the browser writes this one. It also decides where Origin is "null", as it is in
        # forms of pages that send no referrer: an order's page, whose address is a secret.
        if site != "same-origin":
            raise ForeignRequest
        return
    origin = request.headers.get("Origin")
    if origin is not None:
        parts = urlsplit(origin)
        if (parts.scheme, parts.netloc.lower()) != (request.scheme, request.host.lower()):
            raise ForeignRequest
    elif request.cookies:
        # Neither header: no browser of today. One that has cookies might be an old one, misled.
        referrer = urlsplit(request.headers.get("Referer", ""))
        if referrer.netloc.lower() != request.host.lower():
            raise ForeignRequest


def check_token() -> None:
    """For forms on pages rendered per person: the token of the visitor's own session."""
    session = current().session
    if session is None or not csrf_matches(session, request.form.get("csrf", "")):
        raise ForeignRequest


def check_staff_token() -> None:
    """`check_token` for the back office: the token of the staff member's own session."""
    session = current().staff
    if session is None or not csrf_matches(session, request.form.get("csrf", "")):
        raise ForeignRequest


def _policy() -> str:
    """Plugins may need further sources on the shop's pages, and nowhere else."""
    if request.path.startswith(("/admin", "/api/", f"/{HOOKS}/")):
        return CSP
    return csp.of_store(request.environ[binding.STORE], CSP)


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("X-Frame-Options", "DENY")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if g.get("personal") or "Set-Cookie" in headers:
        headers.pop("X-Storegen-Cache", None)
        headers["Cache-Control"] = "private, no-store"
    return response
