"""The gateway as the program that `storegen serve` runs."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from storegen_plugins.pay_sandbox.gateway import Merchant, running

from storegen.plugins import PluginHost, new_settings
from storegen.sdk import Companion
from tests.plugins.conftest import HostMaker, Shop, _sandbox, until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo(make_host: HostMaker, port: int) -> tuple[PluginHost, dict[str, Any]]:
    settings = new_settings(["pay_sandbox"], "5" * 32)["pay_sandbox"]
    settings["gateway_url"] = f"http://127.0.0.1:{port}"
    return make_host(["pay_sandbox"], {"pay_sandbox": settings}), settings


@contextmanager
def process(companion: Companion) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        companion.command,
        env={**os.environ, **companion.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    with started.stdout:
        assert companion.url in started.stdout.readline()
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def test_it_starts_pays_survives_a_kill_and_stops(
    make_host: HostMaker, shop: Shop, tmp_path: Path
) -> None:
    host, settings = demo(make_host, free_port())
    (companion,) = host.companions()
    assert settings["secret"] not in " ".join(companion.command)
    assert settings["secret"] not in repr(companion)
    sandbox = _sandbox(host, settings, shop)
    with process(companion) as gateway:
        assert httpx.get(f"{companion.url}/healthz", trust_env=False).text == "ok\n"
        sandbox.provider.start(sandbox.request())
        sandbox.pay("delay", seconds=2)
        gateway.send_signal(signal.SIGKILL)
        gateway.wait()
    # What was under way is in the database, and arrives after a restart.
    with process(companion) as gateway:
        (told,) = shop.wait(1)
        assert told.result == "succeeded"
        until(lambda: sandbox.look()["notifications"][0]["state"] == "delivered")
        gateway.send_signal(signal.SIGTERM)
        assert gateway.wait(timeout=10) == 0
    assert (tmp_path / "plugin-data" / "pay_sandbox" / "gateway.sqlite3").is_file()


def test_no_companion_unless_it_is_wanted(make_host: HostMaker) -> None:
    settings = new_settings(["pay_sandbox"], "5" * 32)["pay_sandbox"] | {"run_gateway": False}
    assert make_host(["pay_sandbox"], {"pay_sandbox": settings}).companions() == ()


def run(port: int, tmp_path: Path, merchants: str) -> tuple[int, str]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "storegen_plugins.pay_sandbox.gateway"),
            *("--port", str(port), "--db", str(tmp_path / "g.sqlite3")),
        ],
        env={**os.environ, "STOREGEN_SANDBOX_MERCHANTS": merchants},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stderr


def test_wrong_starts_give_one_sentence(tmp_path: Path) -> None:
    account = '[{"merchant_id": "m123", "app_id": "a123", "secret": "%s"}]' % ("s" * 32)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = run(taken.getsockname()[1], tmp_path, account)
    assert (code, said.count("\n")) == (2, 1)
    assert "Choose another port." in said
    for merchants in ("", "[]", "{", '[{"secret": "hunter2"}]'):
        code, said = run(free_port(), tmp_path, merchants)
        assert (code, said.count("\n")) == (2, 1), merchants
        assert said.startswith("No usable accounts: ")
        assert "hunter2" not in said


def test_what_was_being_sent_when_it_was_killed_is_sent_again(
    make_host: HostMaker, shop: Shop, tmp_path: Path
) -> None:
    settings = new_settings(["pay_sandbox"], "5" * 32)["pay_sandbox"]
    account = Merchant(settings["merchant_id"], settings["app_id"], settings["secret"])
    database = tmp_path / "gateway.sqlite3"
    for restart in (False, True):
        with running(database, [account]) as url:
            here = settings | {"gateway_url": url}
            sandbox = _sandbox(make_host(["pay_sandbox"], {"pay_sandbox": here}), here, shop)
            if not restart:
                sandbox.paid()
                until(lambda here=sandbox: here.look()["notifications"][0]["state"] == "delivered")  # type: ignore[misc]
            else:
                assert shop.wait(2)[1] == shop.facts[0]
        if not restart:
            with closing(sqlite3.connect(database)) as db, db:
                db.execute("UPDATE notification SET state = 'sending'")
