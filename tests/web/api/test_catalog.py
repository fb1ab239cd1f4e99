"""Products, categories, search and divisions, as strangers read them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, update
from werkzeug.test import Client, TestResponse

from storegen.domain.catalog.search_index import write_index
from storegen.models import Category, Product, ProductCategory, ProductFacet, Translation, Variant
from storegen.publish.cachekey import KeyRules
from storegen.publish.pagecache import PageCache
from storegen.store import Store
from storegen.values.catalog import CatalogProduct
from storegen.web.api.schemas.catalog import ListQuery
from storegen.web.serving import QUERY
from tests.fixtures.goods import Goods, make_product
from tests.fixtures.stores import statements
from tests.web.api.conftest import Api


def shelf(store: Store, slug: str, *goods: Goods, **more: Any) -> int:
    with store.write() as uow:
        key: int = uow.db.execute(
            insert(Category).values(slug=slug, title=slug.title(), **more).returning(Category.id)
        ).scalar_one()
        for each in goods:
            uow.db.execute(
                insert(ProductCategory).values(category_id=key, product_id=each.product_id)
            )
        uow.touch("listing", "shell")
    return key


def test_a_product_has_the_promised_shape(api: Api, tea: Goods, shop: Store) -> None:
    with shop.write() as uow:
        uow.db.execute(update(Variant).where(Variant.id == tea.variant_id).values(compare_at=2999))
        uow.touch_products([tea.product_id])
    found = api("GET", "/products")
    assert set(found) == {"items", "total", "next"}
    assert (found["total"], found["next"]) == (1, None)
    item = found["items"][0]
    assert (item["slug"], item["title"]) == (tea.handle, "绿茶")
    assert item["variants"] == [
        {
            "id": tea.variant,
            "sku": f"SKU-{tea.product_id}",
            "title": "",
            "options": [],
            "price": {"amount": 1999, "currency": "CNY"},
            "compare_at": {"amount": 2999, "currency": "CNY"},
            "available": True,
            "stock": "in",
        }
    ]
    one = api("GET", f"/products/{item['id']}")
    assert one["variants"] == item["variants"]
    assert one["id"] == item["id"] != tea.product_id


@pytest.mark.parametrize(
    ("stock", "available", "word"), [(0, False, "out"), (3, True, "few"), (None, True, "in")]
)
def test_stock_is_a_boolean_and_a_word_never_a_count(
    api: Api, shop: Store, stock: int | None, available: bool, word: str
) -> None:
    make_product(shop, stock=stock)
    answer = api.ask("GET", "/products")
    item = answer.get_json()["items"][0]
    assert item["available"] is available
    assert item["variants"][0]["available"] is available
    assert item["variants"][0]["stock"] == word
    for secret in ("on_hand", "reserved", "quantity", "cost", "sold"):
        assert secret not in answer.get_data(as_text=True)


@pytest.mark.parametrize("sort", ["", "best", "new", "price", "price-desc"])
def test_next_leads_through_all_products_exactly_once(api: Api, shop: Store, sort: str) -> None:
    made = [make_product(shop, f"p{n}", price=1000 + n % 4).variant for n in range(23)]
    make_product(shop, "draft", status="draft")
    address: str | None = f"/products?limit=5&sort={sort}" if sort else "/products?limit=5"
    seen: list[str] = []
    pages = 0
    while address is not None:
        page = api("GET", address)
        assert page["total"] == 23
        seen += [variant["id"] for item in page["items"] for variant in item["variants"]]
        address = page["next"]
        pages += 1
    assert pages == 5
    assert sorted(seen) == sorted(made)


def test_the_address_of_the_next_page_gives_nothing_away(api: Api, shop: Store) -> None:
    for n in range(3):
        make_product(shop, f"p{n}", sold=4321)
    page = api("GET", "/products?limit=1&sort=best")
    assert page["next"].startswith("http://shop.test/api/v1/products?")
    assert "4321" not in page["next"]
    assert page["next"].endswith(f"after={page['items'][0]['id']}")


def test_a_search_finds_chinese_and_english_and_pages_through(api: Api, shop: Store) -> None:
    goods = [make_product(shop, f"绿茶 Green tea {n}") for n in range(5)]
    make_product(shop, "Cup")
    with shop.write() as uow:
        words = CatalogProduct(handle="tea", title="绿茶 Green tea")
        write_index(uow, {each.product_id: words for each in goods})
    for word in ("茶", "green"):
        address: str | None = f"/search?q={word}&limit=2"
        seen: list[str] = []
        while address is not None:
            page = api("GET", address)
            assert page["total"] == 5
            seen += [item["slug"] for item in page["items"]]
            address = page["next"]
        assert sorted(seen) == sorted(each.handle for each in goods)
    assert api("GET", "/search?q=%E2%80%A6")["items"] == []


def test_filters_narrow_and_their_values_widen(api: Api, shop: Store) -> None:
    red, blue, cup = (make_product(shop, name, price=1000) for name in ("red", "blue", "cup"))
    make_product(shop, "dear", price=9000)
    with shop.write() as uow:
        for goods, name, value in (
            (red, "tag", "tea"),
            (blue, "tag", "tea"),
            (cup, "tag", "cups"),
            (red, "option:Colour", "Red"),
            (blue, "option:Colour", "Blue"),
        ):
            facet = {"product_id": goods.product_id, "name": name, "value": value}
            uow.db.execute(insert(ProductFacet).values(facet))
    shelf(shop, "shelf", red, cup)

    def found(query: str) -> set[str]:
        return {item["title"] for item in api("GET", f"/products?{query}")["items"]}

    assert found("tag=tea") == {"red", "blue"}
    assert found("tag=tea&tag=cups") == {"red", "blue", "cup"}
    assert found("tag=tea&option=Colour:Red") == {"red"}
    assert found("category=shelf") == {"red", "cup"}
    assert found("price_min=5000") == {"dear"}
    assert found("price_max=1000&category=shelf") == {"red", "cup"}


WRONG = [
    ("/products?limit=0", 422),
    ("/products?limit=101", 422),
    ("/products?limit=ten", 422),
    ("/products?limit=1e1", 422),
    ("/products?sort=cheapest", 422),
    ("/products?price_min=-1", 422),
    ("/products?available=yes", 422),
    ("/search", 422),
    ("/search?q=", 422),
    ("/products?q=%00", 422),
    ("/products?category=none", 404),
    ("/products?after=nobody", 404),
    ("/products/nobody", 404),
    ("/products/%00", 404),
    ("/nothing", 404),
]


def test_wrong_questions_are_problems(api: Api, shop: Store) -> None:
    for path, status in WRONG:
        answer = api.ask("GET", path)
        assert answer.status_code == status, path
        assert answer.mimetype == "application/problem+json", path
        assert answer.get_json()["status"] == status, path


def test_lists_cost_at_most_six_queries_whatever_their_size(api: Api, shop: Store) -> None:
    goods = [make_product(shop, f"p{n}") for n in range(40)]
    shelf(shop, "all-of-it", *goods)
    after = api("GET", "/products?limit=1&category=all-of-it")["next"]
    with shop.write() as uow:
        uow.touch("listing", "shell")  # nothing is remembered
    for address in ("/products?limit=40", "/products?limit=30&category=all-of-it", after):
        with statements(shop) as found:
            api("GET", address)
        assert len(found) <= 6, found.texts
    public_id = api("GET", "/products?limit=1")["items"][0]["id"]
    with statements(shop) as found:
        api("GET", f"/products/{public_id}")
    assert len(found) <= 6, found.texts


def test_public_answers_may_be_kept_and_say_what_they_depend_on(api: Api, tea: Goods) -> None:
    listed = api.ask("GET", "/products")
    assert set(listed.headers["X-Storegen-Cache"].split()) >= {"listing", "shell"}
    public_id = listed.get_json()["items"][0]["id"]
    one = api.ask("GET", f"/products/{public_id}", headers={"Cookie": "sg_session=whatever"})
    assert f"product:{tea.product_id}" in one.headers["X-Storegen-Cache"].split()
    assert "Set-Cookie" not in one.headers


def test_the_page_cache_tells_all_these_questions_apart() -> None:
    assert set(ListQuery().fields) <= QUERY


def test_behind_the_page_cache_a_new_price_is_seen_at_once(
    api: Api, shop: Store, tea: Goods
) -> None:
    rules = KeyRules(trusted_host=lambda host: True, query=QUERY)
    cached = PageCache(api.client.application, lambda environ: shop.counters, rules)
    client = Client(cached, TestResponse)

    def prices(query: str = "") -> list[int]:
        answer = client.get(f"/api/v1/products{query}", base_url="http://shop.test")
        found = [
            variant["price"] for item in answer.get_json()["items"] for variant in item["variants"]
        ]
        return [price["amount"] for price in found]

    make_product(shop, "dear", price=9000)
    assert (sorted(prices()), prices("?limit=1&sort=price")) == ([1999, 9000], [1999])
    with statements(shop) as asked:
        prices()
    assert len(asked) == 0
    with shop.write() as uow:
        uow.db.execute(update(Variant).values(price=2500))
        uow.touch_products([tea.product_id])
    assert prices() == [2500, 2500]


def test_the_other_language_has_its_own_paths(api: Api, shop: Store, tea: Goods) -> None:
    with shop.write() as uow:
        text = {"entity": "product", "entity_id": tea.product_id, "locale": "en"}
        uow.db.execute(insert(Translation).values(**text, field="title", text="Green tea"))
        uow.db.execute(update(Product).where(Product.id == tea.product_id).values(sold=1))
    make_product(shop, "second")
    page = api("GET", "/en/api/v1/products?limit=1")
    assert page["items"][0]["title"] == "Green tea"
    assert page["next"].startswith("http://shop.test/en/api/v1/products?")
    assert api("GET", "/products?limit=1")["items"][0]["title"] == "绿茶"
    refused = api.ask("GET", "/products/nobody").get_json()
    assert refused["detail"] != api.ask("GET", "/en/api/v1/products/nobody").get_json()["detail"]


def test_categories_know_their_parents_and_hidden_ones_stay_hidden(
    api: Api, shop: Store, tea: Goods
) -> None:
    top = shelf(shop, "tea", tea, product_count=1)
    shelf(shop, "green", parent_id=top)
    hidden = shelf(shop, "cellar", visible=False)
    shelf(shop, "below", parent_id=hidden)
    found = api("GET", "/categories")
    assert [(each["slug"], each["parent"]) for each in found["items"]] == [
        ("tea", None),
        ("green", "tea"),
    ]
    assert found["items"][0]["products"] == 1
    assert api.ask("GET", "/products?category=cellar").status_code == 404


def test_divisions_lead_down_to_what_an_address_may_name(api: Api) -> None:
    provinces = api("GET", "/divisions/CN")
    assert provinces["path"] == []
    shanghai = next(each for each in provinces["items"] if each["code"] == "310000")
    assert shanghai == {"code": "310000", "name": "上海市", "leaf": False}
    districts = api("GET", "/divisions/CN/310000")
    assert districts["path"] == [shanghai]
    assert {"code": "310101", "name": "黄浦区", "leaf": True} in districts["items"]
    for unknown in ("/divisions/DE", "/divisions/CN/999999", "/divisions/cn"):
        assert api.ask("GET", unknown).status_code == 404
