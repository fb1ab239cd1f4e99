"""Real servers on real ports: one price, stops that lose nothing, and nobody left behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storegen.errors import SetupError
from storegen.serving.ports import PortTaken, claim
from tests.serving.conftest import Served, children, eventually, free_port, runs
from tests.serving.shop import set_price

Start = Callable[..., Served]


def connections(served: Served, count: int) -> list[http.client.HTTPConnection]:
    return [http.client.HTTPConnection("127.0.0.1", served.port, timeout=30) for _ in range(count)]


def ask(
    connection: http.client.HTTPConnection, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, str]:
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    return response, response.read().decode()


def reached_all_workers(served: Served) -> list[http.client.HTTPConnection]:
    """Kept-alive connections of which each worker holds at least one, three of each."""
    held: dict[str, list[http.client.HTTPConnection]] = {}

    def enough() -> bool:
        (connection,) = connections(served, 1)
        held.setdefault(ask(connection, "/pid")[1], []).append(connection)
        return len(held) == 2 and all(len(of) >= 3 for of in held.values())

    eventually(enough)
    return [connection for of in held.values() for connection in of]


def prices_seen_after_change(served: Served, store_dir: Path, *, bump: bool) -> list[list[str]]:
    """Change the price ten times from this process; what both workers then show."""
    everybody = reached_all_workers(served)
    seen = []
    for price in range(100, 110):
        set_price(store_dir, price, bump=bump)
        seen.append([ask(each, "/p/1")[1].split(";")[0] for each in everybody])
    for each in everybody:
        each.close()
    return seen


def test_no_later_response_shows_the_old_price(start: Start, tmp_path: Path) -> None:
    set_price(tmp_path, 1)
    served = start().wait_ready()

    seen = prices_seen_after_change(served, tmp_path, bump=True)

    assert seen == [[f"price={price}"] * len(seen[0]) for price in range(100, 110)]
    log = tmp_path / "access.log"
    eventually(lambda: " hit " in log.read_text())  # and yet the cache was at work


def test_without_the_bump_an_old_price_is_shown(start: Start, tmp_path: Path) -> None:
    """The negative control: only the counters make the test above pass."""
    set_price(tmp_path, 1)
    served = start().wait_ready()

    seen = prices_seen_after_change(served, tmp_path, bump=False)

    assert any(
        f"price={price}" not in shown for price, shown in zip(range(100, 110), seen, strict=True)
    )


def test_price_under_load_never_goes_back(start: Start, tmp_path: Path) -> None:
    """Readers on both workers while another process changes the price: each response that began
    after a change shows that change or a later one."""
    set_price(tmp_path, 0)
    served = start().wait_ready()
    committed = [0]
    wrong: list[tuple[int, str]] = []
    stop = threading.Event()

    def read(connection: http.client.HTTPConnection) -> None:
        while not stop.is_set():
            least = committed[0]
            body = ask(connection, "/p/1")[1]
            if int(body.split(";")[0].removeprefix("price=")) < least:
                wrong.append((least, body[:20]))

    everybody = reached_all_workers(served)
    readers = [threading.Thread(target=read, args=(each,)) for each in everybody]
    for reader in readers:
        reader.start()
    for price in range(1, 60):
        set_price(tmp_path, price)
        committed[0] = price
    stop.set()
    for reader in readers:
        reader.join()
    for each in everybody:
        each.close()
    assert wrong == []


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_stop_finishes_a_slow_request(start: Start, tmp_path: Path, with_signal: int) -> None:
    served = start().wait_ready()
    idle, slow = connections(served, 2)
    ask(idle, "/")  # an idle connection must not hold up the stop
    family = children(served.process.pid)
    answers: list[tuple[int, str]] = []

    def request() -> None:
        response, body = ask(slow, "/slow")
        answers.append((response.status, body))

    asking = threading.Thread(target=request)
    asking.start()
    eventually((tmp_path / "slow-began").exists)
    served.process.send_signal(with_signal)
    eventually(lambda: refuses(served.port))
    (tmp_path / "slow-may-end").touch()
    asking.join(20)

    code, errors = served.end(with_signal)
    idle.close()
    slow.close()
    assert answers == [(200, "finished")]
    assert (code, errors) == (0, "")
    # Python's own resource tracker ends by itself a moment after the last of us.
    eventually(lambda: not [pid for pid in family if runs(pid)])
    assert "/slow" in (tmp_path / "access.log").read_text()  # the last lines are not lost


def refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_second_server_on_the_port_is_refused(start: Start) -> None:
    first = start().wait_ready()
    second = start(port=first.port)
    code, errors = second.end(0)
    assert code == 2
    assert errors == (
        f"Port {first.port} is taken. Choose another with --port or stop what uses it.\n"
    )
    assert first.process.poll() is None


def test_port_held_by_something_else_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken):
        claim("127.0.0.1", other.getsockname()[1])


def test_port_shared_by_another_kind_of_server_is_refused() -> None:
    with (
        socket.create_server(("127.0.0.1", 0), reuse_port=True) as other,
        pytest.raises(PortTaken),
    ):
        claim("127.0.0.1", other.getsockname()[1])


def test_port_is_ours_from_the_claim_on_but_can_be_shared_with_our_workers() -> None:
    port = free_port()
    with claim("127.0.0.1", port):
        with pytest.raises(PortTaken):
            claim("127.0.0.1", port)
        socket.create_server(("127.0.0.1", port), reuse_port=True).close()
    claim("127.0.0.1", port).close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "192.0.2.7"])
def test_address_that_is_not_here_is_refused_in_one_sentence(host: str) -> None:
    with pytest.raises(SetupError, match="--host"):
        claim(host, 8000)


def test_app_that_refuses_to_start_is_one_sentence(start: Start) -> None:
    served = start(factory="tests.serving.shop:refusing_site")
    code, errors = served.end(0)
    assert code == 2
    assert errors.splitlines()[-1] == "The cupboard is bare. Fill it."
    assert "Traceback" not in errors


JOB = """
import os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
def stop(*_):
    (folder / "job-stopped").touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
(folder / f"job-{os.getpid()}").touch()
while True:
    time.sleep(60)
"""


def job_pids(store_dir: Path) -> list[int]:
    return [int(p.name[4:]) for p in store_dir.glob("job-*") if p.name[4:].isdigit()]


def test_job_worker_is_started_again_and_stopped_in_the_end(start: Start, tmp_path: Path) -> None:
    served = start(jobs=[sys.executable, "-c", JOB, str(tmp_path)]).wait_ready()
    eventually(lambda: job_pids(tmp_path))
    (first,) = job_pids(tmp_path)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: len(job_pids(tmp_path)) == 2)
    (second,) = set(job_pids(tmp_path)) - {first}

    code, errors = served.end()

    assert code == 0
    assert "ended with -9; again in 0.5 seconds" in errors
    assert (tmp_path / "job-stopped").exists()
    assert not runs(second)


def test_killed_server_leaves_nobody_behind(start: Start, tmp_path: Path) -> None:
    served = start(jobs=[sys.executable, "-c", JOB, str(tmp_path)]).wait_ready()
    eventually(lambda: job_pids(tmp_path))
    family = children(served.process.pid)
    assert len(family) >= 3  # two web workers and the job worker

    served.end(signal.SIGKILL)

    eventually(lambda: not [pid for pid in family if runs(pid)])
    assert (tmp_path / "job-stopped").exists()
    assert refuses(served.port)


def test_web_worker_that_dies_is_replaced(start: Start) -> None:
    served = start(workers=1).wait_ready()
    (one,) = connections(served, 1)
    before = ask(one, "/pid")[1]
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        ask(one, "/die")
    one.close()

    def replaced() -> bool:
        (again,) = connections(served, 1)
        try:
            return ask(again, "/pid")[1] != before
        except OSError:
            return False
        finally:
            again.close()

    eventually(replaced)
    assert served.end()[0] == 0


def test_hundreds_of_idle_connections_do_not_block_others(start: Start) -> None:
    served = start(workers=1).wait_ready()
    idle = connections(served, 200)
    for each in idle:
        ask(each, "/healthz")
    (late,) = connections(served, 1)
    assert ask(late, "/healthz")[1] == "ok"
    for each in (*idle, late):
        each.close()


def test_answers_carry_the_id_that_the_log_has(start: Start, tmp_path: Path) -> None:
    served = start(log_format="json").wait_ready()
    (one,) = connections(served, 1)
    response, _ = ask(one, "/o/SECRETSECRET?token=TOKEN", **{"X-Request-Id": "from-the-proxy-1"})
    assert response.getheader("X-Request-Id") == "from-the-proxy-1"
    one.close()
    log = tmp_path / "access.log"
    eventually(lambda: "from-the-proxy-1" in log.read_text())
    (line,) = map(json.loads, log.read_text().splitlines())
    assert (line["path"], line["status"], line["client"]) == ("/o/***", 200, "127.0.0.1")
    assert "SECRET" not in log.read_text()
    assert "TOKEN" not in log.read_text()
