"""The pay page: server-rendered, without scripts."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from sqlite3 import Row
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from storegen_plugins.pay_sandbox.gateway import faults, payments
from storegen_plugins.pay_sandbox.gateway.amounts import amount_text
from storegen_plugins.pay_sandbox.gateway.behaviours import STRANDED, Options, perform
from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.gateway.refusals import Refused
from storegen_plugins.pay_sandbox.gateway.schemas import FaultSchema, PaySchema, check
from storegen_plugins.pay_sandbox.gateway.texts import LANGUAGES, TEXTS, language
from werkzeug.wrappers import Request, Response

GROUPS = {
    "group_time": ("delay", "late"),
    "group_twice": ("notify_twice", "capture_twice", "storm", "storm_refund"),
    "group_lie": ("wrong_amount", "wrong_currency", "bad_signature"),
    "group_line": ("drop",),
}
LINE_ENDPOINTS = ("query", "close", "refund", "query_refund")
LINE_KINDS = ("drop", "drop_before", "error", "junk", "pending", "failed", "unknown")


class Pages:
    """Answers everything that is not the API."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._css = _resource("pay.css").encode()
        self._css_version = hashlib.sha256(self._css).hexdigest()[:12]
        self._templates = Environment(
            loader=FunctionLoader(_resource),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def answer(self, request: Request) -> Response:
        match request.method, request.path.strip("/").split("/"):
            case "GET" | "HEAD", ["pay.css"]:
                response = Response(self._css, mimetype="text/css")
                response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
                return response
            case "GET" | "HEAD", ["pay.svg"]:
                return Response(_resource("pay.svg"), mimetype="image/svg+xml")
            case "GET" | "HEAD", ["healthz"]:
                return Response("ok\n", mimetype="text/plain")
            case "GET" | "HEAD", [""]:
                return self._notice(request, "home", 200)
        try:
            return self._pay_page(request)
        except Refused as refused:
            kind = {403: "forbidden", 422: "invalid"}.get(refused.status, "missing")
            return self._notice(request, kind, refused.status)

    def _pay_page(self, request: Request) -> Response:
        match request.method, request.path.strip("/").split("/"):
            case "GET" | "HEAD", ["pay", token]:
                return self._show(request, token)
            case "POST", ["pay", token]:
                _same_site(request)
                return self._behave(request, token)
            case "POST", ["pay", token, "line"]:
                _same_site(request)
                return self._arm(request, token)
        raise Refused(404, "no-such-page")

    def _show(self, request: Request, token: str, *, armed: bool = False) -> Response:
        now = self._gateway.now()
        with self._gateway.database.read() as db:
            payment = payments.by_token(db, token)
        chosen = language(
            request.args.get("lang", ""),
            payment["locale"],
            request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "en"]) or "",
        )
        shop = urlsplit(payment["return_url"])
        return self._render(
            "pay.html",
            chosen,
            f"/pay/{token}",
            allow_forms_to=f"{shop.scheme}://{shop.netloc}" if shop.netloc else "",
            payment=payment,
            state=payments.state(payment, now),
            payee=_payee(payment) or shop.netloc,
            shop=shop.netloc,
            amount=amount_text(payment["amount"], payment["currency"] or "CNY"),
            minutes=max(1, -(-int(payment["expires_at"] - now) // 60)),
            groups=GROUPS,
            endpoints=LINE_ENDPOINTS,
            kinds=LINE_KINDS,
            armed=armed or request.args.get("armed") == "1",
            dropped=request.args.get("dropped") == "1",
        )

    def _behave(self, request: Request, token: str) -> Response:
        now = self._gateway.now()
        asked = check(
            PaySchema,
            {
                "reference": "page",
                "behaviour": request.form.get("behaviour", ""),
                "seconds": _whole(request.form.get("seconds", "10")),
            },
        )
        behaviour = asked["behaviour"]
        here = f"/pay/{token}?lang={language(request.form.get('lang', ''))}"
        with self._gateway.database.write() as db:
            payment = payments.by_token(db, token)
            try:
                perform(db, payment, behaviour, Options(seconds=asked["seconds"]), now)
            except Refused:
                # Another tab was faster: show what became of it.
                return _see_other(here)
        self._gateway.work.set()
        if behaviour in STRANDED:
            return _see_other(f"{here}&dropped=1")
        return _see_other(payment["return_url"])

    def _arm(self, request: Request, token: str) -> Response:
        asked = check(
            FaultSchema,
            {
                "endpoint": request.form.get("endpoint", ""),
                "kind": request.form.get("kind", ""),
            },
        )
        with self._gateway.database.write() as db:
            payment = payments.by_token(db, token)
            faults.arm(db, payment["merchant_id"], **asked)
        chosen = language(request.form.get("lang", ""))
        return _see_other(f"/pay/{token}?lang={chosen}&armed=1")

    def _notice(self, request: Request, kind: str, status: int) -> Response:
        chosen = language(
            request.args.get("lang", ""),
            request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "en"]) or "",
        )
        # Any other path may be a stranger's text: the language link leads home.
        response = self._render("notice.html", chosen, "/", allow_forms_to="", kind=kind)
        response.status_code = status
        return response

    def _render(
        self, template: str, chosen: str, path: str, *, allow_forms_to: str, **context: Any
    ) -> Response:
        html = self._templates.get_template(template).render(
            t=TEXTS[chosen],
            lang=chosen,
            html_lang=LANGUAGES[chosen],
            other="en" if chosen == "zh" else "zh",
            other_html_lang=LANGUAGES["en" if chosen == "zh" else "zh"],
            path=path,
            css=f"/pay.css?v={self._css_version}",
            **context,
        )
        response = Response(html, mimetype="text/html")
        # Browsers apply form-action to the redirect after a form too, so the shop must be in it.
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            "frame-ancestors 'none'; "
            f"form-action 'self' {allow_forms_to}".strip()
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        # The address of a pay page is a key to it.
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _payee(payment: Row) -> str:
    """The shop's name: what it says a payment is for is its name and the order's number."""
    text = str(payment["description"]).strip()
    return text.removesuffix(str(payment["order_number"])).strip() if text else ""


def _same_site(request: Request) -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused(403, "foreign-form")


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _see_other(location: str) -> Response:
    response = Response("", 303)
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-store"
    return response


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
