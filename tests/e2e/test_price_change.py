"""Two workers, a page cache in each, and a price changed from the command line."""

from __future__ import annotations

import re
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.fixtures.server import copied, serving, storegen

ROUNDS = 120


def fresh(url: str) -> str:
    """One answer over a connection of its own, so that both workers are met."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.request("GET", parts.path, headers={"Connection": "close"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    assert response.status == 200, url
    return text


@pytest.mark.slow
def test_no_later_response_shows_the_old_price(sample_shop: Path, tmp_path: Path) -> None:
    shop_dir = copied(sample_shop, tmp_path / "shop")
    with serving(shop_dir, "--workers", "2") as shop:
        products = httpx.get(f"{shop.base_url}/api/v1/products?limit=20", trust_env=False).json()
        product = next(one for one in products["items"] if len(one["variants"]) == 1)
        variant = product["variants"][0]
        pages = [
            f"{shop.base_url}/products/{product['slug']}",
            f"{shop.base_url}/en/products/{product['slug']}",
            f"{shop.base_url}/collections/all",
            f"{shop.base_url}/api/v1/products/{product['id']}",
        ]
        old = 7_654_321  # prices that nothing else on a page looks like
        storegen("price", str(shop_dir), variant["sku"], "76543.21")
        for new in (7_654_399, 8_765_433, 9_876_547):
            for page in pages:  # every worker has the page in its memory
                for _ in range(ROUNDS // 6):
                    assert shows(fresh(page), old)
            storegen("price", str(shop_dir), variant["sku"], f"{new / 100:.2f}")
            for page in pages:
                for _ in range(ROUNDS // 4):
                    text = fresh(page)
                    assert not shows(text, old), f"{page} still shows the old price"
                    assert shows(text, new)
            old = new


def shows(text: str, amount: int) -> bool:
    """Whether a page names this price: as people read it, as search engines do, or as the API."""
    forms = (f"{amount / 100:,.2f}", f"{amount / 100:.2f}", f'"amount":{amount},')
    compact = re.sub(r"\s+", "", text)
    return any(form in compact for form in forms)
