"""A plugin's pages, API, webhooks and files: there in stores that list it, and nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from storegen.errors import PluginProblem
from storegen.sdk import Manifest, SlotPiece
from storegen.sdk.web import Pages
from storegen.store import Store
from storegen.web.app import create_app
from tests.fixtures.goods import Goods
from tests.web.plugins.filler import web as views
from tests.web.shop.browser import SAME_SITE, Shopper

HOST = "http://shop.test"


def get(app: Flask, path: str, **more: Any) -> Any:
    return app.test_client().get(path, base_url=HOST, **more)


# -- pages ---------------------------------------------------------------------------------------


def test_a_page_is_in_the_shops_shell_in_both_languages(app: Flask) -> None:
    english, chinese = get(app, "/filler"), get(app, "/zh-hans/filler")
    assert english.status_code == chinese.status_code == 200
    assert "<title>Our front | Test shop</title>" in english.text
    assert "<title>我们的首页" in chinese.text
    assert 'id="filler-front">Hello &lt;b&gt;' in english.text, "values are escaped"
    assert 'id="filler-front">你好，填充 &lt;b&gt;' in chinese.text
    assert "3 pieces" in english.text
    assert "3 件" in chinese.text
    assert 'action="/zh-hans/filler/claim"' in chinese.text
    assert "site-header" in english.text
    assert "购物车" in chinese.text, "the shell keeps its own words"
    assert 'hreflang="zh-Hans" href="http://shop.test/zh-hans/filler"' in english.text
    assert "¥19.90" in english.text, "macros of the theme"


def test_a_public_page_is_kept_by_its_tags_and_knows_nobody(app: Flask, shopper: Shopper) -> None:
    assert {"filler", "shell"} <= set(get(app, "/filler").headers["X-Storegen-Cache"].split())
    shopper.sign_in()
    page = shopper.get("/filler")
    assert "x-storegen-cache" in page.headers
    assert 'name="csrf" value=""' in page.body.decode()


def test_a_personal_page_asks_to_sign_in_and_stands_in_the_account(shopper: Shopper) -> None:
    assert shopper.get("/filler/mine").path == "/account/sign-in?next=%2Ffiller%2Fmine"
    page = shopper.sign_in(next="/filler/mine")
    assert page.path == "/filler/mine"
    assert "account-nav" in page.body.decode()
    assert "[account.menu](here)" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_refusal_says_what_the_plugin_says(shopper: Shopper) -> None:
    page = shopper.post("/filler/claim")
    assert page.status == 409
    assert "You have this one already." in page.text
    page = shopper.post("/zh-hans/filler/claim")
    assert "你已经有了。" in page.text


def test_forms_of_pages_are_guarded(shopper: Shopper) -> None:
    assert shopper.post("/filler/claim", headers={"Origin": "http://evil.test"}).status == 403
    shopper.sign_in()
    assert shopper.post("/filler/claim").status == 403, "no token"


def test_a_broken_page_is_a_themed_500(app: Flask, shopper: Shopper) -> None:
    page = shopper.get("/filler/broken")
    assert page.status == 500
    assert "Traceback" not in page.text
    assert "Something went wrong" in page.text
    assert shopper.get("/").status == 200


def test_a_store_without_the_plugin_has_nothing_of_it(
    make_store: Callable[..., Store], filled: Store
) -> None:
    """One app for both; the plugin is listed by one of them."""
    bare = make_store("sqlite", locale="en", plugins=[])

    class Two:
        def find(self, host: str) -> Store:
            return bare if host.startswith("bare") else filled

    app = create_app(Two(), filled.plugins.plugins)
    client = app.test_client()
    paths = ("/filler", "/api/v1/filler/things/a", "/MP_verify_filler.txt")
    for path in (*paths, "/assets/0/plugin/filler/filler.css"):
        assert client.get(path, base_url=HOST).status_code == 200, path
        assert client.get(path, base_url="http://bare.test").status_code == 404, path
    sent = {"X-Signature": "good"}
    notify = "/hooks/filler/notify"
    assert client.post(notify, base_url=HOST, headers=sent).status_code == 200
    assert client.post(notify, base_url="http://bare.test", headers=sent).status_code == 404
    document = client.get("/api/v1/openapi.json", base_url="http://bare.test").json
    assert "/api/v1/filler/claims" not in document["paths"]
    assert "filler" not in client.get("/", base_url="http://bare.test").text


# -- API -----------------------------------------------------------------------------------------


def test_operations_are_in_the_one_document(app: Flask) -> None:
    document = get(app, "/api/v1/openapi.json").json
    paths = document["paths"]
    assert paths["/api/v1/filler/things/{thing}"]["get"]["operationId"] == "filler_get_product"
    assert paths["/api/v1/products/{product}"]["get"]["operationId"] == "get_product"
    ids = [
        one["operationId"]
        for path in paths.values()
        for one in path.values()
        if "operationId" in one
    ]
    assert len(ids) == len(set(ids))
    assert paths["/api/v1/filler/claims"]["post"]["tags"] == ["filler"]
    assert {"name": "filler", "description": "Filling"} in document["tags"]
    assert "409" in paths["/api/v1/filler/claims"]["post"]["responses"]


def api_post(app: Flask, path: str, body: object, key: str = "k1", token: str = "") -> Any:
    headers = {"Idempotency-Key": key}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return app.test_client().post(
        path, base_url=HOST, data=json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def token(app: Flask) -> str:
    return str(app.test_client().post("/api/v1/sessions", base_url=HOST).json["token"])


def test_an_operation_is_strict_and_idempotent(app: Flask, token: str) -> None:
    views.times.clear()
    where = "/api/v1/filler/claims"
    assert api_post(app, where, {"code": "AB"}).status_code == 401
    wrong = api_post(app, where, {"code": "AB", "more": 1}, token=token)
    assert wrong.status_code == 422
    assert wrong.mimetype == "application/problem+json"
    first = api_post(app, where, {"code": "AB"}, token=token)
    again = api_post(app, where, {"code": "AB"}, token=token)
    assert (first.status_code, first.json) == (201, {"code": "AB", "times": 1})
    assert again.json == first.json
    assert views.times == ["AB"]
    other = api_post(app, where, {"code": "CD"}, token=token)
    assert (other.status_code, other.json["code"]) == (409, "idempotency-key-reused")
    stranger = str(app.test_client().post("/api/v1/sessions", base_url=HOST).json["token"])
    assert api_post(app, where, {"code": "AB"}, token=stranger).json["times"] == 2


def test_a_refusal_is_a_problem_with_the_plugins_reason(app: Flask, token: str) -> None:
    answer = api_post(app, "/api/v1/filler/claims", {"code": "GONE"}, token=token)
    assert answer.status_code == 409
    assert answer.json["code"] == "refused"
    assert answer.json["reason"] == "filler:gone"
    assert "All of these are gone." in answer.json["detail"]


def test_products_carry_what_plugins_say_of_them_in_one_call(
    app: Flask, tea: Goods, filler: ModuleType, filled: Store
) -> None:
    from tests.fixtures.goods import make_product

    other = make_product(filled, "Other")
    filler.notes.clear()
    found = get(app, "/api/v1/products").json
    said = {each["extensions"]["filler"]["id"] for each in found["items"]}
    assert said == {tea.product_id, other.product_id}
    assert [name for name, _, _ in filler.notes] == ["api product"], "one call for all"
    one = get(app, f"/api/v1/products/{found['items'][0]['id']}").json
    assert one["extensions"]["filler"]["kind"] == "product"


def test_orders_carry_what_plugins_say_of_them(shopper: Shopper, app: Flask, tea: Goods) -> None:
    from tests.web.shop.browser import token_of

    shopper.add(tea.variant)
    order = token_of(shopper.order("scripted"))
    assert get(app, f"/api/v1/orders/{order}").json["extensions"]["filler"]["kind"] == "order"


# -- webhooks ------------------------------------------------------------------------------------


def test_a_webhook_gets_the_bytes_and_no_session(shopper: Shopper, app: Flask) -> None:
    shopper.sign_in()
    body = b'{"a": "\xff"}'
    answer = shopper.client.post(
        "/hooks/filler/notify",
        base_url=HOST,
        data=body,
        headers={"X-Signature": "good", "Origin": "https://sender.example"},
    )
    assert answer.status_code == 200, "no page of ours, and no cookie counts"
    assert answer.data == body + b"|True"
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_webhook_has_a_size_and_answers_in_json(app: Flask) -> None:
    client, where = app.test_client(), "/hooks/filler/notify"
    large = client.post(
        where, base_url=HOST, data=b"x" * (256 * 1024 + 1), headers={"X-Signature": "good"}
    )
    assert large.status_code == 413
    wrong = client.post(where, base_url=HOST, data=b"x")
    assert (wrong.status_code, wrong.mimetype) == (409, "application/problem+json")
    assert client.get(where, base_url=HOST).status_code == 405


# -- files and headers ---------------------------------------------------------------------------


def test_static_files_have_addresses_by_content(app: Flask) -> None:
    page = get(app, "/").text
    found = re.search(r'href="(/assets/[0-9a-f]{16}/plugin/filler/filler.css)"', page)
    assert found is not None
    answer = get(app, found[1])
    assert answer.text == ".filler { color: red; }\n"
    assert "immutable" in answer.headers["Cache-Control"]
    for path in (
        "__init__.py",
        "../__init__.py",
        "%2e%2e/web.py",
        "templates/filler/piece.html",
    ):
        assert get(app, f"/assets/0/plugin/filler/{path}").status_code == 404, path


def test_sources_of_plugins_are_in_the_policy_of_shop_pages_only(app: Flask) -> None:
    policy = get(app, "/").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://pictures.example.com" in policy
    assert "frame-src https://v.example.com" in policy
    assert "default-src 'none'" in policy
    for path in ("/admin/sign-in", "/api/v1/products"):
        assert "example.com" not in get(app, path).headers["Content-Security-Policy"], path


def test_root_files_are_plain_and_only_at_the_root(app: Flask) -> None:
    proof = get(app, "/MP_verify_filler.txt")
    assert (proof.data, proof.mimetype) == (b"proof", "text/plain")
    page = get(app, "/google1.html")
    assert page.mimetype == "text/plain", "it never runs in the shop's name"
    script = get(app, "/sw.js")
    assert (script.data, script.mimetype) == (b"run()", "text/plain")
    assert script.headers["X-Content-Type-Options"] == "nosniff"
    assert get(app, "/zh-hans/MP_verify_filler.txt").status_code == 404
    assert get(app, "/products/MP_verify_filler.txt").status_code == 404
    assert (
        app.test_client()
        .post("/MP_verify_filler.txt", base_url=HOST, headers=SAME_SITE)
        .status_code
        == 404
    )


# -- at the boot ---------------------------------------------------------------------------------


def boot(
    make_store: Callable[..., Store], known: dict[str, Any], name: str, **manifest: Any
) -> Flask:
    title = {"en": "Wrong"}
    known[name] = SimpleNamespace(
        manifest=Manifest(name=name, version="1", title=title, **manifest)
    )
    return create_app(make_store("sqlite", plugins=[name]))


cart_pages, other_pages, no_pages = Pages("cart", __name__), Pages("somebody", __name__), object()
english = Pages("en", __name__)


def piece(slot: str, **more: Any) -> SlotPiece:
    return SlotPiece(slot=slot, template="a", load=lambda view: None, **more)


@pytest.mark.parametrize(
    ("name", "manifest", "said"),
    [
        ("cart", {"pages": (f"{__name__}:cart_pages",)}, "answer /cart, which is storegen's own"),
        ("en", {"pages": (f"{__name__}:english",)}, "answer /en,"),
        ("orders", {"api": ("nowhere:api",)}, "answer /api/v1/orders,"),
        ("wrong", {"pages": ("nowhere_at_all:pages",)}, "No module named 'nowhere_at_all'"),
        ("wrong", {"pages": (f"{__name__}:missing",)}, "has no attribute 'missing'"),
        ("wrong", {"pages": (f"{__name__}:no_pages",)}, "is no Pages"),
        ("wrong", {"pages": (f"{__name__}:other_pages",)}, "is made for `somebody`"),
        ("wrong", {"slots": (piece("product.prize"),)}, "`product.price`"),
        ("wrong", {"slots": (piece("head", personal=True),)}, "nothing personal"),
        ("wrong", {"slots": (piece("footer"),)}, "not in templates/wrong/"),
        ("wrong", {"csp": {"img-scr": ("https://a.example",)}}, "Did you mean `img-src`"),
        ("wrong", {"csp": {"img-src": ("*",)}}, "`*` in its csp is no https origin"),
        ("wrong", {"csp": {"script-src": ("'unsafe-inline'",)}}, "no https origin"),
    ],
)  # fmt: skip
def test_what_is_wrong_stops_the_boot(
    make_store: Callable[..., Store], known: dict[str, Any], name: str, manifest: Any, said: str
) -> None:
    with pytest.raises(PluginProblem) as caught:
        boot(make_store, known, name, **manifest)
    assert said in f"{caught.value.what} {caught.value.fix}"


def test_a_blueprint_cannot_act_on_the_whole_app() -> None:
    with pytest.raises(AttributeError, match="its own requests only"):
        Pages("wrong", __name__).before_app_request(lambda: None)


@pytest.mark.parametrize("name", ["robots.txt", "a/b", "..", "", "cart", "large.txt"])
def test_root_files_that_cannot_be(
    make_store: Callable[..., Store], known: dict[str, Any], name: str
) -> None:
    from storegen.sdk import hookimpl

    @hookimpl
    def root_files() -> dict[str, bytes]:
        return {name: b"x" * (64 * 1024 + 1 if name == "large.txt" else 1)}

    known["wrong"] = SimpleNamespace(
        manifest=Manifest(name="wrong", version="1", title={"en": "Wrong"}), root_files=root_files
    )
    with pytest.raises(PluginProblem):
        create_app(make_store("sqlite", plugins=["wrong"]))
