"""``storegen plugins`` and ``storegen run``, safe mode, and what the host tells of its plugins."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from storegen.cli import main
from storegen.domain import outbox
from storegen.models import Customer
from storegen.store import Store
from storegen.web.app import create_app
from storegen.web.serving import safe_site, site
from tests.plugins import own
from tests.publish.client import call

TOOLS = '''
import click

@click.group()
def commands():
    """Stamps."""

@commands.command()
@click.option("--twice", is_flag=True)
@click.pass_obj
def count(store, twice):
    """Count them."""
    click.echo(f"{store.config.name} {'twice' if twice else 'once'}")
'''


def run(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(main, [str(each) for each in arguments])
    assert done.exit_code == code, done.output + repr(done.exception)
    return done


@pytest.fixture
def shop(make_store: Callable[..., Store]) -> Store:
    store = make_store(plugins=["pay_offline"])
    own.write(store.root)
    run("plugin", "enable", store.root, "stamps")
    return store


def told(store: Store, code: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("plugins", store.root, "--json", code=code).output)
    return found


def test_it_tells_who_answers_what_in_which_order(shop: Store) -> None:
    found = told(shop)
    assert [(one["name"], one["version"], one["origin"]) for one in found["plugins"]] == [
        ("pay_offline", "1.0.0", "storegen_plugins.pay_offline"),
        ("stamps", "1.0", "plugins/stamps/"),
    ]
    assert found["answers"] == {"payment_methods": ["pay_offline"], "on_event": ["stamps"]}
    assert found["plugins"][1]["tables"] == ["p_stamps__card", "p_stamps__stamp"]
    assert found["problems"] == found["migrations_pending"] == []
    said = run("plugins", shop.root).output
    for words in ("1. pay_offline", "2. stamps 1.0", "from      plugins/stamps/", "on_event"):
        assert words in said


def test_it_tells_what_waits_and_what_went_wrong(shop: Store) -> None:
    init = shop.root / "plugins" / "stamps" / "__init__.py"
    init.write_text(init.read_text().replace("uow.orm.add", "raise KeyError('no stamp')  #"))
    with Store.open(shop.root) as store:
        with store.write() as uow:
            customer = uow.db.execute(
                insert(Customer).values(locale="en", created_at=uow.now).returning(Customer.id)
            ).scalar_one()
            outbox.emit(uow, "customer.registered", {"customer_id": customer})
        from storegen.domain.outbox_delivery import deliver_due

        assert deliver_due(store) == 0
    found = told(shop)
    assert found["deliveries"] == {"stamps": {"waiting": 1}}
    (fault,) = found["plugins"][1]["faults"]
    assert (fault["hook"], fault["count"], fault["open"]) == ("on_event", 1, False)
    assert "no stamp" in run("plugins", shop.root).output
    own.write(shop.root, release=2)
    assert told(shop)["migrations_pending"] == ["stamps"]
    init.write_text("raise RuntimeError('half written')")
    assert "half written" in told(shop, code=2)["problems"][0]
    assert "! Plugin `stamps`" in run("plugins", shop.root, code=2).output


def test_it_lists_what_is_installed(shop: Store) -> None:
    found = json.loads(run("plugins", "--json").output)
    assert {"pay_offline", "pay_sandbox"} <= {one["name"] for one in found}
    assert "pay_offline" in run("plugins").output


def test_a_plugins_commands_are_run_on_the_shop(shop: Store) -> None:
    folder = shop.root / "plugins" / "stamps"
    assert "brings no commands" in run("run", shop.root, "stamps", "count", code=2).output
    init = folder / "__init__.py"
    init.write_text(init.read_text().replace("events=", 'cli=".tools:commands", events='))
    (folder / "tools.py").write_text(TOOLS)
    assert run("run", shop.root, "stamps", "count").output == "Test shop once\n"
    assert run("run", shop.root, "stamps", "count", "--twice").output == "Test shop twice\n"
    assert "Count them." in run("run", shop.root, "stamps", "--help").output
    assert "Did you mean `stamps`?" in run("run", shop.root, "stamp", "count", code=2).output
    (folder / "tools.py").write_text("commands = 7")
    assert "no click command" in run("run", shop.root, "stamps", "count", code=2).output


def test_safe_mode_checks_and_serves_a_shop_that_a_plugin_keeps_from_starting(
    shop: Store,
) -> None:
    (shop.root / "plugins" / "stamps" / "__init__.py").write_text("raise RuntimeError('broken')")
    assert "broken" in run("check", shop.root, code=2).output
    assert "plugins: none" in run("check", shop.root, "--safe-mode").output
    with pytest.raises(Exception, match="broken"):
        site(shop.root)
    served = safe_site(shop.root)
    answer = call(served.app, "/readyz", HTTP_HOST="shop.test")
    assert answer.status == 200
    assert json.loads(answer.body)["plugins"] == {}
    served.app.wsgi_app._source.store.close()  # type: ignore[attr-defined]


def test_readyz_stays_green_and_names_the_broken_plugin(shop: Store) -> None:
    with Store.open(shop.root) as store:
        for _ in range(3):
            store.plugins.breaker.fault("stamps", "discounts", "KeyError: 'secret address'")
        answer = call(create_app(store), "/readyz", HTTP_HOST="shop.test")
    body = json.loads(answer.body)
    assert (answer.status, body["ready"]) == (200, True)
    assert body["plugins"] == {"pay_offline": "ok", "stamps": "open"}
    assert body["plugin_faults"] == [
        {"plugin": "stamps", "hook": "discounts", "faults": 3, "open": True}
    ]
    assert "secret address" not in str(answer.body)
