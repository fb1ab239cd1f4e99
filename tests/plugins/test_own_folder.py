"""Plugins in a store's own folder: single files and folders, apart from other stores'."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.errors import PluginProblem
from storegen.store import Store
from tests.plugins import own

FILE = """
from storegen.sdk import Manifest, hookimpl

manifest = Manifest(name="hello", version="{version}", title={{"en": "Hello"}})

@hookimpl
def personal_data():
    return {{"said": "{said}"}}
"""


def put(store: Store, said: str, version: str = "1") -> Path:
    folder = store.root / "plugins"
    folder.mkdir(exist_ok=True)
    path = folder / "hello.py"
    path.write_text(FILE.format(said=said, version=version))
    return path


def said(store: Store) -> str:
    ((plugin, value),) = store.plugins.ask("personal_data", uow=None, customer_id=1)
    assert plugin == "hello"
    return str(value["said"])


def test_a_single_file_of_two_stores_is_two_plugins(make_store: Callable[..., Store]) -> None:
    before = list(sys.path)
    one, other = make_store(plugins=["hello"]), make_store(plugins=["hello"])
    put(one, "one")
    put(other, "other")
    assert (said(one), said(other), said(one)) == ("one", "other", "one")
    assert one.plugins.plugins[0].origin == "plugins/hello.py"
    assert one.plugins.plugins[0].folder is None
    assert sys.path == before
    assert "hello" not in sys.modules


def test_a_changed_file_is_read_anew_when_the_store_is_opened_again(
    make_store: Callable[..., Store],
) -> None:
    store = make_store(plugins=["hello"])
    put(store, "before")
    assert said(store) == "before"
    put(store, "after, and longer")
    with Store.open(store.root) as again:
        assert said(again) == "after, and longer"


def test_a_folder_may_import_its_own_parts(make_store: Callable[..., Store]) -> None:
    store = make_store(plugins=["stamps"])
    folder = own.write(store.root)
    (plugin,) = store.plugins.plugins
    assert plugin.folder == folder
    assert plugin.package.endswith(".stamps")
    assert sorted(plugin.manifest.tables.tables) == ["p_stamps__card", "p_stamps__stamp"]
    assert "tables" not in sys.modules


def test_what_is_not_listed_is_not_imported(make_store: Callable[..., Store]) -> None:
    store = make_store(plugins=[])
    put(store, "x").write_text("raise RuntimeError('imported')")
    assert store.plugins.plugins == ()


def test_it_may_not_take_the_name_of_a_bundled_one(make_store: Callable[..., Store]) -> None:
    store = make_store(plugins=["pay_offline"])
    put(store, "x").rename(store.root / "plugins" / "pay_offline.py")
    with pytest.raises(PluginProblem, match=r"`pay_offline`: storegen_plugins\.pay_offline and "):
        store.plugins  # noqa: B018


def test_a_single_file_has_no_place_for_migrations(make_store: Callable[..., Store]) -> None:
    store = make_store(plugins=["hello"])
    path = put(store, "x")
    path.write_text(
        path.read_text().replace(
            "title=", "tables=__import__('storegen.sdk').sdk.tables('hello').metadata, title="
        )
    )
    with pytest.raises(PluginProblem, match="is a single file") as problem:
        store.plugins  # noqa: B018
    assert "Make it a folder `hello/`" in problem.value.fix
