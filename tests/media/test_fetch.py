"""Pictures from addresses: what is refused before a byte is sent, and what is cut off after."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.errors import PictureUnreachable
from storegen.media.addresses import is_public
from storegen.media.fetch import FetchRules, fetch_picture
from storegen.media.fetch_many import FetchPool

from .make import encoded, photograph

PNG = encoded(photograph(20, 20), "PNG")
LOOPBACK = (ipaddress.ip_network("127.0.0.1/32"),)


@dataclass
class Server:
    """Answers each path with what ``pages`` says; bytes are sent as they are, a callable talks."""

    port: int
    pages: dict[str, bytes | Callable[[socket.socket], None]]
    asked: list[str]

    def url(self, path: str = "/a.png", host: str = "pictures.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def rules(self, **changes: object) -> FetchRules:
        """This server may be reached, as if it were a public one."""
        rules = FetchRules(
            ports=frozenset({80, 443, self.port}),
            allowed=LOOPBACK,
            resolver=lambda host, port: ["127.0.0.1"],
            seconds=2,
        )
        return replace(rules, **changes)  # type: ignore[arg-type]


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str) -> bytes:
    return answer(b"", "302 Found", f"Location: {to}")


@pytest.fixture
def server() -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    found = Server(listener.getsockname()[1], {"/a.png": answer(PNG)}, [])
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(4096)
                if not chunk:
                    return
                head += chunk
            path = head.split()[1].decode()
            host = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"host:"))
            found.asked.append(f"{host.split()[1].decode()}{path}")
            page = found.pages.get(path, answer(b"", "404 Not Found"))
            if callable(page):
                page(connection)
            else:
                connection.sendall(page)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=serve, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    yield found
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    accepting.join(5)
    for thread in threads:
        thread.join(5)


def refused(url: str, rules: FetchRules | None = None) -> str:
    begun = time.monotonic()
    with pytest.raises(PictureUnreachable) as caught:
        fetch_picture(url, rules)
    assert time.monotonic() - begun < 4
    return caught.value.reason


def names(**known: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    def resolve(host: str, port: int) -> Sequence[str]:
        name = host.partition(".")[0]
        if name not in known:
            raise socket.gaierror("no such name")
        return known[name]

    return resolve


def test_a_picture_arrives_whole_and_the_host_is_named(server: Server) -> None:
    assert fetch_picture(server.url(), server.rules()) == PNG
    assert server.asked == [f"pictures.example:{server.port}/a.png"]


def test_spaces_in_an_address_are_written_as_they_must_be(server: Server) -> None:
    server.pages["/a%20b.png?x=1"] = answer(PNG)
    assert fetch_picture(f" {server.url('/a b.png?x=1')} ", server.rules()) == PNG


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "not-public"),
        ("http://127.0.0.1./", "not-public"),
        ("http://localhost/", "not-public"),
        ("http://[::1]/", "not-public"),
        ("http://[::]/", "not-public"),
        ("http://[::ffff:127.0.0.1]/", "not-public"),
        ("http://[::ffff:10.0.0.1]/", "not-public"),
        ("http://[64:ff9b::7f00:1]/", "not-public"),
        ("http://[2002:7f00:1::]/", "not-public"),
        ("http://[fe80::1]/", "not-public"),
        ("http://[fc00::1]/", "not-public"),
        ("http://[ff02::1]/", "not-public"),
        ("http://0.0.0.0/", "not-public"),
        ("http://0/", "not-public"),
        ("http://10.1.2.3/", "not-public"),
        ("http://172.16.0.1/", "not-public"),
        ("http://192.168.1.1/", "not-public"),
        ("http://100.64.0.1/", "not-public"),
        ("http://169.254.169.254/latest/meta-data/", "not-public"),
        ("http://224.0.0.1/", "not-public"),
        ("http://240.0.0.1/", "not-public"),
        ("http://255.255.255.255/", "not-public"),
        ("http://0x7f.1/", "not-public"),
        ("http://0x7f000001/", "not-public"),
        ("http://2130706433/", "not-public"),
        ("http://127.1/", "not-public"),
        ("http://127.0.0.1.5/", "not-public"),
        ("http://127。0。0。1/", "not-public"),
        ("http://0177.0.0.1/", "address"),
        ("http://１２７.0.0.1/", "address"),
        ("file:///etc/passwd", "address"),
        ("gopher://example.com/", "address"),
        ("ftp://example.com/a.png", "address"),
        ("data:image/png;base64,AAAA", "address"),
        ("//example.com/a.png", "address"),
        ("a.png", "address"),
        ("", "address"),
        ("http://", "address"),
        ("http:///a.png", "address"),
        ("http://example.com\\@127.0.0.1/", "address"),
        ("http://example.com/\r\nHost: x", "address"),
        ("http://example.com/" + "a" * 4000, "address"),
        ("http://user:secret@example.com/a.png", "credentials"),
        ("http://127.0.0.1@example.com/", "credentials"),
        ("http://example.com:22/", "port"),
        ("http://example.com:8080/", "port"),
        ("http://127.0.0.1:6379/", "port"),
        ("https://no-such-host.invalid/", "name"),
    ],
)
def test_an_address_inside_or_odd_is_refused(url: str, reason: str) -> None:
    assert refused(url) == reason


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2001:0:0:0::1", False),
        ("fec0::1", False),
        ("fe80::1%eth0", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("not an address", False),
    ],
)
def test_public_is_what_everybody_can_reach(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_means_an_inside_address_is_refused(server: Server) -> None:
    for inside in (["127.0.0.1"], ["::1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"]):
        rules = server.rules(allowed=(), resolver=names(pictures=inside))
        assert refused(server.url(), rules) == "not-public"
    assert refused(server.url(), server.rules(resolver=names(pictures=[]))) == "name"
    assert refused(server.url(), server.rules(resolver=names(pictures=["x"]))) == "not-public"
    assert server.asked == []


def test_the_name_is_resolved_once_and_that_answer_is_used(server: Server) -> None:
    """Rebinding: the second answer would lead elsewhere, so there must be no second question."""
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]]
    rules = server.rules(resolver=lambda host, port: answers.pop(0))
    assert fetch_picture(server.url(), rules) == PNG
    assert len(answers) == 2


def test_each_redirect_is_judged_anew(server: Server) -> None:
    resolver = names(pictures=["127.0.0.1"], inside=["127.0.0.2"], other=["127.0.0.1"])
    rules = server.rules(resolver=resolver)
    for target, reason in [
        (server.url(host="inside.example"), "not-public"),
        ("http://169.254.169.254/latest", "name"),
        ("http://0x7f.1/", "not-public"),
        ("file:///etc/passwd", "address"),
        ("http://u:p@other.example/", "credentials"),
        ("http://other.example:22/", "port"),
        ("http://other.example/\\\\x", "address"),
    ]:
        server.pages["/go"] = redirect(target)
        assert refused(server.url("/go"), rules) == reason, target

    def literal(host: str, port: int) -> Sequence[str]:
        return [host] if host[0].isdigit() else resolver(host, port)

    server.pages["/go"] = redirect("//127.0.0.2/a.png")
    assert refused(server.url("/go"), replace(rules, resolver=literal)) == "not-public"


def test_redirects_are_followed_three_times(server: Server) -> None:
    server.pages |= {
        "/1": redirect("/2"),
        "/2": redirect(server.url("/3", "other.example")),
        "/3": redirect("a.png"),
        "/0": redirect("/1"),
        "/loop": redirect("/loop"),
    }
    assert fetch_picture(server.url("/1"), server.rules()) == PNG
    assert server.asked[2].startswith("other.example")
    assert refused(server.url("/0"), server.rules()) == "redirects"
    server.asked.clear()
    assert refused(server.url("/loop"), server.rules()) == "redirects"
    assert len(server.asked) == 4


def test_what_is_no_picture_is_not_believed_to_be_one(server: Server) -> None:
    server.pages |= {
        "/page": answer(b"<html></html>", "200 OK", "Content-Type: image/png"),
        "/text": answer(PNG, "200 OK", "Content-Type: text/html"),
        "/gone": answer(PNG, "404 Not Found"),
        "/down": answer(PNG, "503 Service Unavailable"),
        "/junk": b"SSH-2.0-OpenSSH_9\r\n",
        "/short": answer(PNG).replace(b"Content-Length: ", b"Content-Length: 9"),
        "/close": b"",
    }
    expected = {"/page": "not-a-picture", "/gone": "status", "/down": "status"}
    expected |= {"/junk": "network", "/short": "network", "/close": "network"}
    for path, reason in expected.items():
        assert refused(server.url(path), server.rules()) == reason, path
    assert fetch_picture(server.url("/text"), server.rules()) == PNG


def test_more_than_the_limit_is_not_read(server: Server) -> None:
    sent = 0

    def endless(connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n\x89PNG\r\n\x1a\n")
        while True:
            sent += connection.send(bytes(65_536))

    server.pages["/endless"] = endless
    server.pages["/honest"] = answer(PNG).replace(b"Content-Length: ", b"Content-Length: 99999")
    rules = server.rules(max_bytes=200_000)
    assert refused(server.url("/endless"), rules) == "too-many-bytes"
    assert sent < 20_000_000
    assert refused(server.url("/honest"), rules) == "too-many-bytes"


@pytest.mark.parametrize("stage", ["head", "body", "silence", "name"])
def test_drops_of_bytes_do_not_outlast_the_deadline(server: Server, stage: str) -> None:
    def drip(connection: socket.socket) -> None:
        if stage == "body":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        elif stage == "head":
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(30):
            time.sleep(0.05)
            if stage != "silence":
                connection.sendall(b"a")

    server.pages["/drip"] = drip
    rules = server.rules(seconds=0.5)
    if stage == "name":

        def hang(host: str, port: int) -> Sequence[str]:
            time.sleep(3)
            return []

        rules = replace(rules, resolver=hang)
    begun = time.monotonic()
    assert refused(server.url("/drip"), rules) == "timeout"
    assert time.monotonic() - begun < 1.5


def test_a_proxy_of_the_environment_is_not_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.port}")
    assert refused("http://10.0.0.1/") == "not-public"
    assert server.asked == []


@given(
    url=st.one_of(
        st.text(max_size=60),
        st.text(max_size=40).map("http://".__add__),
        st.text("0123456789abcfx.:[]@/%#?&\\ \t。１", max_size=30).map("https://".__add__),
    )
)
def test_whatever_is_written_there_the_answer_is_a_typed_refusal(url: str) -> None:
    with pytest.raises(PictureUnreachable):
        fetch_picture(url, FetchRules(resolver=names()))


def test_a_password_does_not_reach_the_report() -> None:
    with pytest.raises(PictureUnreachable) as caught:
        fetch_picture("http://user:secret@example.com/a.png")
    assert caught.value.data() == {"url": "http://example.com/a.png", "reason": "credentials"}


def test_many_arrive_in_order_several_at_once(server: Server) -> None:
    together, most, lock = 0, 0, threading.Lock()

    def slow(connection: socket.socket) -> None:
        nonlocal together, most
        with lock:
            together += 1
            most = max(most, together)
        time.sleep(0.1)
        with lock:
            together -= 1
        connection.sendall(answer(PNG))

    paths = [f"/{i}" for i in range(16)]
    server.pages |= dict.fromkeys(paths, slow)
    server.pages["/5"] = answer(b"", "404 Not Found")
    with FetchPool(server.rules(), threads=8) as pool:
        found = list(pool.map(server.url(path) for path in paths))
    assert [each.url for each in found] == [server.url(path) for path in paths]
    assert [i for i, each in enumerate(found) if each.failure] == [5]
    assert all(each.data == PNG for each in found if not each.failure)
    assert 4 <= most <= 8


def test_a_dead_host_is_asked_a_few_times_only_and_others_still_are(server: Server) -> None:
    asked: list[str] = []

    def resolver(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        if host == "dead.example":
            time.sleep(0.2)
            raise socket.gaierror("no such name")
        return ["127.0.0.1"]

    urls = [server.url(host="dead.example")] * 60 + [server.url()] * 2
    begun = time.monotonic()
    with FetchPool(server.rules(resolver=resolver), threads=4) as pool:
        found = list(pool.map(urls))
    assert time.monotonic() - begun < 2
    reasons = [each.failure.reason if each.failure else "" for each in found]
    assert set(reasons[:60]) == {"name", "host-skipped"}
    assert reasons[60:] == ["", ""]
    assert asked.count("dead.example") <= 3 + 4


def test_a_missing_picture_says_nothing_about_its_host(server: Server) -> None:
    with FetchPool(server.rules(), threads=1) as pool:
        found = list(pool.map([*[server.url("/gone")] * 6, server.url()]))
    assert found[-1].data == PNG


def test_the_budget_ends_them_all(server: Server) -> None:
    server.pages["/slow"] = lambda connection: time.sleep(1)
    urls = [server.url("/slow", f"host{i}.example") for i in range(30)]
    begun = time.monotonic()
    with FetchPool(server.rules(), threads=2, budget=0.6) as pool:
        found = list(pool.map(urls))
    assert time.monotonic() - begun < 2
    assert {each.failure.reason for each in found if each.failure} == {"timeout", "budget"}
    assert len(found) == 30
