"""Who may do what: the table of permissions, tokens, and where forms come from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from storegen.models import AuditLog, Product
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.admin.registry import registry
from tests.fixtures.goods import make_product
from tests.web.admin.conftest import Desk

ANY = "any"


def test_strangers_are_led_to_the_door_everywhere(store: Store) -> None:
    desk = Desk(store)
    for resource in registry(desk.app).for_actor(CLI):
        for path in ("", "/new", f"/{ANY}", "/export.csv", f"/bulk/{ANY}", f"/{ANY}/sheet/slip"):
            answer = desk.get(f"/{resource.name}{path}")
            assert answer.status_code == 303, (resource.name, path)
            assert "/admin/sign-in" in answer.location
        for verb in resource.verbs:
            answer = desk.post(f"/{resource.name}/{ANY}/{verb.name}", token=False)
            assert answer.status_code == 303
            assert "/admin/sign-in" in answer.location


def test_staff_without_a_permission_are_refused_each_thing(
    make_desk: Callable[..., Desk], store: Store
) -> None:
    """For every resource and verb: somebody who may do everything but that one thing."""
    probe = make_desk("*")
    known = registry(probe.app).permissions()
    for permission in known:
        desk = make_desk(*(set(known) - {permission}))
        for resource in registry(desk.app).for_actor(CLI):
            if resource.permission == permission:
                assert desk.get(f"/{resource.name}").status_code == 403, resource.name
            verbs = [(verb, f"/{resource.name}/{ANY}/{verb.name}") for verb in resource.verbs]
            verbs += [
                (verb, f"/{resource.name}/bulk/{verb.name}?key={ANY}") for verb in resource.bulk
            ]
            if resource.create:
                verbs.append((resource.create, f"/{resource.name}/new"))
            for verb, path in verbs:
                if verb.permission == permission:
                    assert desk.post(path).status_code == 403, path
                    assert desk.get(path).status_code == 403, path


def test_the_menu_shows_what_one_may_see(make_desk: Callable[..., Desk]) -> None:
    page = make_desk("orders.view").get("").text
    assert "/en/admin/orders" in page
    assert "/en/admin/settings" not in page


def test_nobody_gives_away_what_they_have_not_got(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("staff.edit")
    answer = desk.post("/staff/new", {"login": "friend", "permissions": ["*"]})
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "other"])
def test_forms_need_their_own_sessions_token(
    make_desk: Callable[..., Desk], store: Store, token: str
) -> None:
    goods = make_product(store)
    with store.read() as uow:
        key = uow.db.scalar(select(Product.public_id).where(Product.id == goods.product_id))
    desk, other = make_desk("*"), make_desk("*")
    wrong = other.token if token == "other" else token
    answer = desk.post(f"/products/{key}/archive", {"csrf": wrong}, token=False)
    assert answer.status_code == 403
    with store.read() as uow:
        assert uow.db.scalar(select(Product.status)) == "active"
    assert desk.post(f"/products/{key}/archive").status_code == 303


def test_forms_of_other_sites_are_refused(make_desk: Callable[..., Desk], store: Store) -> None:
    desk = make_desk("*")
    for headers in (
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {},
    ):
        assert desk.post("/sign-out", headers=headers).status_code == 403
    assert desk.get("").status_code == 200


def test_get_writes_nothing(make_desk: Callable[..., Desk], store: Store) -> None:
    goods = make_product(store)
    with store.read() as uow:
        key = uow.db.scalar(select(Product.public_id).where(Product.id == goods.product_id))
    desk = make_desk("*")
    with store.read() as uow:
        before = uow.db.scalar(select(func.count()).select_from(AuditLog))
    assert desk.get(f"/products/{key}/archive").status_code == 200  # asks
    with store.read() as uow:
        assert uow.db.scalar(select(func.count()).select_from(AuditLog)) == before
        assert uow.db.scalar(select(Product.status)) == "active"


def test_pages_are_strict_and_private(make_desk: Callable[..., Desk]) -> None:
    answer = make_desk("*").get("/products")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "X-Storegen-Cache" not in answer.headers
    assert " style=" not in answer.text
    assert "<style" not in answer.text


def test_what_is_not_there_says_so(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk("*")
    for path in ("/nothing", "/orders/none", "/products/none", "/orders/none/ship", "/x/y/z"):
        answer = desk.get(path)
        assert answer.status_code == 404, path
        assert "/en/admin" in answer.text
