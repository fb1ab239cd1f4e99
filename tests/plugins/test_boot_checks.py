"""What a manifest names must exist; the message has the nearest name that does."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from storegen.errors import PluginProblem
from storegen.sdk import PluginJob, SlotPiece, hookimpl
from tests.plugins.conftest import HostMaker
from tests.plugins.test_host_checks import plugin, sources


def tables(*names: str) -> MetaData:
    metadata = MetaData()
    for name in names:
        Table(name, metadata, Column("id", Integer, primary_key=True))
    return metadata


@hookimpl
def on_event(event: object) -> None: ...


def nothing(view: object) -> None: ...


def job(name: str, every: float = 60) -> PluginJob:
    return PluginJob(name=name, every=every, work=lambda uow: 0)


def carrier_hook(**facts: Any) -> Any:
    from storegen.sdk import Carrier

    return hookimpl(specname="carriers")(lambda: [Carrier(titles={"en": "C"}, **facts)])


def files_hook(files: dict[str, Any]) -> Any:
    return hookimpl(specname="root_files")(lambda: files)


TABLE: dict[str, tuple[list[Any], str, str]] = {
    "a slot that no page has": (
        [plugin("a", slots=(SlotPiece(slot="product.prize", template="x", load=nothing),))],
        "fills a slot `product.prize`",
        "Did you mean `product.price`?",
    ),
    "an event that nobody tells": (
        [plugin("a", events=("order.payed",), on_event=on_event)],
        "listens to `order.payed`",
        "Did you mean `order.pay`?",
    ),
    "an event that the other plugin does not have": (
        [
            plugin("b", emits=("issued",)),
            plugin("a", events=("b.isued",), after=("b",), on_event=on_event),
        ],
        "listens to `b.isued`",
        "Did you mean `b.issued`?",
    ),
    "a table of the core": (
        [plugin("a", tables=tables("orders"))],
        "has a table `orders` that is not its own",
        "begin with `p_a__`",
    ),
    "a table of another plugin": (
        [plugin("a", tables=tables("p_ab__x"))],
        "has a table `p_ab__x` that is not its own",
        "begin with `p_a__`",
    ),
    "tables that are none": (
        [plugin("a", tables=[1])],
        "has a list as tables",
        "Update the plugin",
    ),
    "a permission of the core": (
        [plugin("a", permissions={"orders.edit": {"en": "x"}})],
        "permission `orders.edit` that is not its own",
        "Call it `a.edit`",
    ),
    "two jobs of one name": (
        [plugin("a", jobs=(job("x"), job("x")))],
        "two jobs of one name",
        "Update the plugin",
    ),
    "a job that is always due": (
        [plugin("a", jobs=(job("x", every=0),))],
        "bad job `x`",
        "Update the plugin",
    ),
    "a carrier's page that is not https": (
        [plugin("a", x=carrier_hook(code="sf", tracking_url="http://x/{number}"))],
        "`sf` with a tracking page that is no https address",
        "Take `a` out",
    ),
    "two carriers of one code": (
        [plugin("a", x=carrier_hook(code="sf")), plugin("b", x=carrier_hook(code="sf"))],
        "`b`: carriers returned `sf`, which is there already",
        "Take `b` out",
    ),
    "a file that the core answers": (
        [plugin("a", x=files_hook({"robots.txt": b"x"}))],
        "`robots.txt`, which is answered already",
        "Take `a` out",
    ),
    "a file in a folder": (
        [plugin("a", x=files_hook({"../x": b"x"}))],
        "'../x', which is no plain file name",
        "Take `a` out",
    ),
    "a file that is a text": (
        [plugin("a", x=files_hook({"x": "x"}))],
        "returned a file that is not name → bytes",
        "Take `a` out",
    ),
    "a file that is too large": (
        [plugin("a", x=files_hook({"x": b"x" * 65537}))],
        "`x`, which is larger than 64 KiB",
        "Take `a` out",
    ),
}


@pytest.mark.parametrize(("plugins", "what", "fix"), TABLE.values(), ids=TABLE)
def test_what_stops_the_boot(make_host: HostMaker, plugins: list[Any], what: str, fix: str) -> None:
    names = [one.manifest.name for one in plugins]
    with pytest.raises(PluginProblem) as problem:
        make_host(names, sources=sources(*plugins))
    assert what in problem.value.what
    assert fix in problem.value.fix


def test_an_event_of_a_plugin_that_the_shop_does_not_use_is_no_mistake(
    make_host: HostMaker,
) -> None:
    one = plugin("a", events=("b.issued",), after=("b",), on_event=on_event)
    host = make_host(["a"], sources=sources(one))
    assert host.listeners("b.issued") == ("a",)


def test_files_and_carriers_are_there(make_host: HostMaker) -> None:
    one = plugin("a", x=files_hook({"proof.txt": b"1"}), y=carrier_hook(code="sf"))
    host = make_host(["a"], sources=sources(one))
    assert dict(host.root_files) == {"proof.txt": b"1"}
    assert list(host.carriers) == ["sf"]
