"""Who may write, from where, under which name; what leaves with a refusal."""

from __future__ import annotations

import json
import time

import pytest

from storegen.errors import Busy, NotificationRefused, ProviderDown
from storegen.web.app import create_app
from tests.fixtures.goods import make_delivery, make_product
from tests.fixtures.payment import ScriptedProvider, use

BASE = "http://shop.test"
on_one_database = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def client(store):
    make_delivery(store)
    make_product(store, "Tea", handle="tea")
    return create_app(store).test_client()


# Headers → may it write? Without cookies nothing rides along, so only a browser is asked.
ORIGINS = [
    ({"Origin": BASE}, False, True),
    ({"Origin": "null"}, False, False),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False, False),
    ({"Origin": "http://shop.test.evil.test"}, False, False),
    ({"Origin": "http://evil.test/shop.test"}, False, False),
    ({"Origin": "https://shop.test"}, False, False),
    ({"Origin": "http://shop.test:8080"}, False, False),
    ({"Origin": "HTTP://SHOP.TEST"}, False, True),
    ({"Origin": ""}, True, False),
    ({"Sec-Fetch-Site": "cross-site"}, False, False),
    ({"Sec-Fetch-Site": "same-site"}, False, False),
    ({"Sec-Fetch-Site": "same-origin"}, True, True),
    # Only the browser writes Sec-Fetch-Site; it knows better than Origin, which may be "null".
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True, True),
    ({"Sec-Fetch-Site": "none"}, True, False),
    ({"Sec-Fetch-Site": "evil", "Origin": BASE}, True, False),
    ({}, True, False),
    ({"Referer": f"{BASE}/cart"}, True, True),
    ({"Referer": "http://evil.test/http://shop.test/"}, True, False),
    ({"Referer": "http://shop.test@evil.test/"}, True, False),
    ({}, False, True),
]


@on_one_database
@pytest.mark.parametrize(("headers", "cookies", "allowed"), ORIGINS, ids=repr)
@pytest.mark.parametrize("path", ["/cart/lines", "/account/sign-in/password"])
def test_a_form_of_another_site_writes_nothing(client, headers, cookies, allowed, path):
    if cookies:
        client.set_cookie("sg_session", "x", domain="shop.test")
    answer = client.post(path, base_url=BASE, headers=headers, data={})
    foreign = answer.status_code == 403 and "X-Frame-Options" in answer.headers
    assert foreign is not allowed, answer.status


@on_one_database
def test_an_api_call_with_cookies_is_a_browsers(client):
    client.set_cookie("sg_session", "x", domain="shop.test")
    answer = client.post("/api/v1/carts", base_url=BASE, json={})
    assert (answer.status_code, answer.json["code"]) == (403, "foreign-request")


@on_one_database
@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "shop.test.evil.test",
        "shop.test:80@evil.test",
        "shop.test@evil.test",
        "[::1]evil.test",
        "shop.test:80:80",
        "shop.test:evil",
        "shop.test/evil",
        "shop.test\\evil.test",
        "shop.test#evil",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/sitemap.xml", "/robots.txt", "/cart"])
def test_another_host_is_not_ours(client, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code in (400, 421)
    assert b"evil" not in answer.data


@on_one_database
@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Forwarded-Server"])
@pytest.mark.parametrize("path", ["/", "/sitemap.xml", "/products/tea", "/manifest.webmanifest"])
def test_a_forwarded_host_is_in_no_link(client, name, path):
    value = "host=evil.test" if name == "Forwarded" else "evil.test"
    answer = client.get(path, base_url=BASE, headers={name: value})
    assert b"evil.test" not in answer.data
    assert "evil.test" not in str(answer.headers)


@on_one_database
@pytest.mark.parametrize(
    "path",
    ["//evil.test", "//evil.test/", "/\\evil.test", "/%09//evil.test", "/en//evil.test",
     "/en/%2f%2fevil.test", "///evil.test/%2f..", "/cart//evil.test", "/products//evil.test/"],
)  # fmt: skip
def test_no_path_redirects_elsewhere(client, path):
    answer = client.open(path=path, base_url=BASE)
    place = answer.headers.get("Location", "")
    assert not place.replace("\\", "/").replace("\t", "").startswith("//")
    assert place == "" or place.startswith(("/", BASE)), place


@on_one_database
@pytest.mark.parametrize(
    "key",
    ["../store.toml", "..%2fstore.toml", "%2e%2e/store.toml", "/etc/passwd", "%2fetc%2fpasswd",
     "originals/a.jpg", ".%00/x", "a/../../store.toml", "....//store.toml"],
)  # fmt: skip
@pytest.mark.parametrize("door", ["/media/", "/assets/0/", "/assets/0/core/"])
def test_no_file_outside_its_folder_is_served(client, store, key, door):
    (store.root / "media").mkdir(exist_ok=True)
    answer = client.get(door + key, base_url=BASE)
    assert answer.status_code in (404, 308, 301)
    assert store.config.secret.encode() not in answer.data


def scripted(store, **answers):
    provider = ScriptedProvider()
    for name, answer in answers.items():
        setattr(provider, name, answer)
    use(store, provider)
    return provider


@on_one_database
def test_a_provider_that_is_down_says_nothing_of_its_network(client, store, monkeypatch):
    """The reason names inner hosts; it is for the log."""
    secret = "http://10.0.0.7:9000 refused"

    def down(*_, **__):
        raise ProviderDown("scripted", secret)

    from storegen.domain.people import sessions

    monkeypatch.setattr(sessions, "find_session", down)
    for path in ("/api/v1/customer", "/cart"):
        headers = {"Authorization": "Bearer x"} if path.startswith("/api") else {}
        client.set_cookie("sg_session", "x", domain="shop.test")
        answer = client.get(path, base_url=BASE, headers=headers)
        assert answer.status_code == 502, path
        assert secret.encode() not in answer.data


@on_one_database
def test_notify_is_bounded_and_believes_only_its_provider(client, store):
    def refuse(raw):
        json.loads(raw.body)
        raise NotificationRefused("signature of merchant 12345 is wrong")

    scripted(store, read_notification=refuse)
    door = "/pay/scripted/notify"
    began = time.monotonic()
    assert client.post(door, base_url=BASE, data=b"x" * (3 * 2**20)).status_code == 413
    refused = client.post(door, base_url=BASE, data=b"{}")
    assert refused.status_code >= 400
    assert b"12345" not in refused.data
    assert client.post("/pay/nobody/notify", base_url=BASE, data=b"{}").status_code == 404
    assert client.get(door, base_url=BASE).status_code == 405
    assert time.monotonic() - began < 5


@on_one_database
def test_a_busy_shop_says_when_to_come_back(client, monkeypatch):
    from storegen.domain.people import sessions

    def busy(*_, **__):
        raise Busy

    monkeypatch.setattr(sessions, "find_session", busy)
    client.set_cookie("sg_session", "x", domain="shop.test")
    answer = client.get("/cart", base_url=BASE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "no-store" in answer.headers["Cache-Control"]


@on_one_database
def test_words_of_a_stranger_are_words_on_an_error_page(client, monkeypatch):
    """Sentences name what was asked for: escaped, whatever page shows them."""
    from storegen.domain.people import sessions
    from storegen.errors import InvalidAmount

    def echo(*_, **__):
        raise InvalidAmount("<img src=x onerror=alert(1)>%(text)s{{7*7}}", "CNY")

    monkeypatch.setattr(sessions, "find_session", echo)
    client.set_cookie("sg_session", "x", domain="shop.test")
    answer = client.get("/cart", base_url=BASE)
    assert answer.status_code == 400
    assert b"<img src=x" not in answer.data
    assert b"&lt;img src=x" in answer.data
    assert b"{{7*7}}" in answer.data
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@on_one_database
def test_a_defect_shows_nothing_of_the_inside(client, monkeypatch):
    from storegen.domain.people import sessions

    def broken(*_, **__):
        raise RuntimeError("password=hunter2 at /srv/shop/secret.py")

    monkeypatch.setattr(sessions, "find_session", broken)
    client.set_cookie("sg_session", "x", domain="shop.test")
    for path in ("/cart", "/api/v1/customer"):
        answer = client.get(path, base_url=BASE, headers={"Authorization": "Bearer x"})
        assert answer.status_code == 500
        assert b"hunter2" not in answer.data
        assert b"/srv/" not in answer.data
