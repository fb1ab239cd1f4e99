"""`storegen dev`: what is changed is seen, what is broken is shown, and mended it goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from storegen.cli import dev
from storegen.serving.watch import Watch
from storegen.store import Store
from storegen.web import development, serving

MAIN = "from storegen.cli import main; main()"
PLUGIN = """\
from storegen.sdk import Manifest

manifest = Manifest(name="hello", version="1", title={"en": "Hello"}, pages=(".pages:pages",))
"""
PAGES = """\
from storegen.sdk.web import Pages, Response

pages = Pages("hello", __name__)


@pages.get("")
def front() -> Response:
    return Response("first")


@pages.get("/broken")
def broken() -> Response:
    raise RuntimeError("this is broken")
"""


@pytest.fixture
def root(make_store: Callable[..., Store]) -> Path:
    """A shop with a plugin of its own."""
    store = make_store("sqlite", plugins=[])
    folder = store.root / "plugins" / "hello"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(PLUGIN)
    (folder / "pages.py").write_text(PAGES)
    toml = store.root / "store.toml"
    toml.write_text(toml.read_text().replace("plugins = []", 'plugins = ["hello"]'))
    return store.root


def test_changes_are_noticed(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "deep" / "other.html"
    other.parent.mkdir()
    one.write_text("1")
    watch = Watch([tmp_path, tmp_path / "not-there"])
    assert not watch.changed()
    one.write_text("22")
    assert watch.changed()
    assert not watch.changed()
    other.write_text("new")
    assert watch.changed()
    other.unlink()
    assert watch.changed()
    (tmp_path / "shop.db").write_text("x")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.py").write_text("x")
    assert not watch.changed(), "databases and caches are no code"


def test_it_watches_the_shops_own_and_bundled_plugins_and_themes(root: Path) -> None:
    toml = root / "store.toml"
    toml.write_text(toml.read_text().replace('["hello"]', '["hello", "pay_offline"]'))
    paths = dev.watched(root)
    assert {toml, root / "plugins"} <= set(paths)
    assert any((path / "by_hand.py").is_file() for path in paths)
    assert any((path / "theme.toml").is_file() for path in paths)
    assert not any(path.name == "pay_sandbox" for path in paths), "not listed"
    toml.write_text("[store")
    assert dev.watched(root) == [toml, root / "plugins"]


def test_tracebacks_are_shown_in_development_only(root: Path) -> None:
    for make, shown in ((development.site, True), (serving.site, False)):
        site = make(root)
        answer = site.app.test_client().get("/hello/broken", base_url="http://shop.test")  # type: ignore[attr-defined]
        assert answer.status_code == 500
        assert ("RuntimeError: this is broken" in answer.text) is shown
        assert answer.headers["Cache-Control"].endswith("no-store")


@pytest.fixture
def address(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (root / "out.log").open("wb") as log:
        shop = subprocess.Popen(
            [sys.executable, "-c", MAIN, "dev", str(root), "--port", str(port)],
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            shop.send_signal(signal.SIGTERM)
            code = shop.wait(300)
    assert code == 0


def until(root: Path, address: str, text: str) -> None:
    """The page says ``text``, within the time that a busy machine may take."""
    end = time.monotonic() + 600
    while time.monotonic() < end:
        try:
            if httpx.get(f"{address}/hello", trust_env=False).text == text:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{text} never came: {(root / 'out.log').read_text()}")


def test_a_shop_follows_its_files(root: Path, address: str) -> None:
    pages = root / "plugins" / "hello" / "pages.py"
    until(root, address, "first")
    said = (root / "out.log").read_text()
    assert f"{address}/mailbox" in said
    assert f"{address}/api/v1/openapi.json" in said
    pages.write_text(PAGES.replace("first", "a second one"))
    until(root, address, "a second one")
    pages.write_text("this is no python")
    end = time.monotonic() + 600
    while "The shop has stopped" not in (root / "out.log").read_text():
        assert time.monotonic() < end
        time.sleep(0.2)
    assert "SyntaxError" in (root / "out.log").read_text()
    pages.write_text(PAGES.replace("first", "mended"))
    until(root, address, "mended")
