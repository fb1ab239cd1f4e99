"""The owner's settings of a plugin: over its defaults, under store.toml, live everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storegen.domain import plugin_settings
from storegen.errors import Invalid, NotAllowed, NotFound, PluginProblem
from storegen.models import AuditLog, Setting
from storegen.store import Store
from storegen.values.actor import CLI, Actor
from tests.fixtures.stores import TestClock

CODE = """
from storegen.sdk import Carrier, Manifest, Schema, ValidationError, fields, hookimpl, validate
from storegen.sdk import validates_schema

class Settings(Schema):
    greeting = fields.String(load_default="hello")
    limit = fields.Integer(strict=True, load_default=3, validate=validate.Range(min=1, max=9))
    least = fields.Integer(strict=True, load_default=1)
    key = fields.String(load_default="", metadata={"secret": True})
    url = fields.String(load_default="https://example.org/{number}")

    @validates_schema
    def order(self, data, **_):
        if data["least"] > data["limit"]:
            raise ValidationError("least is over limit")

manifest = Manifest(
    name="hello", version="1", title={"en": "Hello"}, settings_schema=Settings)

@hookimpl
def carriers(setup):
    return [Carrier(code="own", titles={"en": "Own"}, tracking_url=setup.settings["url"])]
"""
RANGE = "Must be greater than or equal to"
OWNER = Actor(kind="staff", staff_id=1, permissions=frozenset({"plugins.edit"}))


@pytest.fixture
def shop(make_store: Callable[..., Store], backend: str) -> Store:
    store = make_store(
        backend,
        plugins=["hello"],
        extra='\n[plugin.hello]\ngreeting = "hi"\nkey = "$file:key.txt"\n',
    )
    (store.root / "key.txt").write_text("hunter2")
    put(store)
    return store


def put(store: Store, code: str = CODE) -> Path:
    path = store.root / "plugins" / "hello.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(code)
    return path


def change(store: Store, values: dict[str, Any], actor: Actor = OWNER) -> None:
    store.transact(lambda uow: plugin_settings.change(uow, actor, "hello", values))


def seen(store: Store) -> dict[str, Any]:
    return dict(store.plugins.by_name["hello"].setup.settings)


def test_a_change_is_live_in_every_process(shop: Store, clock: TestClock) -> None:
    settings = shop.plugins.by_name["hello"].setup.settings  # as a plugin keeps it
    assert dict(settings) == {
        "greeting": "hi", "limit": 3, "least": 1, "key": "hunter2",
        "url": "https://example.org/{number}",
    }  # fmt: skip
    with Store.open(shop.root, clock=clock) as other:
        assert other.plugins.carriers["own"].tracking_url == "https://example.org/{number}"
        change(shop, {"limit": 5, "url": "https://other.example/{number}"})
        assert settings["limit"] == 5
        assert seen(other)["limit"] == 5
        # What was brought when the store opened follows, too.
        assert other.plugins.carriers["own"].tracking_url == "https://other.example/{number}"
        change(other, {"limit": None})
    assert settings["limit"] == 3


def test_reading_settings_costs_no_query(shop: Store) -> None:
    from tests.fixtures.stores import statements

    seen(shop)
    with statements(shop) as ran:
        for _ in range(10):
            seen(shop)
            assert shop.plugins.carriers
    assert ran.texts == []


def test_it_is_written_down_who_changed_what(shop: Store) -> None:
    change(shop, {"limit": 5})
    change(shop, {"limit": 5})  # nothing new, nothing written
    with shop.read() as uow:
        (row,) = uow.db.execute(select(AuditLog.__table__)).all()
    assert (row.actor, row.action, row.entity_id) == ("staff:1", "plugin.settings_changed", "hello")
    assert row.data == {"before": {"limit": None}, "after": {"limit": 5}}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"limit": 10}, {"limit": [f"{RANGE} 1 and less than or equal to 9."]}),
        ({"limit": "5"}, {"limit": ["Not a valid integer."]}),
        ({"nonsense": 1}, {"nonsense": ["unknown"]}),
        ({"greeting": "x"}, {"greeting": ["fixed"]}),
        ({"key": "x"}, {"key": ["secret"]}),
        ({"least": 7}, {"_schema": ["least is over limit"]}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(
    shop: Store, values: dict[str, Any], problems: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refusal:
        change(shop, values)
    assert refusal.value.problems == problems
    with shop.read() as uow:
        assert uow.db.execute(select(Setting.key)).all() == []


def test_what_the_plugin_cannot_start_with_is_refused(shop: Store) -> None:
    with pytest.raises(Invalid) as refusal:
        change(shop, {"url": "http://x/{number}"})
    assert "no https address" in refusal.value.problems[""][0]
    assert shop.plugins.carriers["own"].tracking_url == "https://example.org/{number}"


def test_a_form_reads_no_file_and_no_environment(shop: Store) -> None:
    change(shop, {"url": "https://x/{number}"})
    for value in ("$file:store.toml", "$env:HOME"):
        with pytest.raises(Invalid):  # taken literally: no address
            change(shop, {"url": value})


def test_who_may_not(shop: Store) -> None:
    with pytest.raises(NotAllowed):
        change(shop, {"limit": 5}, Actor(kind="staff", staff_id=2))
    with pytest.raises(NotFound):
        shop.transact(lambda uow: plugin_settings.change(uow, CLI, "nobody", {}))


def test_a_form_has_what_it_needs_and_no_secret(shop: Store) -> None:
    change(shop, {"limit": 5})
    with shop.read() as uow:
        fields = plugin_settings.fields_of(uow, "hello")
    assert [(each.name, each.value, each.fixed, each.secret) for each in fields] == [
        ("greeting", "hi", True, False),
        ("limit", 5, False, False),
        ("least", None, False, False),
        ("key", None, True, True),
        ("url", None, False, False),
    ]
    assert "hunter2" not in repr(fields)
    assert "hunter2" not in repr(shop.plugins.plugins)


def test_an_update_that_no_longer_takes_a_value_does_not_stop_the_shop(
    shop: Store, clock: TestClock
) -> None:
    change(shop, {"limit": 9, "least": 4})
    put(shop, CODE.replace("max=9", "max=8"))
    with Store.open(shop.root, clock=clock) as store:
        assert (seen(store)["limit"], seen(store)["least"]) == (3, 1)  # 4 is over the default 3
        assert store.plugins.by_name["hello"].setup.settings.left_out == ("least", "limit")  # type: ignore[attr-defined]
        change(store, {"least": None, "limit": 7})
        assert seen(store)["limit"] == 7
    put(shop, CODE.replace("load_default=3", "required=True"))
    with Store.open(shop.root, clock=clock) as store:
        assert seen(store)["limit"] == 7  # what is required may come from the back office
    put(shop, CODE.replace("greeting = ", "greetings = "))
    unknown = pytest.raises(PluginProblem, match="`greeting`: Unknown field")
    with Store.open(shop.root, clock=clock) as store, unknown:
        store.plugins  # noqa: B018


def test_a_database_that_is_not_migrated_keeps_nobody_from_looking(
    make_store: Callable[..., Store], tmp_path: Path
) -> None:
    store = make_store(plugins=["hello"])
    put(store)
    path = store.root / "store.toml"
    empty = json.dumps(f"sqlite:///{tmp_path}/empty.db")
    lines = path.read_text().splitlines()
    path.write_text("\n".join(f"database = {empty}" if "database" in x else x for x in lines))
    with Store.open(store.root) as unmade:
        assert seen(unmade)["limit"] == 3
