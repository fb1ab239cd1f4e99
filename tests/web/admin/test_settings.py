"""Settings, pages, delivery, the home page, staff: over HTTP."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from storegen.domain import settings
from storegen.domain.delivery import templates
from storegen.models import (
    AuditLog,
    Media,
    ShippingMethod,
    Staff,
    StaticPage,
    ThemePage,
)
from storegen.store import Store
from tests.web.admin.conftest import Desk, words


def shop(store: Store) -> settings.Shop:
    with store.read() as uow:
        return settings.load(uow)


def test_brand_in_both_languages(desk: Desk, store: Store) -> None:
    form = {
        "names.zh-Hans": "雨山",
        "names.en": "Rain <b>Hill</b>",
        "colour": "#123456",
        "accent": "#abcdef",
        "email": "hello@rain.test",
    }
    desk.done("/settings/brand/save", form)
    brand = shop(store).brand
    assert brand.names == {"zh-Hans": "雨山", "en": "Rain <b>Hill</b>"}
    assert "<b>Hill" not in desk.get("/settings/brand").text
    for wrong in ({"colour": "red"}, {"email": "no"}, {"colour": "#12345g"}):
        assert desk.post("/settings/brand/save", {**form, **wrong}).status_code == 422
    with store.read() as uow:
        assert (
            uow.db.scalar(
                select(func.count()).select_from(AuditLog).where(AuditLog.action == "settings.save")
            )
            == 1
        )


def test_tax_by_code(desk: Desk, store: Store) -> None:
    form = {
        "prices_include_tax": "1",
        "default_bp": "13",
        "shipping_bp": "6.5",
        "classes.0.code": "food",
        "classes.0.rate": "9",
    }
    desk.done("/settings/tax/save", form)
    tax = shop(store).tax
    assert (tax.default_bp, tax.shipping_bp, dict(tax.classes)) == (1300, 650, {"food": 900})
    for wrong in ("-1", "x", "101", "1.234"):
        assert desk.post("/settings/tax/save", {**form, "default_bp": wrong}).status_code == 422


CHECKOUT = {
    "guests": "1", "payment_minutes": "30", "transfer_hours": "72", "ship_within_hours": "48",
    "auto_receive_days": "10", "complete_after_days": "7", "return_days": "7", "few_left": "5",
    "struck_price": "declared",
}  # fmt: skip


def test_a_live_shop_opens_when_nothing_is_missing(
    make_store: Callable[..., Store], backend: str
) -> None:
    from storegen.domain.people import staff
    from storegen.values.actor import CLI

    store = make_store(backend, mode="live")
    store.transact(lambda uow: staff.create_owner(uow, CLI, "owner"))
    desk = Desk(store)
    desk.enter("owner")
    assert "The company's name is missing" in desk.get("").text.replace("&#39;", "'")
    desk.done("/settings/checkout/save", CHECKOUT)  # without "open": closed
    refused = desk.post("/settings/checkout/save", {**CHECKOUT, "open": "1"})
    assert refused.status_code == 409
    assert not shop(store).checkout.open
    desk.done(
        "/settings/legal/save",
        {"company": "Rain Ltd", "licence_number": "91310000", "icp_number": "沪ICP备1号"},
    )
    desk.done(
        "/settings/brand/save", {"colour": "#123456", "accent": "#123456", "phone": "021-1234"}
    )
    for kind in ("privacy", "terms", "returns"):
        page = {"kind": kind, "title.zh-Hans": kind, "body.zh-Hans": "<p>x</p>", "position": "0",
                "published": "1"}  # fmt: skip
        desk.done("/pages/new", page)
    desk.done("/settings/checkout/save", {**CHECKOUT, "open": "1"})
    assert shop(store).checkout.open


def test_a_pages_version_counts_its_changes(desk: Desk, store: Store) -> None:
    form = {
        "kind": "privacy",
        "slug": "Privacy Policy",
        "title.zh-Hans": "隐私政策",
        "title.en": "Privacy",
        "body.zh-Hans": "<h1>一</h1><script>alert(1)</script><p onclick='x()'>文</p>",
        "body.en": "<p>Words</p>",
        "position": "1",
        "published": "1",
    }
    desk.done("/pages/new", form)
    with store.read() as uow:
        key, slug, body, version = uow.db.execute(
            select(StaticPage.public_id, StaticPage.slug, StaticPage.body, StaticPage.version)
        ).one()
    assert (slug, body, version) == ("privacy-policy", "<h2>一</h2><p>文</p>", 1)
    path = f"/pages/{key}/save"

    def saved(**more: Any) -> int:
        desk.done(path, {**form, **more})
        with store.read() as uow:
            return int(uow.db.scalar(select(StaticPage.version)) or 0)

    assert saved() == 1
    assert saved(position="5") == 1  # no word of it changed
    assert saved(**{"body.en": "<p>Other words</p>"}) == 2
    assert desk.post("/pages/new", {**form, "slug": "privacy-policy"}).status_code == 409


def test_zones_by_name(desk: Desk, store: Store) -> None:
    form = {
        "code": "express",
        "title": "快递",
        "measure": "weight",
        "tax": "0",
        "position": "0",
        "active": "1",
        "first_day": "2",
        "last_day": "4",
        "zones.0.places": "CN",
        "zones.0.first": "1000",
        "zones.0.first_fee": "8",
        "zones.0.extra": "500",
        "zones.0.extra_fee": "2.5",
        "zones.0.free_over": "199",
        "zones.1.places": "新疆、Tibet, 440100",
        "zones.1.refused": "1",
    }
    desk.done("/shipping/new", form)
    with store.read() as uow:
        key = uow.db.scalar(select(ShippingMethod.public_id))
        (method,) = templates(uow)
    near, far = method.zones
    assert (near.first_fee, near.extra_fee, near.free_over) == (800, 250, 19_900)
    assert far.places == ("650000", "540000", "440100")
    assert far.refused
    assert method.days == (2, 4)
    assert "Guangzhou" in desk.get(f"/shipping/{key}").text
    for wrong in (
        {"zones.1.places": "Atlantis"},
        {"zones.0.first_fee": "-1"},
        {"first_day": "9"},
        {"last_day": ""},
    ):
        assert desk.post("/shipping/new", {**form, **wrong}).status_code == 422, wrong
    assert desk.post("/shipping/new", form).status_code == 409
    desk.done(f"/shipping/{key}/save", {**form, "title": "顺丰", "zones.1._remove": "1"})
    with store.read() as uow:
        (method,) = templates(uow)
    assert (method.title, len(method.zones)) == ("顺丰", 1)


def test_a_logo_becomes_icons(desk: Desk, store: Store) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (300, 200), (200, 40, 40, 128)).save(buffer, "PNG")
    buffer.seek(0)
    desk.done(
        "/settings/brand/logo",
        {"logo": (buffer, "logo.png"), "icons": "1", "ground": "#ffffff"},
    )
    found = shop(store)
    assert found.theme["logo"] == found.brand.logo
    with store.media.open(found.brand.icons["icon-192"]) as file:
        assert Image.open(file).size == (192, 192)
    no_picture = {"logo": (io.BytesIO(b"MZ"), "a.exe"), "ground": "#ffffff"}
    assert desk.post("/settings/brand/logo", no_picture).status_code == 422


def test_words_of_the_home_page(desk: Desk, store: Store) -> None:

    page = desk.get("/theme/home").text
    hero = re.search(r'name="(\w+)\.headline\.en"', page)
    assert hero is not None
    form: dict[str, Any] = {}
    for name, value in re.findall(r'type="number"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page):
        form[name] = value
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and name[1] not in form and "checkbox" not in tag and name[1] != "csrf":
            form[name[1]] = value[1]
        if name and name[1].endswith("._shown"):
            form[name[1]] = "1"
    form[f"{hero[1]}.headline.en"] = "Rain & hills"
    desk.done("/theme/home/save", form)
    with store.read() as uow:
        data = uow.db.scalar(select(ThemePage.data))
    assert data is not None
    assert data["sections"][hero[1]]["settings"]["headline"]["en"] == "Rain & hills"
    bad = {**form, f"{hero[1]}.link": "javascript:alert(1)"}
    assert desk.post("/theme/home/save", bad).status_code == 422
    desk.done("/theme/home/add", {"type": "words"})
    desk.done("/theme/home/reset")
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(ThemePage)) == 0


def test_staff_are_made_limited_and_sent_away(desk: Desk, store: Store) -> None:
    desk.done("/staff/new", {"login": "packer", "permissions": ["orders.view", "orders.ship"]})
    with store.read() as uow:
        key = uow.db.scalar(select(Staff.public_id).where(Staff.login == "packer"))
    packer = Desk(store)
    packer.enter("packer")
    assert packer.get("/orders").status_code == 200
    desk.done(f"/staff/{key}/permissions", {"permissions": ["products.view"]})
    assert packer.get("/orders").status_code == 403  # from the next request on
    desk.done(f"/staff/{key}/deactivate")
    assert packer.get("/products").status_code == 303
    desk.done(f"/staff/{key}/activate")
    assert packer.get("/products").status_code == 303  # the old session is over
    assert desk.post("/staff/new", {"login": "packer"}).status_code == 409
    with store.read() as uow:
        owner = uow.db.scalar(select(Staff.public_id).where(Staff.login == "staff-0"))
    last = desk.post(f"/staff/{owner}/deactivate")
    assert last.status_code == 409
    assert "last owner" in words(last)


@pytest.mark.parametrize("path", ["/settings/theme", "/settings/nothing", "/theme/nothing"])
def test_unknown_groups_are_not_there(desk: Desk, path: str) -> None:
    assert desk.get(path).status_code == 404
    assert desk.post(f"{path}/save").status_code == 404


def as_shown(desk: Desk, path: str) -> dict[str, Any]:
    """What a browser sends when it presses the form's button and changes nothing."""
    form: dict[str, Any] = {}
    page = desk.get(path).text.partition("<main")[2]
    page = re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or 'type="file"' in tag or name[1] == "csrf":
            continue
        if ("checkbox" in tag or "radio" in tag) and " checked" not in tag:
            continue
        form[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]+name="([^"]+)"[^>]*>\n?([^<]*)', page):
        form[name] = text
    return form


def test_a_section_gets_a_picture_that_is_sent_or_chosen(desk: Desk, store: Store) -> None:
    hero = re.search(r'name="(\w+)\.picture\.file"', desk.get("/theme/home").text)
    assert hero is not None
    form = as_shown(desk, "/theme/home")
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), (20, 140, 40)).save(buffer, "PNG")

    def kept_now() -> dict[str, Any]:
        with store.read() as uow:
            data = uow.db.scalar(select(ThemePage.data))
        assert data is not None
        found: dict[str, Any] = data["sections"][hero[1]]["settings"]
        return found

    phone = next(
        name for name in form if name.startswith(f"{hero[1]}.picture") and "file" not in name
        and name != f"{hero[1]}.picture"
    ).rpartition(".")[2]  # fmt: skip
    desk.done(
        "/theme/home/save",
        {**form, f"{hero[1]}.picture.file": (io.BytesIO(buffer.getvalue()), "hill.png")},
    )
    with store.read() as uow:
        sha = uow.db.scalar(select(Media.sha256).order_by(Media.id.desc()))
    assert kept_now()["picture"] == sha
    # It is offered to every other picture field, and stays when nothing is changed.
    page = desk.get("/theme/home").text
    assert f'name="{hero[1]}.{phone}" value="{sha}"' in page
    kept = as_shown(desk, "/theme/home")
    assert kept[f"{hero[1]}.picture"] == sha
    desk.done("/theme/home/save", {**kept, f"{hero[1]}.{phone}": sha})
    assert (kept_now()["picture"], kept_now()[phone]) == (sha, sha)
    desk.done("/theme/home/save", {**as_shown(desk, "/theme/home"), f"{hero[1]}.picture": ""})
    assert "picture" not in kept_now()
    broken = {f"{hero[1]}.picture.file": (io.BytesIO(b"MZ"), "a.exe")}
    refused = desk.post("/theme/home/save", {**kept, **broken})
    assert refused.status_code == 422
    assert "This file is no picture" in words(refused)
    assert desk.post("/theme/home/save", {**kept, f"{hero[1]}.picture": "x"}).status_code == 422
