"""Hostile input at every address that there is, those of later releases too: the routes are read
from the app. Nothing may be a defect (5xx), lead elsewhere, or say what is inside."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import event

from storegen.web.app import create_app
from tests.fixtures.goods import make_delivery, make_product

BASE = "http://shop.test"
OURS = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = {
    "NUL": "%00",
    "NUL within": "a%00b",
    "no UTF-8": "%ff%fe",
    "climbing": "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "climbing plainly": "../../../../etc/passwd",
    "quotes": quote("'\"`;--", safe=""),
    "markup": quote("<script>alert(1)</script>", safe=""),
    "a number": "99999999999999999999999999",
    "minus": "-1",
    "long": "x" * 3000,
    "other digits": quote("９９", safe=""),
    "an address": quote("//evil.test/", safe=""),
    "backslashes": quote("\\\\evil.test", safe=""),
    "template": quote("{{7*7}}${7*7}", safe=""),
}
PARAMETERS = ("q", "page", "after", "sort", "f", "min", "max", "stock", "variant", "tag", "next",
              "limit", "provider", "kind", "line", "state", "code")  # fmt: skip
NAMES = ("variant", "quantity", "email", "phone", "code", "name", "contact", "password", "line1",
         "division", "country", "note", "next", "csrf", "key", "expected_total", "reason", "line",
         "method", "shipping_method", "payment_provider", "purpose", "via", "login")  # fmt: skip
LEAKS = re.compile(r"Traceback|sqlalchemy|psycopg|sqlite3|/storegen/|SELECT |root:x:0")


@pytest.fixture
def app(store):
    make_delivery(store)
    make_product(store, "Tea", handle="tea")
    return create_app(store)


def addresses(app, value, methods):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods & methods):
            path = re.sub(r"<[^>]+>", lambda _: value, rule.rule)
            yield method, path


def check(answer, address):
    said = answer.get_data()[:200_000].decode("utf-8", "replace")
    assert answer.status_code < 500 or address.endswith("/readyz"), (address, answer.status, said)
    assert not LEAKS.search(said), address
    place = answer.headers.get("Location", "")
    host = urlsplit(place.replace("\\", "/")).netloc
    assert host in ("", "shop.test"), (address, place)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_path_takes_anything(app, value):
    client = app.test_client()
    for method, path in addresses(app, value, {"GET", "POST", "PUT", "PATCH", "DELETE"}):
        for prefix in ("", "/en") if method == "GET" else ("",):
            answer = client.open(
                prefix + path,
                method=method,
                base_url=BASE,
                headers={"Sec-Fetch-Site": "same-origin"},
            )
            check(answer, f"{method} {prefix}{path}")


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_page_takes_any_parameter(app, value):
    client = app.test_client()
    query = "&".join(f"{name}={value}" for name in PARAMETERS)
    for method, path in addresses(app, "tea", {"GET"}):
        check(client.open(f"{path}?{query}", method=method, base_url=BASE), f"{path}?{query}")


@pytest.mark.parametrize(
    "value", ["\x00", "\ud800", "x" * 20_000, "<script>", "'", "-1", "1e9", "９"], ids=ascii
)
def test_every_form_and_body_takes_any_value(app, value):
    client = app.test_client()
    form = dict.fromkeys(NAMES, value.encode("utf-8", "surrogatepass"))
    for method, path in addresses(app, "tea", {"POST", "PUT", "PATCH", "DELETE"}):
        if not path.startswith("/api/"):
            answer = client.open(path, method=method, base_url=BASE, data=form, headers=OURS)
        else:
            body = json.dumps(dict.fromkeys(NAMES, value))
            headers = {
                **OURS,
                "Idempotency-Key": "k" * 300,
                "Authorization": "Bearer \xff",
                "Content-Type": "application/json",
            }
            answer = client.open(path, method=method, base_url=BASE, data=body, headers=headers)
        check(answer, f"{method} {path}")


def test_looking_writes_nothing(app, store):
    """GET is for looking. Counting tries (`limits`) is all that a look may write."""
    written = []

    def note(_c, _cursor, text, *_):
        writes = re.match(r"(INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)", text)
        if writes and not re.search(r'"?limits?"?', text.split("(")[0]):
            written.append(text)

    client = app.test_client()
    client.post("/cart/lines", base_url=BASE, data={"variant": "x"}, headers={"Origin": BASE})
    event.listen(store.engine, "before_cursor_execute", note)
    try:
        for _, path in addresses(app, "tea", {"GET"}):
            client.get(path, base_url=BASE)
            assert written == [], path
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
