"""Plugins of another kind, written with the how-to pages alone, in a shop's own folder."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from storegen.jobs import run_once
from storegen.store import Store
from storegen.testing.browser import Shopper
from storegen.testing.contract import check
from storegen.web.app import create_app
from tests.kit.documented import blocks

SMS, CARRIER = "how-to/send-text-messages.md", "how-to/add-a-carrier.md"


def from_page(page: str, folder: Path) -> Path:
    """Write the plugin of a how-to page where the page says."""
    (block,) = [one for one in blocks(page) if one.language == "python"]
    path = folder / block.file
    path.parent.mkdir(exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    return path


@dataclass
class Hut:
    """The provider's gateway: what it was sent, and what it answers next."""

    url: str = ""
    sent: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def hut() -> Iterator[Hut]:
    here = Hut()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            here.keys.append(self.headers["authorization"])
            here.sent.append(json.loads(body))
            self.send_response(here.answers.pop(0) if here.answers else 202)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    here.url = f"http://127.0.0.1:{server.server_port}"
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def live(make_store: Callable[..., Store], backend: str, hut: Hut) -> Store:
    """A live shop whose store.toml says what the page prints, with the gateway's own address."""
    (settings,) = [one.text for one in blocks(SMS) if one.language == "toml"]
    extra = "\n" + settings.replace("https://sms.example.com", hut.url)
    store = make_store(backend, mode="live", locale="en", plugins=["sms_hut"], extra=extra)
    from_page(SMS, store.root)
    (store.root / "sms-key").write_text("opensesame\n")
    return store


def test_a_one_time_code_arrives_and_signs_in(live: Store, hut: Hut) -> None:
    shopper = Shopper(create_app(live), live)
    page = shopper.get("/account/sign-in")
    page = shopper.submit(page.form(action="sign-in/code"), contact="13800138000")
    hut.answers = [503]
    run_once(live, "messages")
    live.clock.move(minutes=1)  # type: ignore[attr-defined]
    run_once(live, "messages")
    first, second = hut.sent
    assert first == second, "the same message with the same key, tried again"
    assert set(hut.keys) == {"Bearer opensesame"}
    assert second["to"] == "+8613800138000"
    code = re.search(r"\b\d{6}\b", second["text"])
    assert code is not None
    page = shopper.submit(page.form(action="verify"), code=code[0])
    assert page.status == 200
    assert "/account/sign-in" not in page.url
    assert shopper.get("/account").status == 200


def test_what_it_refuses_for_good_is_not_tried_again(live: Store, hut: Hut) -> None:
    shopper = Shopper(create_app(live), live)
    page = shopper.get("/account/sign-in")
    shopper.submit(page.form(action="sign-in/code"), contact="13800138000")
    hut.answers = [422]
    for _ in range(3):
        run_once(live, "messages")
        live.clock.move(minutes=1)  # type: ignore[attr-defined]
    assert len(hut.sent) == 1


def test_the_carrier_is_offered_to_staff(make_store: Callable[..., Store]) -> None:
    store = make_store(plugins=["swallow_post"])
    from_page(CARRIER, store.root)
    (carrier,) = store.plugins.carriers.values()
    assert (carrier.code, carrier.titles["zh"]) == ("swallow", "燕子快递")


@pytest.mark.parametrize("page", [SMS, CARRIER])
def test_it_keeps_to_the_contract(page: str, tmp_path: Path) -> None:
    settings = {"url": "http://127.0.0.1:9", "key": "x"} if page == SMS else {}
    assert check(from_page(page, tmp_path), settings=settings) == []
