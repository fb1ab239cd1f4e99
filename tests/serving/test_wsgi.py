"""The layers together, in the order in which they must stand."""

from __future__ import annotations

import timeit
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storegen.counters import Counters
from storegen.publish.cachekey import KeyRules
from storegen.publish.site import Site
from storegen.serving.accesslog import Record, json_line
from storegen.serving.logwriter import LogWriter
from storegen.serving.wsgi import build_wsgi
from tests.publish.client import Shop, call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def make_site(shop: Shop, folder: Path, proxies: int = 0) -> Site:
    counters = Counters(folder / "counters")
    return Site(
        app=shop,
        counters_for=lambda environ: counters,
        rules=KeyRules(trusted_host=lambda host: host == "shop.example"),
        proxies=proxies,
    )


def test_each_answer_from_the_cache_has_an_id_of_its_own(tmp_path: Path) -> None:
    shop = Shop()
    log = LogWriter[Record](tmp_path / "a.log", json_line)
    app = build_wsgi(make_site(shop, tmp_path), log=log)
    ids = {call(app, "/p/1").headers["x-request-id"] for _ in range(4)}
    log.close()
    assert len(ids) == 4
    assert len(shop.renders) == 1
    text = (tmp_path / "a.log").read_text()
    assert all(each in text for each in ids)
    assert [text.count(f'"cache": "{outcome}"') for outcome in ("fresh", "hit")] == [1, 3]


def test_without_cache_each_page_is_rendered(tmp_path: Path) -> None:
    shop = Shop()
    app = build_wsgi(make_site(shop, tmp_path), cache=False)
    for _ in range(3):
        call(app, "/p/1")
    assert len(shop.renders) == 3


FORGED = {
    "HTTP_X_FORWARDED_FOR": "6.6.6.6", "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_ORIGINAL_URL": "/evil",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/p/1", "/private"])
def test_nobody_speaks_for_a_proxy_that_is_not_there(tmp_path: Path, path: str) -> None:
    shop = Shop()
    shop.headers = []
    call(build_wsgi(make_site(shop, tmp_path)), path, **FORGED)
    (seen,) = shop.environs
    assert not {"6.6.6.6", "evil.example", "/evil", "host=evil.example"} & set(
        value for value in seen.values() if isinstance(value, str)
    )
    assert seen["wsgi.url_scheme"] == "http"


def test_one_proxy_is_believed_once(tmp_path: Path) -> None:
    """What the visitor himself wrote stands left of what the proxy added."""
    shop = Shop()
    shop.headers = []
    app = build_wsgi(make_site(shop, tmp_path, proxies=1))
    call(
        app, "/p/1", HTTP_X_FORWARDED_FOR="6.6.6.6, 192.0.2.1", HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_FORWARDED_HOST="evil.example, shop.example",
    )  # fmt: skip
    (seen,) = shop.environs
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == (
        "192.0.2.1", "https", "shop.example",
    )  # fmt: skip


def test_the_whole_stack_costs_tens_of_microseconds(tmp_path: Path) -> None:
    shop = Shop()
    log = LogWriter[Record](tmp_path / "a.log", json_line, interval=60)
    app = build_wsgi(make_site(shop, tmp_path), log=log)
    call(app, "/p/1")

    def hit() -> Iterable[bytes]:
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/p/1", "QUERY_STRING": "",
            "HTTP_HOST": "shop.example", "wsgi.url_scheme": "http",
        }  # fmt: skip
        return app(environ, start)

    start: StartResponse = lambda status, headers, exc_info=None: print  # noqa: E731
    best = min(timeit.repeat(hit, number=200, repeat=9)) / 200
    log.close()
    assert len(shop.renders) == 1
    assert best < 100e-6, f"{best * 1e6:.1f} µs"
