"""A shop's host and provider against a gateway that listens on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
from storegen_plugins.pay_sandbox.client import GatewayClient
from storegen_plugins.pay_sandbox.gateway import Merchant, running

from storegen.errors import NotificationRefused
from storegen.plugins import PluginHost, new_settings
from storegen.values.payment import (
    PaymentFact,
    PaymentProvider,
    PaymentRequest,
    RawNotification,
    RefundFact,
    RefundRequest,
)


def now() -> datetime:
    return datetime.now(UTC)


HostMaker = Callable[..., PluginHost]


@pytest.fixture
def make_host(tmp_path: Path) -> Iterator[HostMaker]:
    hosts: list[PluginHost] = []

    def make(names: list[str], settings: dict[str, Any] | None = None, **more: Any) -> PluginHost:
        options: dict[str, Any] = {
            "root": tmp_path,
            "base_url": "http://shop.test",
            "locale": "zh",
            "currency": "CNY",
            "clock": now,
        }
        hosts.append(PluginHost(names, settings or {}, **(options | more)))
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()


@dataclass
class Shop:
    """The shop's notify address: verifies each notification with the provider and keeps it."""

    url: str = ""
    provider: PaymentProvider | None = None
    facts: list[PaymentFact | RefundFact] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    raw: list[RawNotification] = field(default_factory=list)
    deaf: int = 0
    """How many notifications are not acknowledged although they are good."""
    lock: Lock = field(default_factory=Lock)

    def hear(self, raw: RawNotification) -> tuple[int, str, bytes]:
        assert self.provider is not None
        with self.lock:
            self.raw.append(raw)
            try:
                fact = self.provider.read_notification(raw)
            except NotificationRefused as refusal:
                self.refused.append(refusal.reason)
                return self.provider.acknowledge(False)
            self.facts.append(fact)
            if self.deaf:
                self.deaf -= 1
                return self.provider.acknowledge(False)
            return self.provider.acknowledge(True)

    def wait(self, count: int, seconds: float = 10) -> list[PaymentFact | RefundFact]:
        """The first ``count`` facts, or fail."""
        until(lambda: len(self.facts) >= count, seconds)
        return self.facts[:count]


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for another thread or process."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def shop() -> Iterator[Shop]:
    here = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, answer = here.hear(
                RawNotification(method="POST", path=path, query=query, headers=headers, body=body)
            )
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Order</title><link rel=icon href=data:,>")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Sandbox:
    """A gateway, this shop's account there, and the provider that a shop would use."""

    url: str
    settings: dict[str, Any]
    provider: PaymentProvider
    shop: Shop
    client: GatewayClient

    def request(self, reference: str = "REF1", **changes: Any) -> PaymentRequest:
        values: dict[str, Any] = {
            "reference": reference,
            "order_number": "20261122ABCD",
            "amount": 19_900,
            "currency": "CNY",
            "description": "山岚绿茶 250g × 2",
            "return_url": f"{self.shop.url}/order/secret",
            "notify_url": f"{self.shop.url}/notify/sandbox?shop=1",
            "locale": "zh",
            "expires_at": int(time.time()) + 900,
        }
        return PaymentRequest(**(values | changes))

    def refund_request(self, number: str = "RF1", amount: int = 19_900, **changes: Any) -> Any:
        values: dict[str, Any] = {
            "reference": "REF1",
            "refund_reference": number,
            "provider_reference": "",
            "amount": amount,
            "paid_amount": 19_900,
            "currency": "CNY",
            "reason": "破损",
            "notify_url": f"{self.shop.url}/notify/sandbox",
        }
        return RefundRequest(**(values | changes))

    def control(self, do: str, **said: Any) -> dict[str, Any]:
        status, answer = self.client.call("POST", "/_control", {"do": do, **said})
        assert status == 200, answer
        return answer

    def pay(self, behaviour: str = "approve", reference: str = "REF1", **options: Any) -> None:
        self.control("pay", reference=reference, behaviour=behaviour, **options)

    def paid(self, reference: str = "REF1") -> None:
        self.provider.start(self.request(reference))
        self.pay(reference=reference)
        self.shop.wait(1)

    def look(self, reference: str = "REF1") -> dict[str, Any]:
        return self.control("look", reference=reference)


@pytest.fixture
def offline_sandbox(make_host: HostMaker) -> Sandbox:
    """As ``sandbox``, for what the provider decides alone: nobody listens at the gateway."""
    settings = new_settings(["pay_sandbox"], "0123456789abcdef" * 2)["pay_sandbox"]
    host = make_host(["pay_sandbox"], {"pay_sandbox": settings})
    return _sandbox(host, settings, Shop(url="http://shop.test"))


@pytest.fixture
def sandbox(tmp_path: Path, make_host: HostMaker, shop: Shop) -> Iterator[Sandbox]:
    settings = new_settings(["pay_sandbox"], "0123456789abcdef" * 2)["pay_sandbox"]
    account = Merchant(settings["merchant_id"], settings["app_id"], settings["secret"])
    with running(tmp_path / "gateway.sqlite3", [account]) as url:
        settings |= {"gateway_url": url}
        host = make_host(["pay_sandbox"], {"pay_sandbox": settings})
        yield _sandbox(host, settings, shop)


def _sandbox(host: PluginHost, settings: dict[str, Any], shop: Shop) -> Sandbox:
    shop.provider = provider = host.payment_providers["sandbox"]
    client = GatewayClient(
        url=settings["gateway_url"],
        merchant_id=settings["merchant_id"],
        secret=settings["secret"],
        http=host.plugins[0].setup.http,
        clock=now,
    )
    return Sandbox(settings["gateway_url"], settings, provider, shop, client)


def json_of(raw: RawNotification) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(raw.body)
    return said
