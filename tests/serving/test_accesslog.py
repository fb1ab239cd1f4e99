from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from storegen.serving.accesslog import AccessLog, Record, json_line, masked, text_line
from storegen.serving.logwriter import LogWriter
from tests.publish.client import call

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Log:
    """What `AccessLog` needs of a writer, held in a list."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.put = self.records.append

    def around(self, app: WSGIApplication) -> AccessLog:
        return AccessLog(app, self)  # type: ignore[arg-type]

    @property
    def only(self) -> Record:
        (record,) = self.records
        return record


@pytest.fixture
def log() -> Log:
    return Log()


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("201 Created", [("Content-Type", "text/plain")])
    return [environ["storegen.request_id"].encode()]


def test_request_gets_an_id_that_app_answer_and_log_share(log: Log) -> None:
    answer = call(log.around(hello), "/")
    assert re.fullmatch("[0-9a-f]{16}", answer.body.decode())
    assert answer.headers["x-request-id"] == answer.body.decode() == log.only.request_id
    assert (log.only.status, log.only.size) == ("201", 16)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0123-abcd.EF_9", True),
        ("short", False),
        ("a" * 65, False),
        ("has space in it", False),
        ('quote"quote"', False),
        ("line\nbreak-in-id", False),
        ("中文中文中文中文", False),
        ("trailing-newline\n", False),
    ],
)
def test_id_from_outside_is_taken_if_it_is_sane(log: Log, given: str, kept: bool) -> None:
    answer = call(log.around(hello), "/", HTTP_X_REQUEST_ID=given)
    assert (answer.headers["x-request-id"] == given) == kept


def test_failing_app_is_logged(log: Log) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        call(log.around(app), "/")
    assert log.only.status == "500"


def test_streamed_body_is_counted_and_closed_once(log: Log) -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"one", b"three")

        def close(self) -> None:
            closed.append(1)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return Body()

    call(log.around(app), "/")
    assert (log.only.size, closed) == (8, [1])


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/o/7GQ2M4ABCDEFGH", "/o/***"),
        ("/en/o/7GQ2M4ABCDEFGH/pay", "/en/o/***/pay"),
        ("/admin/sign-in/abcDEF", "/admin/sign-in/***"),
        ("/admin/enter/ojcYJnahUf7Sanocyc-h9fNj_jrPwKadDkj", "/admin/enter/***"),
        ("/en/admin/enter/-_a", "/en/admin/enter/***"),
        ("/api/v1/orders/abc123", "/api/v1/orders/***"),
        ("/new/place/a1b2c3d4e5f6g7h8i9j0k1l2m3", "/new/place/***"),
        ("/products/organic-cotton-t-shirt-2026-edition", None),
        ("/products/a-very-long-name-without-any-number", None),
        ("/assets/0123456789abcdef0123456789abcdef/shop.css", None),
        ("/media/0123456789abcdef0123456789abcdef/800.webp", None),
        ("/", None),
    ],
)
def test_tokens_in_paths_are_masked(path: str, shown: str | None) -> None:
    assert masked(path) == (shown or path)


def record(**changes: Any) -> Record:
    plain = Record(
        at=1_790_000_000.5, took=0.00123, client="192.0.2.1", method="GET", path="/p/1",
        protocol="HTTP/1.1", status="200", size=20_000, referer="", agent="", host="shop.example",
        request_id="0123456789abcdef", cache="hit",
    )  # fmt: skip
    return plain._replace(**changes)


def test_text_line_is_combined_format_with_more_behind() -> None:
    assert text_line(record(referer="https://a.example/x?code=1", agent="Mozilla")) == (
        '192.0.2.1 - - [21/Sep/2026:14:13:20 +0000] "GET /p/1 HTTP/1.1" 200 20000'
        ' "https://a.example/x" "Mozilla" 1.23ms hit 0123456789abcdef'
    )


def test_json_line_is_one_object() -> None:
    assert json.loads(json_line(record())) == {
        "time": "2026-09-21T14:13:20.500+00:00", "request_id": "0123456789abcdef",
        "client": "192.0.2.1", "host": "shop.example", "method": "GET", "path": "/p/1",
        "status": 200, "bytes": 20000, "ms": 1.23, "cache": "hit", "referer": "", "agent": "",
    }  # fmt: skip


@pytest.mark.parametrize("line", [text_line, json_line])
@pytest.mark.parametrize("field", ["path", "referer", "agent", "host"])
def test_nobody_can_forge_a_line(line: Callable[[Record], str], field: str) -> None:
    evil = 'x" 200 0\n1.2.3.4 - - [fake] "GET /admin\r\x1b[2J\x85\u2028'
    written = line(record(**{field: evil.encode().decode("latin-1")}))
    assert "\n" not in written
    assert "\x1b" not in written
    assert '" 200 0' not in written.replace('\\" 200 0', "")


@pytest.mark.parametrize("line", [text_line, json_line])
def test_secrets_of_referers_stay_out(line: Callable[[Record], str]) -> None:
    written = line(record(referer="https://me:PASSWORD@shop.example/o/SECRET?token=TOKEN#T2"))
    assert not {"PASSWORD", "SECRET", "TOKEN", "T2"} & set(re.findall(r"\w+", written))
    assert "shop.example/o/***" in written


def test_chinese_path_is_readable() -> None:
    raw = "/茶".encode().decode("latin-1")
    assert "/茶" in text_line(record(path=raw))
    assert "/茶" in json_line(record(path=raw))


# --- the writer ------------------------------------------------------------------------------


def test_lines_come_by_themselves_in_order(tmp_path: Path) -> None:
    writer = LogWriter[int](tmp_path / "logs" / "a.log", str, interval=0.01)
    for n in range(5000):
        writer.put(n)
    writer.close()
    assert (tmp_path / "logs" / "a.log").read_text().split() == [str(n) for n in range(5000)]


def test_idle_writer_still_flushes(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    seen = threading.Event()
    writer = LogWriter[str](path, lambda text: seen.set() or text, interval=0.01)  # type: ignore[func-returns-value]
    writer.put("hello")
    assert seen.wait(20)
    writer.close()
    assert path.read_text() == "hello\n"


def test_rotated_file_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    writer = LogWriter[str](path, str, interval=60)
    writer.put("old")
    writer.flush()
    path.rename(tmp_path / "a.log.1")
    writer.put("new")
    writer.close()
    assert (tmp_path / "a.log.1").read_text() == "old\n"
    assert path.read_text() == "new\n"


def test_processes_do_not_tear_each_others_lines(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from storegen.serving.logwriter import LogWriter\n"
        "w = LogWriter(Path(sys.argv[1]), str, interval=0.001)\n"
        "for n in range(20000): w.put(sys.argv[2] * 50)\n"
    )
    path = tmp_path / "a.log"
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), c]) for c in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    lines = path.read_text().splitlines()
    assert len(lines) == 40_000  # written at exit, though nobody closed the writers
    assert set(lines) == {"a" * 50, "b" * 50}


def test_log_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        LogWriter[str](tmp_path / "file" / "a.log", str)


def test_full_disk_loses_lines_but_no_request(tmp_path: Path) -> None:
    writer = LogWriter[str](Path("/dev/full"), str, interval=60)
    writer.put("lost")
    writer.flush()
    writer.close()
