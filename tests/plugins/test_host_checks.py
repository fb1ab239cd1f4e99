"""What stops a boot, with the fix in the message; and the order of plugins."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from storegen.errors import PluginProblem
from storegen.plugins import Source, discover, new_settings
from storegen.sdk import Manifest, Schema, fields, hookimpl
from tests.plugins.conftest import HostMaker


def plugin(name: str, **more: Any) -> SimpleNamespace:
    """A plugin as an object; ``more`` may hold hooks, the rest goes into the manifest."""
    hooks = {key: more.pop(key) for key in list(more) if hasattr(more[key], "storegen_impl")}
    facts = {"name": name, "version": "1.0", "title": {"en": name}} | more
    return SimpleNamespace(manifest=Manifest(**facts), **hooks)


def sources(*plugins: SimpleNamespace) -> dict[str, tuple[Source, ...]]:
    return {
        one.manifest.name: (Source(one.manifest.name, "test", lambda one=one: one),)  # type: ignore[misc]
        for one in plugins
    }


def order(make_host: HostMaker, *plugins: SimpleNamespace) -> list[str]:
    names = [one.manifest.name for one in plugins]
    host = make_host(names, sources=sources(*plugins))
    return [one.manifest.name for one in host.plugins]


def test_the_order_is_that_of_the_list(make_host: HostMaker) -> None:
    assert order(make_host, plugin("b"), plugin("a"), plugin("c")) == ["b", "a", "c"]


def test_requires_and_after_come_first_and_ties_keep_the_list(make_host: HostMaker) -> None:
    assert order(
        make_host,
        plugin("a", requires=("d",)),
        plugin("b"),
        plugin("c", after=("e", "not_listed")),
        plugin("d"),
        plugin("e", after=("d",)),
    ) == ["b", "d", "a", "e", "c"]


@hookimpl
def payment_methods(setup: object) -> None: ...


@hookimpl
def payment_metods(setup: object) -> None: ...


@hookimpl(specname="payment_methods")
def wrong_argument(setup: object, store: object) -> None: ...


@hookimpl(specname="payment_methods", tryfirst=True)
def pushing(setup: object) -> None: ...


@hookimpl
def failing(setup: object) -> None:
    raise RuntimeError("no key")


class Settings(Schema):
    key = fields.String(required=True)
    limit = fields.Integer(strict=True, load_default=3)


TABLE: dict[str, tuple[list[Any], str, str]] = {
    "a cycle of two": (
        [plugin("a", requires=("b",)), plugin("b", after=("a",))],
        "Plugins wait for each other: a → b → a.",
        "Take one of them out",
    ),
    "a plugin that waits for itself": (
        [plugin("a", after=("a",))],
        "Plugins wait for each other: a → a.",
        "Take one of them out",
    ),
    "a requirement that is not listed": (
        [plugin("a", requires=("bb",)), plugin("bbb")],
        "`a` requires `bb`, which is not listed.",
        "Did you mean `bbb`? Add `bb`",
    ),
    "made for another storegen": (
        [plugin("a", requires_storegen=">=7")],
        "`a` 1.0 needs storegen >=7; this is 0.1.0.",
        "Install a release of `a` made for 0.1.0",
    ),
    "a version that is none": (
        [plugin("a", version="new")],
        "`a` (test) has a bad version in its manifest",
        "Update the plugin",
    ),
    "a version range that is none": (
        [plugin("a", requires_storegen="newest")],
        "`a` (test) has a bad version in its manifest",
        "Update the plugin",
    ),
    "no English title": (
        [plugin("a", title={"zh": "甲"})],
        "`a` (test) has no English title.",
        "Update the plugin",
    ),
    "a name that tables cannot carry": (
        [plugin("a__b")],
        "`a__b` (test) has a bad name",
        "Update the plugin",
    ),
    "a name whose tables would begin like those of `a`": (
        [plugin("a_")],
        "`a_` (test) has a bad name",
        "Update the plugin",
    ),
    "a hook that storegen does not have": (
        [plugin("a", payment_metods=payment_metods)],
        "`a` answers a hook `payment_metods`, which storegen does not have.",
        "Did you mean `payment_methods`?",
    ),
    "a hook with a wrong argument": (
        [plugin("a", x=wrong_argument)],
        "`a` answers a hook with wrong arguments:",
        "Update the plugin",
    ),
    "a hook that wants to be first": (
        [plugin("a", x=pushing)],
        "`a` marks `payment_methods` as tryfirst",
        "the order is `after` in the manifest",
    ),
    "one hook answered twice": (
        [
            plugin(
                "a",
                payment_methods=payment_methods,
                y=hookimpl(specname="payment_methods")(lambda setup: None),
            )
        ],
        "`a` answers `payment_methods` twice.",
        "Update the plugin",
    ),
    "a hook that raises": (
        [plugin("a", x=hookimpl(specname="payment_methods")(failing))],
        "`a` failed in payment_methods: RuntimeError: no key.",
        "or start with --safe-mode",
    ),
    "a hook that returns junk": (
        [plugin("a", x=hookimpl(specname="payment_methods")(lambda setup: 7))],
        "`a`: payment_methods returned int instead of a list.",
        "Take `a` out",
    ),
    "a list of junk": (
        [plugin("a", x=hookimpl(specname="payment_methods")(lambda setup: [7]))],
        "`a`: payment_methods returned a int that has no `available`.",
        "Take `a` out",
    ),
    "a setting that is missing": (
        [plugin("a", settings_schema=Settings)],
        "Settings of plugin `a` are wrong: `key`: Missing data for required field.",
        "Correct [plugin.a] in store.toml.",
    ),
}


@pytest.mark.parametrize(("plugins", "what", "fix"), TABLE.values(), ids=TABLE)
def test_what_stops_the_boot(make_host: HostMaker, plugins: list[Any], what: str, fix: str) -> None:
    names = [one.manifest.name for one in plugins]
    with pytest.raises(PluginProblem) as problem:
        make_host(names, sources=sources(*plugins))
    assert what in problem.value.what
    assert fix in problem.value.fix
    # With the same list, safe mode starts, and uses nothing.
    host = make_host(names, sources=sources(*plugins), safe_mode=True)
    assert (host.plugins, dict(host.payment_providers)) == ((), {})


def test_a_missing_plugin_with_the_nearest_name(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem) as problem:
        make_host(["pay_ofline"])
    assert problem.value.what == "There is no plugin `pay_ofline`."
    assert problem.value.fix.startswith("Did you mean `pay_offline`?")


def test_a_plugin_listed_twice(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem, match="`pay_offline` is listed twice"):
        make_host(["pay_offline", "pay_offline"])


def test_two_plugins_of_one_name(make_host: HostMaker) -> None:
    both = {"a": (Source("a", "first", lambda: plugin("a")), Source("a", "other", lambda: None))}
    with pytest.raises(PluginProblem, match="Two plugins are called `a`: first and other"):
        make_host(["a"], sources=both)


def test_a_plugin_under_another_name(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem, match=r"`b` \(test\) calls itself `a`"):
        make_host(["b"], sources={"b": (Source("b", "test", lambda: plugin("a")),)})


def test_a_plugin_without_a_manifest(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem, match="has no `manifest"):
        make_host(["a"], sources={"a": (Source("a", "test", object),)})


def test_a_plugin_that_cannot_be_imported(make_host: HostMaker) -> None:
    def broken() -> object:
        raise ImportError("No module named 'wechatpayv3'")

    with pytest.raises(PluginProblem, match="cannot be imported: ImportError: No module named"):
        make_host(["a"], sources={"a": (Source("a", "test", broken),)})


def test_two_plugins_with_one_provider_code(make_host: HostMaker) -> None:
    bundled = discover()["pay_offline"]
    copy = plugin("b", x=hookimpl(specname="payment_methods")(_cash))
    with pytest.raises(PluginProblem, match="already brought by plugin `pay_offline`"):
        make_host(["pay_offline", "b"], sources={**sources(copy), "pay_offline": bundled})


def _cash(setup: Any) -> list[Any]:
    from storegen_plugins.pay_offline.cash_on_delivery import CashOnDelivery

    return [CashOnDelivery(countries=frozenset(), at_most="", currency=setup.currency)]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Make a distribution with an entry point, importable."""

    def install(name: str, code: str) -> None:
        site = tmp_path / "site"
        info = site / f"{name}_dist-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}-dist\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[storegen.plugins]\n{name} = {name}_module\n")
        (site / f"{name}_module.py").write_text(code)
        monkeypatch.syspath_prepend(str(site))

    return install


def test_an_installed_plugin_is_found_by_its_entry_point_and_imported_only_if_listed(
    make_host: HostMaker, installed: Callable[[str, str], None]
) -> None:
    installed(
        "outsider",
        "from storegen.sdk import Manifest\n"
        "manifest = Manifest(name='outsider', version='2.1', title={'en': 'Outsider'})\n",
    )
    make_host(["pay_offline"])
    assert "outsider_module" not in sys.modules
    host = make_host(["pay_offline", "outsider"])
    assert [one.manifest.version for one in host.plugins] == ["1.0.0", "2.1"]
    assert host.plugins[1].origin == "outsider_module"
    sys.modules.pop("outsider_module")


def test_nothing_bundled_is_imported_unless_it_is_listed() -> None:
    import subprocess

    code = (
        "import sys; from storegen.plugins import discover; found = discover();"
        "assert 'pay_sandbox' in found;"
        "assert not [m for m in sys.modules if m.startswith('storegen_plugins.')], sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def read(
    make_host: HostMaker, raw: Mapping[str, Any], environ: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    one = plugin("a", settings_schema=Settings)
    host = make_host(["a"], {"a": raw}, sources=sources(one), environ=environ or {})
    return host.plugins[0].setup.settings


def test_secrets_come_from_the_environment_and_from_files(
    make_host: HostMaker, tmp_path: Path
) -> None:
    assert read(make_host, {"key": "$env:KEY"}, {"KEY": "from env"})["key"] == "from env"
    (tmp_path / "key.txt").write_text("from file\n")
    settings = read(make_host, {"key": "$file:key.txt"})
    assert dict(settings) == {"key": "from file", "limit": 3}
    with pytest.raises(TypeError):
        settings["key"] = "changed"  # type: ignore[index]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ({"key": "$env:NOWHERE"}, "the environment variable NOWHERE, which is not set"),
        ({"key": "$file:nowhere.txt"}, "which cannot be read: No such file or directory"),
        ({"key": "hunter2", "limitt": 1}, "`limitt`: Unknown field. Did you mean `limit`?"),
        ({"key": "hunter2", "limit": "x"}, "`limit`: Not a valid integer"),
        ({"key": ["hunter2"]}, "`key`: Not a valid string"),
    ],
)
def test_wrong_settings(make_host: HostMaker, raw: dict[str, Any], what: str) -> None:
    with pytest.raises(PluginProblem) as problem:
        read(make_host, raw)
    assert what in problem.value.what
    assert "hunter2" not in str(problem.value)


def test_settings_for_a_plugin_that_takes_none(make_host: HostMaker) -> None:
    with pytest.raises(PluginProblem, match="`a` takes no settings"):
        make_host(["a"], {"a": {"key": "x"}}, sources=sources(plugin("a")))


def test_settings_of_a_plugin_that_is_not_listed_are_left_alone(make_host: HostMaker) -> None:
    assert make_host([], {"pay_sandbox": {"nonsense": 1}}).plugins == ()


def test_a_setup_shows_no_secret(make_host: HostMaker) -> None:
    one = plugin("a", settings_schema=Settings)
    host = make_host(["a"], {"a": {"key": "hunter2"}}, sources=sources(one))
    assert "hunter2" not in repr(host.plugins)


def test_new_settings_are_accepted_and_differ_by_seed(make_host: HostMaker) -> None:
    names = ["pay_offline", "pay_sandbox"]
    first, second = new_settings(names, "1" * 32), new_settings(names, "2" * 32)
    assert first["pay_sandbox"]["secret"] != second["pay_sandbox"]["secret"]
    host = make_host(names, first)
    assert list(host.payment_providers) == ["bank_transfer", "cash_on_delivery", "sandbox"]
    with pytest.raises(ValueError, match="seed"):
        new_settings(names, "short")
