"""Refusals as people and programs want them: a page in the reader's words, or problem+json."""

from __future__ import annotations

import logging
import traceback
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, json, request
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, HTTPException

from storegen import database
from storegen.errors import Busy, PriceChanged, StoreError, TooMany
from storegen.web.context import current, gettext
from storegen.web.sentences import SENTENCES, TITLES

log = logging.getLogger(__name__)
BASE = "https://storegen.dev/problems/"
TRACEBACKS = "STOREGEN_TRACEBACKS"
"""Key of the app's configuration: defects are shown whole, in `storegen dev` only."""

_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "not-json"}


def install(app: Flask) -> None:
    app.register_error_handler(StoreError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _database)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(UnicodeEncodeError, _unstorable)
    app.register_error_handler(Exception, _defect)


def sentence(error: StoreError) -> str:
    """What the reader is told: what happened and what to do, in their language."""
    data = error.data()
    reason = data.get("reason")
    text = SENTENCES.get(f"{error.code}:{reason}") or SENTENCES.get(error.code)
    if text is None:
        return gettext("This cannot be done.")
    if isinstance(error, PriceChanged):
        data = {key: current().money(value) for key, value in data.items()}
    try:
        return gettext(text) % data
    except (KeyError, TypeError):
        return gettext(text)


def problem(status: int, code: str, detail: str, data: dict[str, Any] | None = None) -> Response:
    """RFC 9457. ``code`` is stable; ``detail`` is for people."""
    body = {
        "type": f"{BASE}{code}",
        "title": gettext(TITLES.get(status, "Error")),
        "status": status,
        "code": code,
        "detail": detail,
        **({"request_id": rid} if (rid := request_id()) else {}),
        **(data or {}),
    }
    response = Response(
        json.dumps(body, ensure_ascii=False), status=status, mimetype="application/problem+json"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def request_id() -> str:
    return str(request.environ.get("storegen.request_id", ""))


def _wants_json() -> bool:
    return request.path.startswith(("/api/", "/hooks/"))


def _refused(error: StoreError) -> Response:
    retry = getattr(error, "retry_after", None)
    if _wants_json():
        from storegen.web.api.refusals import told

        response = problem(error.status, error.code, sentence(error), told(error))
    else:
        response = page(error.status, sentence(error), code=error.code)
    if isinstance(error, TooMany | Busy) and retry is not None:
        response.headers["Retry-After"] = str(retry)
    return response


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect that a router asked for
        answer = Response(error.description or "", status)
        answer.headers.update(error.get_headers())
        return answer
    if status == 404 and (there := _without_slash()) is not None:
        return there
    code = _CODES.get(status, "bad-request" if status < 500 else "internal")
    detail = gettext(SENTENCES.get(code, "This cannot be done."))
    response = problem(status, code, detail) if _wants_json() else page(status, detail, code=code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _without_slash() -> Response | None:
    """Addresses have no slash at their end; one that was typed or linked with it is forgiven."""
    path = request.path
    inner = path.strip("/")
    if not inner or "\\" in path or not path.endswith("/") or _wants_json():
        return None
    if request.method not in ("GET", "HEAD"):
        return None
    # One slash at the front, whatever was asked for: "//host" would lead out of the shop.
    target = f"{quote(request.script_root)}/{quote(inner)}"
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return Response(status=308, headers={"Location": target + query, "Cache-Control": "no-cache"})


def _database(error: DBAPIError | PoolTimeout) -> Response:
    """A database that is away is a pause, not a defect."""
    busy = database.as_busy(error)
    if busy is not None:
        log.warning("database away: %s", getattr(error, "orig", error))
        return _refused(busy)
    return _defect(error)


def _unstorable(error: Exception) -> Response:
    """A NUL, half a surrogate pair, too long or too large: no field of the shop holds it. Its own
    door should have said so, therefore it is logged."""
    log.warning("unstorable input in %s %s [%s]", request.method, request.url_rule, request_id(),
                exc_info=error)  # fmt: skip
    return _http(BadRequest())


def _defect(error: Exception) -> Response:
    # The rule, not the path: that may be the key to an order. The access log has the rest.
    log.exception("defect in %s %s [%s]", request.method, request.url_rule, request_id())
    if current_app.config.get(TRACEBACKS):
        told = "".join(traceback.format_exception(error))
        return Response(told, 500, {"Cache-Control": "no-store"}, mimetype="text/plain")
    said = SENTENCES["internal"]
    detail = gettext(said)
    if _wants_json():
        return problem(500, "internal", detail)
    return page(500, detail, code="internal")


def page(status: int, detail: str, *, code: str) -> Response:
    """The themed page; where even that fails, a bare one that needs no database."""
    title = gettext(TITLES.get(status, "Something went wrong"))
    if request.path.startswith("/admin"):
        from storegen.web.admin import error_page as themed
    else:
        from storegen.web.storefront import error_page as themed
    try:
        if status == 503:
            raise RuntimeError("no look at the database now")
        current().refresh()
        body = themed(status, title, detail)
    except Exception:
        if status != 503:
            log.exception("the error page failed")
        body = _bare(title, detail)
    response = Response(body, status=status, mimetype="text/html")
    if status == 404 and not g.get("personal"):
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _bare(title: str, detail: str) -> str:
    from markupsafe import escape

    lang = current().locale
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>"
        f"<p>{escape(detail)}</p></main></body></html>"
    )
