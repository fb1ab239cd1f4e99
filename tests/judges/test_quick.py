"""The quick judges on every kind of storefront page of the sample shop, in Chinese and English."""

from __future__ import annotations

import json

import pytest

from tests.fixtures.server import RunningShop
from tests.judges import browser, csp, jsonld, links, nu, openapi, sitemap
from tests.judges.findings import listing
from tests.judges.machine import need
from tests.judges.shop_pages import LANGUAGES, Tour, tour
from tests.judges.visitor import Visitor

# One worker keeps them: the tour buys something and signs somebody up, which need not happen twice.
pytestmark = [pytest.mark.judge, pytest.mark.xdist_group("judges")]

PERSONAL = {
    "search, found",
    "search, nothing",
    "not found",
    "cart, empty",
    "cart, filled",
    "checkout",
    "order",
    "sign in",
    "account",
    "addresses",
    "orders",
}


@pytest.fixture(scope="module")
def toured(shop_server: RunningShop) -> Tour:
    return tour(shop_server.base_url)


def test_the_tour_meets_every_kind_of_page(toured: Tour) -> None:
    for language in LANGUAGES:
        kinds = {found.kind for found in toured.pages if found.language == language}
        assert kinds >= PERSONAL
        assert len({kind for kind in kinds if kind.startswith("public")}) >= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe(shop_server: RunningShop, toured: Tour, language: str) -> None:
    need("chromium")
    need("node_modules")
    pages = [found for found in toured.sample() if found.language == language]
    found = browser.judge(shop_server.base_url, pages, toured.cookies[language])
    assert found == [], listing(found)


def test_nu_html_checker(toured: Tour) -> None:
    need("java")
    need("node_modules")
    found = nu.check({page.label: page.page.body for page in toured.pages})
    assert found == [], listing(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links(shop_server: RunningShop, toured: Tour, language: str) -> None:
    need("node_modules")
    starts = [shop_server.base_url + LANGUAGES[language] + "/"]
    starts += [
        found.page.url
        for found in toured.pages
        if found.language == language and found.page.status == 200
    ]
    checked, found = links.broken(
        shop_server.base_url, list(dict.fromkeys(starts)), cookie=toured.cookies[language]
    )
    assert found == [], listing(found)
    assert checked >= len(set(starts))


def test_structured_data(toured: Tour) -> None:
    need("node_modules")
    types, found = jsonld.check({page.label: page.page.text for page in toured.public()})
    assert found == [], listing(found)
    assert any("Product" in names for names in types.values())


def test_content_security_policy(toured: Tour) -> None:
    need("node_modules")
    policies = {
        page.label: page.page.headers.get("content-security-policy", "") for page in toured.pages
    }
    found = csp.check(policies)
    assert found == [], listing(found)


def test_sitemap(toured: Tour) -> None:
    need("xmllint")
    assert toured.sitemap is not None
    found = sitemap.check("/sitemap.xml", toured.sitemap.body)
    assert found == [], listing(found)


def test_api(shop_server: RunningShop) -> None:
    url = f"{shop_server.base_url}/api/v1/openapi.json"
    with Visitor(shop_server.base_url) as visitor:
        document = json.loads(visitor.get(url).text)
    found = openapi.check(url, document) + openapi.fuzz(url, examples=10)
    assert found == [], listing(found)
