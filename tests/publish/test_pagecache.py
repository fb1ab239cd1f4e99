from __future__ import annotations

import gzip
import threading
import timeit
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import brotli
import pytest

from storegen.counters import ALL, Counters
from storegen.publish.pagecache import PageCache
from tests.publish.client import Answer, Shop, call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Make = Callable[..., PageCache]


# --- keeping and forgetting ---------------------------------------------------------------


def test_page_is_rendered_once_and_sent_many_times(cache: PageCache, shop: Shop) -> None:
    answers = [call(cache, "/p/1") for _ in range(3)]
    assert len(shop.renders) == 1
    assert len({answer.body for answer in answers}) == 1
    assert "x-storegen-cache" not in answers[0].headers
    assert answers[2].headers["cache-control"] == "no-cache"
    assert answers[2].headers["content-length"] == str(len(answers[2].body))


@pytest.mark.parametrize("tag", ["product:1", "listing", ALL])
def test_raised_tag_makes_the_page_new(
    cache: PageCache, shop: Shop, counters: Counters, tag: str
) -> None:
    call(cache, "/p/1")
    shop.price = 2
    assert b"price=1" in call(cache, "/p/1").body
    counters.bump([tag])
    assert b"price=2" in call(cache, "/p/1").body


def test_raised_tag_of_another_page_changes_nothing(
    cache: PageCache, shop: Shop, counters: Counters
) -> None:
    call(cache, "/p/1")
    counters.bump(["product:2"])
    call(cache, "/p/1")
    assert len(shop.renders) == 1


def test_commit_during_the_rendering_makes_the_page_stale(
    make_cache: Make, shop: Shop, counters: Counters
) -> None:
    """The price was read, then changed, before the page was complete."""

    def racing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = list(shop(environ, start_response))
        if shop.price == 1:
            shop.price = 2
            counters.bump(["product:1"])
        return body

    cache = make_cache(racing)
    assert b"price=1" in call(cache, "/p/1").body
    assert b"price=2" in call(cache, "/p/1").body


def test_page_dies_of_age_even_if_nobody_raised_its_tag(make_cache: Make, shop: Shop) -> None:
    now = [1000.0]
    cache = make_cache(clock=lambda: now[0])
    call(cache, "/p/1")
    now[0] += 59
    call(cache, "/p/1")
    assert len(shop.renders) == 1
    now[0] += 2
    call(cache, "/p/1")
    assert len(shop.renders) == 2


def test_app_may_shorten_a_life_but_not_lengthen_it(make_cache: Make, shop: Shop) -> None:
    now = [1000.0]
    cache = make_cache(clock=lambda: now[0])
    for path, ttl, lives in (("/soon", "5", 4), ("/long", "9999", 59)):
        shop.headers = [("X-Storegen-Cache", f"listing ttl={ttl}")]
        call(cache, path)
        now[0] += lives
        call(cache, path)
        assert shop.renders.count(path) == 1
        now[0] += 2
        call(cache, path)
        assert shop.renders.count(path) == 2


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", []),
        ("404 Not Found", []),
        ("302 Found", [("X-Storegen-Cache", "a"), ("Location", "/")]),
        ("500 Internal Server Error", [("X-Storegen-Cache", "a")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Set-Cookie", "session=1")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Vary", "Cookie")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Vary", "Accept-Encoding, Accept-Language")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Vary", "*")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Cache-Control", "private")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Cache-Control", "no-store")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Content-Encoding", "gzip")]),
        ("200 OK", [("X-Storegen-Cache", "a"), ("Content-Security-Policy", "script 'nonce-1'")]),
        ("404 Not Found", [("Cache-Control", "immutable")]),
    ],
)
def test_what_is_not_public_is_never_kept(
    cache: PageCache, shop: Shop, status: str, headers: list[tuple[str, str]]
) -> None:
    shop.status, shop.headers = status, headers
    for count in range(1, 5):
        answer = call(cache, "/p/1")
        assert len(shop.renders) == count
        assert answer.status == int(status[:3])
        assert "x-storegen-cache" not in answer.headers
    assert cache.held == 0


def test_missing_page_is_kept_when_the_app_allows_it(cache: PageCache, shop: Shop) -> None:
    shop.status = "404 Not Found"
    assert [call(cache, "/gone").status for _ in range(3)] == [404] * 3
    assert len(shop.renders) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_pass(cache: PageCache, shop: Shop, method: str) -> None:
    call(cache, "/p/1")
    environ = {"CONTENT_LENGTH": "0", "CONTENT_TYPE": "text/plain"}
    for _ in range(2):
        assert "x-storegen-cache" not in call(cache, "/p/1", method, **environ).headers
    assert len(shop.renders) == 3


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_always_asked_anew(cache: PageCache, shop: Shop, path: str) -> None:
    for _ in range(3):
        call(cache, path)
    assert len(shop.renders) == 3


def test_app_that_fails_fails_for_itself_and_is_asked_again(make_cache: Make, shop: Shop) -> None:
    broken = [True]

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if broken:
            raise ZeroDivisionError
        return shop(environ, start_response)

    cache = make_cache(app)
    with pytest.raises(ZeroDivisionError):
        call(cache, "/p/1")
    broken.clear()
    assert call(cache, "/p/1").status == 200


def test_app_that_starts_late_and_streams(make_cache: Make) -> None:
    closed = []

    class Body:
        def __init__(self, start_response: StartResponse) -> None:
            self.start_response = start_response

        def __iter__(self) -> Iterator[bytes]:
            self.start_response(
                "200 OK", [("Content-Type", "text/plain"), ("X-Storegen-Cache", "a")]
            )
            yield b"one "
            yield b"two"

        def close(self) -> None:
            closed.append(1)

    cache = make_cache(lambda environ, start_response: Body(start_response))
    assert [call(cache, "/p/1").body for _ in range(3)] == [b"one two"] * 3
    assert closed == [1]


# --- HEAD, conditions and encodings ----------------------------------------------------------


def test_head_is_the_get_without_its_body(cache: PageCache, shop: Shop) -> None:
    get = call(cache, "/p/1")
    head = call(cache, "/p/1", "HEAD")
    assert (head.body, head.headers) == (b"", get.headers)
    assert len(shop.renders) == 1


def test_head_may_come_first(cache: PageCache, shop: Shop) -> None:
    heads = [call(cache, "/p/1", "HEAD") for _ in range(3)]
    assert [head.body for head in heads] == [b""] * 3
    assert call(cache, "/p/1").headers == heads[2].headers
    assert len(shop.renders) == 2  # the first taught that the path is public


@pytest.mark.parametrize("template", ["{}", "W/{}", '"other", {}', "*", '"a",W/{} , "b"'])
def test_unchanged_page_is_304(
    cache: PageCache, counters: Counters, shop: Shop, template: str
) -> None:
    etag = call(cache, "/p/1").headers["etag"]
    condition = template.format(etag)
    again = call(cache, "/p/1", HTTP_IF_NONE_MATCH=condition)
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == etag
    assert again.headers["cache-control"] == "no-cache"
    assert "content-length" not in again.headers
    shop.price = 2
    counters.bump(["product:1"])
    if "*" not in condition:
        assert call(cache, "/p/1", HTTP_IF_NONE_MATCH=condition).status == 200


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("identity", None),
        ("br;q=nonsense", None),
        ("", None),
        ("deflate", None),
        ("GZIP", "gzip"),
    ],
)
def test_encoding_is_what_the_client_takes(
    cache: PageCache, shop: Shop, accept: str, encoding: str | None
) -> None:
    plain = call(cache, "/p/1")
    answer = call(cache, "/p/1", HTTP_ACCEPT_ENCODING=accept)
    assert answer.headers.get("content-encoding") == encoding
    unpack: dict[str | None, Callable[[bytes], bytes]] = {
        "br": brotli.decompress, "gzip": gzip.decompress, None: bytes,
    }  # fmt: skip
    assert unpack[encoding](answer.body) == plain.body
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert (answer.headers["etag"] == plain.headers["etag"]) == (encoding is None)
    assert len(shop.renders) == 1


def test_picture_is_not_compressed_again(cache: PageCache, shop: Shop) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "image/webp"), ("X-Storegen-Cache", "a")])
        return [b"w" * 5000]

    cache._app = app
    answer = call(cache, "/a.webp", HTTP_ACCEPT_ENCODING="br")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


def test_immutable_asset_is_kept_for_good(make_cache: Make, shop: Shop, counters: Counters) -> None:
    now = [0.0]
    cache = make_cache(clock=lambda: now[0])
    shop.headers = [("Cache-Control", "public, max-age=31536000, immutable")]
    call(cache, "/assets/abc/shop.css")
    now[0] += 1e6
    counters.bump([ALL])
    answer = call(cache, "/assets/abc/shop.css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert len(shop.renders) == 1


# --- attacks ------------------------------------------------------------------------------------

ATTACKS: list[tuple[str, dict[str, str]]] = [
    ("/p/1?evil=EVIL", {}),
    ("/p/1?utm_source=EVIL&fbclid=EVIL", {}),
    ("/p/1?PAGE=EVIL", {}),
    ("/p/1", {"HTTP_COOKIE": "session=EVIL"}),
    ("/p/1", {"HTTP_X_FORWARDED_HOST": "EVIL.example"}),
    ("/p/1", {"HTTP_X_FORWARDED_PROTO": "EVIL"}),
    ("/p/1", {"HTTP_X_FORWARDED_PREFIX": "/EVIL"}),
    ("/p/1", {"HTTP_FORWARDED": "host=EVIL"}),
    ("/p/1", {"HTTP_X_ORIGINAL_URL": "/EVIL"}),
    ("/p/1", {"HTTP_USER_AGENT": "EVIL"}),
    ("/p/1", {"HTTP_ACCEPT_LANGUAGE": "EVIL"}),
    ("/p/1", {"HTTP_ACCEPT": "EVIL"}),
    ("/p/1", {"HTTP_X_HTTP_METHOD_OVERRIDE": "EVIL"}),
    ("/p/1", {"HTTP_REFERER": "EVIL"}),
    ("/p/1", {"HTTP_HOST": "Shop.Example"}),
    ("/p/1", {"HTTP_RANGE": "bytes=0-EVIL"}),
    ("/p/1", {"HTTP_X_STOREGEN_CACHE": "EVIL"}),
]


@pytest.mark.parametrize(("target", "environ"), ATTACKS)
@pytest.mark.parametrize("tries", [1, 2, 3])
def test_nobody_can_poison_a_page(
    cache: PageCache, target: str, environ: dict[str, str], tries: int
) -> None:
    """However often an attacker asks first, the next visitor gets the page of a plain request."""
    for _ in range(tries):
        call(cache, target, **environ)
    victim = call(cache, "/p/1", HTTP_USER_AGENT="victim", HTTP_COOKIE="victim=1")
    assert b"EVIL" not in victim.body
    assert b"Shop.Example" not in victim.body
    again = call(cache, "/p/1", HTTP_USER_AGENT="another")
    assert b"victim" not in again.body


def test_the_test_for_poison_sees_poison(shop: Shop) -> None:
    """Without the cache's care these bytes do reach the page."""
    assert b"EVIL" in call(shop, "/p/1", HTTP_X_FORWARDED_HOST="EVIL").body


def test_untrusted_host_is_the_apps_business_and_never_kept(cache: PageCache, shop: Shop) -> None:
    for host in ("evil.example", "shop.example@evil.example", "shop.example, evil.example", ""):
        for _ in range(3):
            assert f"'{host}'".encode() in call(cache, "/p/1", HTTP_HOST=host).body
    assert len(shop.renders) == 12
    assert cache.held == 0


def test_stores_of_one_process_do_not_mix(cache: PageCache, shop: Shop) -> None:
    call(cache, "/p/1")
    assert b"other.example" in call(cache, "/p/1", HTTP_HOST="other.example").body
    assert b"shop.example" in call(cache, "/p/1").body
    assert len(shop.renders) == 2


def test_spellings_of_one_host_share_one_page(cache: PageCache, shop: Shop) -> None:
    for host in ("shop.example", "Shop.Example", "SHOP.EXAMPLE", "sHop.example"):
        assert b"'shop.example'" in call(cache, "/p/1", HTTP_HOST=host).body
    assert len(shop.renders) == 1


def test_https_and_http_do_not_mix(cache: PageCache, shop: Shop) -> None:
    call(cache, "/p/1")
    call(cache, "/p/1", **{"wsgi.url_scheme": "https"})
    assert len(shop.renders) == 2


def test_known_parameters_make_the_page_whatever_their_order(cache: PageCache, shop: Shop) -> None:
    shop.headers = [("X-Storegen-Cache", "listing")]
    call(cache, "/tea?page=2&sort=price")
    for target in ("/tea?sort=price&page=2", "/tea?sort=price&utm_source=x&page=2&fbclid=y"):
        answer = call(cache, target, HTTP_USER_AGENT="a browser")
        assert b";page=2&sort=price;" in answer.body
    assert len(shop.renders) == 1
    assert b";page=3;" in call(cache, "/tea?page=3").body


def test_page_that_is_private_sees_the_whole_request(cache: PageCache, shop: Shop) -> None:
    shop.headers = []
    for _ in range(3):
        body = call(cache, "/account?token=abc&page=1", HTTP_COOKIE="me=1").body
        assert b"token=abc&page=1" in body
        assert b"me=1" in body


def test_page_that_became_private_sees_the_whole_request(
    cache: PageCache, shop: Shop, counters: Counters
) -> None:
    call(cache, "/p/1")
    shop.headers = []
    counters.bump(["product:1"])
    for _ in range(3):
        assert b"me=1" in call(cache, "/p/1?token=abc", HTTP_COOKIE="me=1").body
    shop.headers = [("X-Storegen-Cache", "product:1")]
    call(cache, "/p/1")
    before = len(shop.renders)
    bodies = [call(cache, "/p/1", HTTP_COOKIE="me=1").body for _ in range(3)]
    assert len(shop.renders) == before + 1
    assert b"me=1" not in b"".join(bodies)


def test_cookies_do_not_keep_a_visitor_from_the_cache(cache: PageCache, shop: Shop) -> None:
    """The app answers Set-Cookie to whoever brings one: only the page without is kept."""
    session = ("Set-Cookie", "session=new")
    shop.headers = [("X-Storegen-Cache", "a"), session]
    assert "set-cookie" in call(cache, "/p/1", HTTP_COOKIE="session=1").headers
    shop.headers = [("X-Storegen-Cache", "a")]
    answers = [call(cache, "/p/1", HTTP_COOKIE=f"session={n}") for n in range(5)]
    assert len(shop.renders) == 2
    assert b"session" not in b"".join(answer.body for answer in answers)
    assert not any("set-cookie" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    ("target", "environ"),
    [
        ("/p/1", {"HTTP_AUTHORIZATION": "Bearer x"}),
        ("/p/1", {"CONTENT_LENGTH": "5", "CONTENT_TYPE": "text/plain"}),
        ("/p/1", {"HTTP_TRANSFER_ENCODING": "chunked"}),
        ("/" + "p" * 2000, {}),
        ("/p/1?q=" + "p" * 3000, {}),
        ("/p/1?" + "&".join(f"q={n}" for n in range(100)), {}),
    ],
)
def test_odd_requests_are_neither_kept_nor_answered_from_memory(
    cache: PageCache, shop: Shop, target: str, environ: dict[str, str]
) -> None:
    call(cache, "/p/1")
    held = cache.held
    for count in range(2, 5):
        call(cache, target, **environ)
        assert len(shop.renders) == count
    assert cache.held == held


def test_unknown_parameters_do_not_grow_the_cache(cache: PageCache, shop: Shop) -> None:
    call(cache, "/p/1")
    held = cache.held
    for n in range(200):
        call(cache, f"/p/1?x{n}={n}&utm_source={n}")
    assert (cache.held, len(shop.renders)) == (held, 1)


def test_flood_of_searches_stays_under_the_cap_and_leaves_the_pages(
    make_cache: Make, shop: Shop
) -> None:
    cap = 400_000
    cache = make_cache(max_bytes=cap)
    call(cache, "/p/1")
    for n in range(500):
        call(cache, f"/search?q={n}")
        call(cache, f"/search?q={n}", HTTP_ACCEPT_ENCODING="br")
        assert cache.held <= cap
    shop.status = "404 Not Found"
    for n in range(500):
        call(cache, f"/invented/{n}")
        assert cache.held <= cap
    shop.renders.clear()
    call(cache, "/p/1")
    assert shop.renders == []
    assert cache.held > cap // 8  # the flood did fill its share


def test_oversized_page_passes_whole_and_is_not_kept(make_cache: Make, shop: Shop) -> None:
    cache = make_cache(max_bytes=160_000)
    shop.size = 20_000
    for count in range(1, 4):
        assert len(call(cache, "/p/1").body) == 20_000
        assert len(shop.renders) == count
    assert cache.held == 0


def test_least_recently_used_page_goes_first(make_cache: Make, shop: Shop) -> None:
    cache = make_cache(max_bytes=160_000)  # 80,000 for pages: 19 of 2,000 bytes and what they cost
    for n in range(19):
        call(cache, f"/p/{n}")
    call(cache, "/p/0")
    call(cache, "/p/new")
    shop.renders.clear()
    for name in ("0", "2", "new", "1"):
        call(cache, f"/p/{name}")
    assert shop.renders == ["/p/1"]


# --- many at once ---------------------------------------------------------------------------------


class Gate:
    """An app whose rendering waits until the test lets it go on."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.began = threading.Semaphore(0)
        self.open = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        price = self.shop.price  # read before the wait, as a page reads its data
        self.began.release()
        assert self.open.wait(20)
        body = f"price={price};".encode()
        self.shop.renders.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "text/html"), *self.shop.headers])
        return [body]


def crowd(
    cache: PageCache, count: int, target: str = "/p/1"
) -> tuple[list[threading.Thread], list[Answer]]:
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(call(cache, target))) for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    return threads, answers


def waiting(cache: PageCache, count: int) -> bool:
    """Whether ``count`` threads wait for the flight of another."""
    flights = list(cache._flights._flights.values())
    found = sum(len(flight._done._cond._waiters) for flight in flights)  # type: ignore[attr-defined, misc]
    return bool(found == count)


def until(condition: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it never happened")


def test_stampede_renders_once(make_cache: Make, shop: Shop) -> None:
    gate = Gate(shop)
    cache = make_cache(gate)
    threads, answers = crowd(cache, 12)
    until(lambda: waiting(cache, 11))
    gate.open.set()
    for thread in threads:
        thread.join()
    assert len(shop.renders) == 1
    assert [answer.body for answer in answers] == [b"price=1;"] * 12


def test_waiter_who_came_after_a_change_does_not_get_the_page_from_before(
    make_cache: Make, shop: Shop, counters: Counters
) -> None:
    gate = Gate(shop)
    cache = make_cache(gate)
    first, early = crowd(cache, 1)
    assert gate.began.acquire(timeout=20)
    shop.price = 2
    counters.bump(["product:1"])
    second, late = crowd(cache, 3)
    until(lambda: waiting(cache, 3))
    gate.open.set()
    for thread in first + second:
        thread.join()
    assert [answer.body for answer in early] == [b"price=1;"]
    assert [answer.body for answer in late] == [b"price=2;"] * 3
    assert len(shop.renders) == 2


def test_nobody_waits_longer_than_the_limit(make_cache: Make, shop: Shop) -> None:
    gate = Gate(shop)
    cache = make_cache(gate, wait=0.05)
    threads, answers = crowd(cache, 2)
    for _ in range(2):
        assert gate.began.acquire(timeout=20)  # the second renders beside the first
    gate.open.set()
    for thread in threads:
        thread.join()
    assert len(answers) == 2


def test_private_pages_are_rendered_side_by_side(make_cache: Make, shop: Shop) -> None:
    """Only while a path is unknown does one visitor wait for another."""
    shop.headers = []
    gate = Gate(shop)
    cache = make_cache(gate)
    gate.open.set()
    call(cache, "/cart")
    gate.open.clear()
    gate.began = threading.Semaphore(0)
    threads, _ = crowd(cache, 4, "/cart")
    for _ in range(4):
        assert gate.began.acquire(timeout=20)
    gate.open.set()
    for thread in threads:
        thread.join()


def test_hit_costs_tens_of_microseconds(make_cache: Make, shop: Shop) -> None:
    shop.size = 20_000
    cache = make_cache()
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/p/1", "QUERY_STRING": "",
        "HTTP_HOST": "shop.example", "HTTP_COOKIE": "a=1", "HTTP_ACCEPT_ENCODING": "gzip, br",
        "wsgi.url_scheme": "http",
    }  # fmt: skip
    call(cache, "/p/1")
    shop.renders.clear()

    def hit() -> None:
        cache(environ, lambda status, headers, exc_info=None: print)

    best = min(timeit.repeat(hit, number=500, repeat=20)) / 500
    assert shop.renders == []
    assert best < 60e-6, f"{best * 1e6:.1f} µs"
