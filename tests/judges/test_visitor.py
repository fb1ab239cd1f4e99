"""The visitor sends what a browser without scripts would send."""

from __future__ import annotations

import httpx
import pytest

from tests.judges.shop_pages import answered, paid_by_hand
from tests.judges.visitor import Page

PAGE = """<form action="/cart/add" method="post" id="buy">
<input type="hidden" name="product" value="7">
<input type="radio" name="size" value="s" disabled><input type="radio" name="size" value="m">
<input type="radio" name="size" value="l" checked><input type="radio" name="size" value="x">
<input type="checkbox" name="gift"><input type="checkbox" name="terms" value="yes" required>
<select name="colour"><option value="">-</option><option value="red" selected>r</option></select>
<select name="city"><option value="a">a</option><option value="b">b</option></select>
<textarea name="note">two
lines</textarea><input name="quantity" value="1"><input type="file" name="picture">
<button name="go" value="cart">Add</button><button name="go" value="now">Buy</button></form>
<input form="buy" name="outside" value="1"><a href="../en/?a=1">English</a>"""


def test_form_is_sent_as_a_browser_would() -> None:
    page = Page("http://shop.test/p/cup", 200, httpx.Headers(), PAGE.encode())
    form = page.form(action="cart", names=("product",))
    assert form.action == "http://shop.test/cart/add"
    assert form.submitted(quantity="2") == {
        "product": "7",
        "size": "l",
        "terms": "yes",
        "colour": "red",
        "city": "a",
        "note": "two\nlines",
        "quantity": "2",
        "go": "cart",
        "outside": "1",
    }
    assert page.links() == ["http://shop.test/en/?a=1"]
    with pytest.raises(LookupError, match="no post form"):
        page.form(action="checkout")


def test_a_customer_answers_what_is_empty_and_pays_by_hand() -> None:
    html = """<form method="post"><input name="n" autocomplete="shipping name">
    <input type="email" name="e" value="kept@shop.example"><input name="tel"><input name="coupon">
    <input name="must" required><select name="division"><option value="">?</option>
    <option value="330106">西湖区</option></select>
    <input type="radio" name="payment" value="pay_sandbox" checked>
    <input type="radio" name="payment" value="bank_transfer"></form>"""
    page = Page("http://shop.test/checkout", 200, httpx.Headers(), html.encode())
    form = answered(page.form())
    assert form.submitted(**paid_by_hand(form)) == {
        "n": "王小明",
        "e": "kept@shop.example",
        "tel": "13800138000",
        "coupon": "",
        "must": "无",
        "division": "330106",
        "payment": "bank_transfer",
    }
