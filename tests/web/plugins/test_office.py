"""Plugins in the back office: their resources and permissions, their page, dead letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select

from storegen.domain.people import staff
from storegen.errors import PluginProblem
from storegen.models import OutboxDelivery, OutboxEvent, Setting
from storegen.sdk import Manifest
from storegen.store import Store
from storegen.values.actor import CLI
from storegen.web.app import create_app
from tests.web.admin.conftest import Desk, words
from tests.web.plugins.filler import office

SECRET = "very-secret-key-of-the-filler"
TOML = f"""
[plugin.filler]
key = "{SECRET}"
fixed = "by the host"
"""
HIM = office.RESOURCE


@pytest.fixture
def shop(make_store: Callable[..., Store], known: dict[str, Any], backend: str) -> Store:
    return make_store(backend, plugins=["filler"], extra=TOML)


@pytest.fixture
def desk_for(shop: Store) -> Callable[..., Desk]:
    def make(*permissions: str, prefix: str = "/en") -> Desk:
        login = f"staff-{len(permissions)}-{prefix.strip('/')}"
        shop.transact(
            lambda uow: staff.create_staff(uow, CLI, login, permissions=permissions, name=login)
        )
        desk = Desk(shop, prefix)
        desk.enter(login)
        return desk

    return make


# -- resources of plugins ------------------------------------------------------------------------


def test_a_resource_is_in_the_menu_in_the_plugins_words(desk_for: Callable[..., Desk]) -> None:
    english, chinese = desk_for("*"), desk_for("*", prefix="")
    assert "Our front" in english.get("").text
    assert "我们的首页" in chinese.get("").text
    assert "你好，填充" in words(chinese.get("/filler"))
    page = words(chinese.get("/filler/one"))
    assert "领取" in page
    office.done.clear()
    answer = chinese.done("/filler/one/fill")
    assert office.done == ["one"]
    assert "领取" in chinese.client.get(answer.location, base_url="http://shop.test").text


def test_permissions_of_plugins_are_asked_for_and_can_be_given(
    desk_for: Callable[..., Desk], shop: Store
) -> None:
    nobody, viewer = desk_for("orders.view"), desk_for("filler.view", "orders.view")
    assert "Our front" not in nobody.get("").text
    assert nobody.get("/filler").status_code == 403
    assert viewer.get("/filler").status_code == 200
    assert viewer.post("/filler/one/fill").status_code == 403
    owner = desk_for("*", prefix="")
    assert "修改填充" in owner.get("/staff/new").text
    owner.done("/staff/new", {"login": "new@example.com", "permissions": ["filler.edit"]})


def test_a_store_that_does_not_list_the_plugin_has_no_such_resource(
    make_store: Callable[..., Store], shop: Store
) -> None:
    bare = make_store("sqlite", plugins=[])
    bare.transact(lambda uow: staff.create_staff(uow, CLI, "me@x.test", permissions=["*"]))

    class One:
        def find(self, host: str) -> Store:
            return bare

    app = create_app(One(), shop.plugins.plugins)
    desk = Desk(bare, app=lambda: app)
    desk.enter("me@x.test")
    assert "Our front" not in desk.get("").text
    assert desk.get("/filler").status_code == 404
    assert "See fillings" not in desk.get("/staff/new").text


@pytest.mark.parametrize(
    ("resource", "permissions", "said"),
    [
        (replace(HIM, name="orders"), {"wrong.view": {"en": "x"}}, "is called `orders`"),
        (replace(HIM, name="wrong"), {}, "asks for the permission `filler.view`"),
        (replace(HIM, name="wrong"), {"wrong.view": {}}, "has no English title"),
    ],
)
def test_wrong_resources_stop_the_boot(
    make_store: Callable[..., Store],
    known: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    resource: object,
    permissions: Any,
    said: str,
) -> None:
    monkeypatch.setattr(office, "WRONG", resource, raising=False)
    known["wrong"] = SimpleNamespace(
        manifest=Manifest(
            name="wrong",
            version="1",
            title={"en": "Wrong"},
            admin=(f"{office.__name__}:WRONG",),
            permissions=permissions,
        )
    )
    with pytest.raises(PluginProblem, match=said):
        create_app(make_store("sqlite", plugins=["wrong"]))


# -- the page about plugins ----------------------------------------------------------------------


def test_the_plugins_and_their_faults_are_listed(
    desk_for: Callable[..., Desk], shop: Store
) -> None:
    desk = desk_for("*")
    assert "Filler filler 1.0" in words(desk.get("/plugins"))
    assert "填充" in words(desk_for("*", prefix="").get("/plugins"))
    for _ in range(3):
        shop.plugins.breaker.fault("filler", "discounts", "KeyError: 'price'")
    assert "Failed" in words(desk.get("/plugins"))
    page = words(desk.get("/plugins/filler"))
    assert "discounts: 3 faults, left out for some minutes. KeyError" in page
    assert desk.get("/plugins/nobody").status_code == 404


def test_settings_are_drawn_and_saved(desk_for: Callable[..., Desk], shop: Store) -> None:
    desk = desk_for("*")
    page = desk.get("/plugins/filler")
    assert SECRET not in page.text
    assert "by the host (set in store.toml)" in page.text
    assert "a secret; it is set in store.toml" in page.text
    assert 'name="greeting" value="Hi"' in page.text.replace("  ", " ") or 'value="Hi"' in page.text
    for name in ("key", "fixed", "odd"):
        assert f'name="{name}"' not in page.text, name
    given = {
        "greeting": "Hello you",
        "most": "7",
        "mode": "b",
        "words": "x, y",
        "titles.en": "T",
        "titles.zh-Hans": "题",
    }
    desk.done("/plugins/filler/settings", given)
    with shop.read() as uow:
        saved = uow.db.scalar(select(Setting.value).where(Setting.key == "plugin.filler"))
    assert saved == {
        "greeting": "Hello you",
        "most": 7,
        "on": False,
        "mode": "b",
        "words": ["x", "y"],
        "titles": {"en": "T", "zh-Hans": "题"},
    }
    assert shop.plugins.by_name["filler"].setup.settings["most"] == 7
    assert 'value="Hello you"' in desk.get("/plugins/filler").text


def test_an_emptied_setting_takes_its_default(desk_for: Callable[..., Desk], shop: Store) -> None:
    desk = desk_for("*")
    desk.done("/plugins/filler/settings", {"greeting": "x", "most": "7", "mode": "a", "on": "on"})
    desk.done("/plugins/filler/settings", {"greeting": "", "most": "", "mode": "a", "on": "on"})
    settings = shop.plugins.by_name["filler"].setup.settings
    assert (settings["greeting"], settings["most"]) == ("Hi", 5)


def test_wrong_settings_are_said_beside_their_field(desk_for: Callable[..., Desk]) -> None:
    desk = desk_for("*")
    answer = desk.post("/plugins/filler/settings", {"most": "12", "mode": "a"})
    assert answer.status_code == 422
    assert desk.post("/plugins/filler/settings", {"most": "2", "mode": "z"}).status_code == 422


def test_what_store_toml_decides_cannot_be_sent(desk_for: Callable[..., Desk], shop: Store) -> None:
    desk = desk_for("*")
    desk.done("/plugins/filler/settings", {"mode": "a", "key": "mine", "fixed": "mine"})
    settings = shop.plugins.by_name["filler"].setup.settings
    assert (settings["key"], settings["fixed"]) == (SECRET, "by the host")


def test_settings_ask_for_their_permission(desk_for: Callable[..., Desk]) -> None:
    desk = desk_for("plugins.view")
    assert desk.get("/plugins/filler").status_code == 200
    assert desk.post("/plugins/filler/settings", {"mode": "a"}).status_code == 403


# -- dead letters --------------------------------------------------------------------------------


def test_dead_letters_are_shown_and_tried_again(desk_for: Callable[..., Desk], shop: Store) -> None:
    with shop.write() as uow:
        event = uow.db.execute(
            insert(OutboxEvent)
            .values(name="order.paid", version=1, payload={}, created_at=uow.now)
            .returning(OutboxEvent.id)
        ).scalar_one()
        key = uow.db.execute(
            insert(OutboxDelivery)
            .values(
                event_id=event, listener="filler", state="dead", attempts=12,
                next_at=uow.now, error="KeyError: 'price'",
            )
            .returning(OutboxDelivery.id)
        ).scalar_one()  # fmt: skip
    desk = desk_for("*")
    assert "order.paid filler" in words(desk.get("/deliveries?f.state=dead"))
    assert "order.paid" not in words(desk.get("/deliveries?f.state=waiting"))
    page = words(desk.get(f"/deliveries/{key}"))
    assert "KeyError" in page
    assert "Given up" in page
    desk.done(f"/deliveries/{key}/retry")
    with shop.read() as uow:
        row = uow.db.execute(select(OutboxDelivery.state, OutboxDelivery.attempts)).one()
    assert tuple(row) == ("waiting", 0)
    assert desk.get(f"/deliveries/{key + 1}").status_code == 404
    assert desk_for("jobs.view", "orders.view").post(f"/deliveries/{key}/retry").status_code == 403
