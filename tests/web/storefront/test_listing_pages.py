"""Filters, sorting, paging and search of lists, as tables of addresses and what they show."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storegen.models import Product
from storegen.store import Store
from tests.web.storefront.shelf import client_of, fill, get, put, tea


@pytest.fixture
def shop(store: Store) -> FlaskClient:
    """On both databases: full-text search and ordering are theirs."""
    fill(store)
    return client_of(store)


def handles(text: str) -> list[str]:
    return re.findall(r'card-title"><a href="[^"]*/products/([^"]+)"', text)


ALL = {"maofeng", "longjing", "keemun", "gaiwan", "frog"}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ALL),
        ("?f=tag~春茶", {"maofeng", "longjing"}),
        ("?f=tag~春茶&f=tag~手工", {"maofeng", "longjing", "gaiwan", "frog"}),
        ("?f=tag~春茶&f=type~红茶", set()),
        ("?f=tag~手工&f=option:Glaze~Black", {"gaiwan"}),
        ("?f=vendor~雨山&f=type~红茶", {"keemun"}),
        ("?min=70", {"longjing", "gaiwan", "frog"}),
        ("?max=68", {"maofeng", "keemun"}),
        ("?min=68&max=79.00", {"keemun", "frog"}),
        ("?stock=1", ALL - {"keemun"}),
        ("?stock=1&f=type~红茶", set()),
        # What means nothing changes nothing.
        ("?min=abc&max=-5&sort=up&page=x&f=tag&f=~&stock=yes", ALL),
        ("?f=tag~%27%20OR%201=1--", set()),
    ],
)
def test_filters(shop, query, shown):
    assert set(handles(get(shop, f"/collections/all{query}").text)) == shown


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price", ["maofeng", "keemun", "frog", "longjing", "gaiwan"]),
        ("price-desc", ["gaiwan", "longjing", "frog", "keemun", "maofeng"]),
        ("new", ["frog", "gaiwan", "keemun", "longjing", "maofeng"]),
    ],
)
def test_sorting(shop, sort, order):
    assert handles(get(shop, f"/collections/all?sort={sort}").text) == order


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("茶", {"maofeng", "longjing", "keemun", "gaiwan", "frog"}),
        ("盖碗", {"gaiwan"}),
        ("龙井", {"longjing"}),
        ("maofeng green", {"maofeng"}),
        ("GAIWAN", {"gaiwan"}),
        ("SKU-frog", {"frog"}),
        ("zzzz", set()),
        ("%22", set()),
        ("'; DROP TABLE product; --", set()),
        ("* AND OR NOT NEAR(", set()),
    ],
)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_search_finds_chinese_and_english_in_both_languages(shop, prefix, words, shown):
    answer = get(shop, f"{prefix}/search", query_string={"q": words})
    assert answer.status_code == 200
    main = answer.text.split('id="suggested-title"')[0]
    assert set(handles(main)) == shown
    assert '<meta name="robots" content="noindex">' in answer.text


def test_an_empty_search_asks_what_for_and_an_empty_answer_helps(shop):
    assert "What are you looking for?" in get(shop, "/en/search").text
    nothing = get(shop, "/en/search?q=zzzz").text
    assert "Nothing found for “zzzz”" in nothing
    assert handles(nothing.split('id="suggested-title"')[1])


def test_a_category_lists_what_stands_on_it_and_below_it(shop):
    text = get(shop, "/").text
    slugs = dict(
        (title, slug)
        for slug, title in re.findall(r'href="(/collections/[^"]+)">([^<]+)</a>', text)
    )
    assert set(handles(get(shop, slugs["茶叶"]).text)) == {"maofeng", "longjing", "keemun"}
    green = get(shop, slugs["绿茶"]).text
    assert set(handles(green)) == {"maofeng", "longjing"}
    assert re.search(r'class="crumbs".*茶叶.*aria-current="page">绿茶', green, re.DOTALL)


def test_chips_take_one_filter_away_each(shop):
    text = get(shop, "/en/collections/all?f=tag~春茶&f=tag~手工&max=200&stock=1").text
    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+?) <svg', text)
    assert [name for _, name in chips] == ["Spring picking", "手工", "up to ¥200", "In stock"]
    first = chips[0][0].replace("&amp;", "&")
    assert set(handles(get(shop, first).text)) == {"gaiwan", "frog"}
    assert "noindex" in text
    assert "Without filters" in text


def test_pages_of_a_list(make_store: Callable[..., Store], backend):
    store = make_store(backend)
    put(store, [tea(f"t-{n:03}", f"茶 {n}", 1000 + n // 3) for n in range(60)])
    client = client_of(store)
    seen: list[str] = []
    address, pages = "/collections/all?sort=price", 0
    while address:
        text = get(client, address).text
        seen += handles(text)
        pages += 1
        following = re.search(r'<link rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert pages == 3
    assert seen == [f"t-{n:03}" for n in range(60)]
    second = get(client, "/collections/all?page=2").text
    assert '<link rel="prev" href="/collections/all">' in second
    assert 'canonical" href="http://shop.test/collections/all?page=2"' in second
    beyond = get(client, "/collections/all?page=7")
    assert beyond.status_code == 404
    assert "没有这一页" in beyond.text


@pytest.mark.parametrize("sort", ["best", "new", "price", "price-desc"])
def test_behind_the_counted_pages_a_list_goes_on_from_its_last_product(
    make_store, backend, sort, monkeypatch
):
    """Every product once, in the same order as by counting."""
    from storegen.domain.catalog import listing
    from storegen.web.storefront import listing_view

    store = make_store(backend)
    put(store, [tea(f"t-{n:03}", f"茶 {n}", 1000 + n % 7) for n in range(110)])
    client = client_of(store)
    whole = [
        handle
        for page in range(1, 6)
        for handle in handles(get(client, f"/collections/all?sort={sort}&page={page}").text)
    ]
    assert len(set(whole)) == 110
    for module in (listing, listing_view):
        monkeypatch.setattr(module, "DEEPEST", 2)
    found, address = [], f"/collections/all?sort={sort}"
    while address:
        text = get(client, address).text
        found += handles(text)
        following = re.search(r'<link rel="next" href="([^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert found == whole


def counts(text: str, name: str) -> dict[str, int]:
    """The values of one facet with their counts; those that are disabled as −1."""
    found = re.findall(
        rf'name="f" value="{name}~([^"]*)"([^>]*)> <span>.*?</span> <span class="hint">(\d+)<', text
    )
    for _, attributes, number in found:
        assert ("disabled" in attributes) == (number == "0" and "checked" not in attributes)
    return {value: -1 if "disabled" in how else int(number) for value, how, number in found}


TYPES, TAGS = ("绿茶", "红茶", "茶宠"), ("春茶", "手工", "新茶")


@pytest.mark.parametrize(
    ("query", "types", "tags"),
    [
        ("", (2, 1, 1), (2, 2, 1)),
        # The values of one facet are alternatives: its own filter does not narrow it.
        ("?f=tag~春茶", (2, -1, -1), (2, 2, 1)),
        ("?f=tag~春茶&f=tag~手工", (2, -1, 1), (2, 2, 1)),
        ("?f=type~绿茶", (2, 1, 1), (2, -1, 1)),
        ("?f=type~茶宠", (2, 1, 1), (-1, 1, -1)),
        # Each is counted under the other's filter.
        ("?f=type~茶宠&f=tag~春茶", (2, -1, 0), (0, 1, -1)),
        ("?f=type~绿茶&f=tag~手工", (0, -1, 1), (2, 0, 1)),
        ("?f=type~绿茶&f=tag~手工&f=vendor~雨山", (0, -1, 1), (2, 0, 1)),
        ("?stock=1", (2, -1, 1), (2, 2, 1)),
        ("?max=60", (1, -1, -1), (1, -1, 1)),
        ("?min=70&f=type~茶宠", (1, -1, 1), (-1, 1, -1)),
        # A facet of which no value leads anywhere is not offered.
        ("?f=tag~none", (), (2, 2, 1)),
        ("?f=none~none", (), ()),
    ],
)
@pytest.mark.parametrize("place", ["/collections/all", "/search?q=茶"])
def test_a_value_is_counted_among_what_the_other_filters_leave(shop, place, query, types, tags):
    """The category and a search that finds the same say the same."""
    if "?" in place:
        query = query.replace("?", "&")
    text = get(shop, place + query).text
    assert counts(text, "type") == dict(zip(TYPES, types, strict=False))
    assert counts(text, "tag") == dict(zip(TAGS, tags, strict=False))


def test_a_search_is_narrowed_by_what_it_found_only(shop):
    text = get(shop, "/search?q=盖碗 远山").text
    assert counts(text, "option:Glaze") == {"Black": 1, "White": 1}
    assert not counts(text, "tag")  # one value alone narrows nothing
    assert not counts(get(shop, "/search?q=zzzz").text, "tag")
    narrowed = get(shop, "/search?q=茶&f=option:Glaze~Black").text
    assert set(handles(narrowed)) == {"gaiwan"}
    assert counts(narrowed, "tag") == {"手工": 1, "春茶": -1, "新茶": -1}


def test_what_leads_nowhere_comes_last_and_what_is_chosen_can_be_given_up(shop):
    text = get(shop, "/collections/all?f=type~茶宠&f=tag~春茶").text
    assert next(iter(counts(text, "tag"))) == "手工"
    assert re.search(r'value="tag~春茶" checked>', text)


def test_counts_are_of_the_category_and_follow_a_change(shop, store):
    slugs = {
        title: slug
        for slug, title in re.findall(
            r'href="(/collections/[^"]+)">([^<]+)</a>', get(shop, "/").text
        )
    }
    teas = slugs["茶叶"] + "?stock=1"
    assert counts(get(shop, teas).text, "type") == {"绿茶": 2, "红茶": -1}
    put(store, [tea("dianhong", "滇红", 5200, category="茶叶 > 红茶", product_type="红茶")])
    assert counts(get(shop, teas).text, "type") == {"绿茶": 2, "红茶": 1}


@pytest.mark.parametrize("sort", ["best", "new", "price", "price-desc"])
def test_the_place_in_a_long_list_tells_nothing(make_store, backend, sort, monkeypatch):
    """Neither how often something was sold nor how many products there are."""
    from storegen.domain.catalog import listing
    from storegen.web.storefront import listing_view

    store = make_store(backend)
    put(store, [tea(f"t-{n:03}", f"茶 {n}", 1000) for n in range(60)])
    client = client_of(store)
    for module in (listing, listing_view):
        monkeypatch.setattr(module, "DEEPEST", 1)
    text = get(client, f"/collections/all?sort={sort}").text
    following = re.search(r'<link rel="next" href="([^"]+)"', text)[1].replace("&amp;", "&")
    place = re.search(r"after=([^&]+)", following)[1]
    with store.read() as uow:
        last = uow.db.scalar(
            select(Product.public_id).where(Product.handle == handles(text)[-1])
        )  # fmt: skip
    assert place == last
    # What was invented, cut or changed leads to the first page, and says so to every client.
    first = "/collections/all" + ("" if sort == "best" else f"?sort={sort}")
    for other in (place[:-1], place + "x", "0.1", "%27", "x" * 300):
        answer = get(client, following.replace(place, other))
        assert (answer.status_code, answer.headers["Location"]) == (302, first), other
        assert "X-Storegen-Cache" not in answer.headers
    assert get(client, following).status_code == 200
    # Such a place means nothing on the pages that are counted.
    assert handles(get(client, f"{first}{'&' if '?' in first else '?'}after=x").text)
