"""Load on one URL over kept-alive connections: `wrk` where it is installed, else our own loop.

Our own is one thread around a selector, some 10 µs a request, so that on two cores it can load one
worker fully; it reads each response to its end and counts only complete 200s.
"""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What one round measured: requests per second, and latency in milliseconds."""

    per_second: float
    p99: float


def load(port: int, path: str, *, connections: int, seconds: float, encoding: str) -> Load:
    """Ask 127.0.0.1:``port`` for ``path`` as fast as it answers."""
    if shutil.which("wrk"):
        return _wrk(port, path, connections, seconds, encoding)
    return _own(port, path, connections, seconds, encoding)


def request(port: int, path: str, encoding: str) -> bytes:
    """One request as a browser on a visit would send it; the cookie is somebody's session."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {encoding}\r\n"
        "User-Agent: bench\r\nAccept: text/html\r\nCookie: session=0123456789abcdef\r\n\r\n"
    ).encode()


class _Connection:
    __slots__ = ("began", "socket", "wanted")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.wanted = 0  # bytes of the response under way that are still to come
        self.began = 0.0


def _own(port: int, path: str, count: int, seconds: float, encoding: str) -> Load:
    text = request(port, path, encoding)
    took: list[float] = []
    buffer = bytearray(2**20)
    view = memoryview(buffer)
    connections = [_Connection(port) for _ in range(count)]
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.began = time.perf_counter()
            connection.socket.sendall(text)
        start = now = time.perf_counter()
        until = start + seconds
        while now < until:
            for key, _ in selector.select(timeout=5):
                connection = key.data
                read = connection.socket.recv_into(buffer)
                if connection.wanted == 0:
                    connection.wanted = _size(bytes(view[: min(read, 4096)]))
                connection.wanted -= read
                if connection.wanted > 0:
                    continue
                if connection.wanted < 0:
                    raise RuntimeError("the server sent more than it announced")
                now = time.perf_counter()
                took.append(now - connection.began)
                connection.began = now
                connection.socket.sendall(text)
            else:
                now = time.perf_counter()
    for connection in connections:
        connection.socket.close()
    if len(took) < 2:
        raise RuntimeError(f"{path} was answered {len(took)} times in {seconds} s")
    return Load(len(took) / (now - start), statistics.quantiles(took, n=100)[98] * 1000)


def _size(head: bytes) -> int:
    """Bytes of the whole response that begins with ``head``."""
    end = head.find(b"\r\n\r\n") + 4
    length = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or end < 4 or length is None:
        raise RuntimeError(f"not a page of known length: {head[:200]!r}")
    return end + int(length[1])


def _wrk(port: int, path: str, count: int, seconds: float, encoding: str) -> Load:
    _, *headers = request(port, path, encoding).decode().strip().split("\r\n")
    command = ["wrk", "-t1", f"-c{count}", f"-d{max(1, round(seconds))}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    answer = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, text=True
    ).stdout
    if "Non-2xx" in answer:
        raise RuntimeError(answer)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", answer)
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)", answer)
    if rate is None or tail is None:
        raise RuntimeError(answer)
    return Load(float(rate[1]), float(tail[1]) * {"us": 0.001, "ms": 1, "s": 1000}[tail[2]])
