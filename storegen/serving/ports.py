"""Making sure that nobody else answers on the shop's port.

granian's workers share their port (SO_REUSEPORT), so a second server of the same kind would start
without a word and both would answer. The check must therefore come first, and must hold on.
"""

from __future__ import annotations

import errno
import socket
import sys

from storegen.errors import SetupError


class PortTaken(SetupError):
    """Somebody else answers on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is taken.", "Choose another with --port or stop what uses it."
        )
        self.port = port


def claim(host: str, port: int) -> socket.socket:
    """Claim ``host``:``port``; hold the socket for as long as the server runs, then close it.

    Raises `PortTaken`, or a `SetupError` when this machine or user cannot have the address.
    """
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, OverflowError):
        raise SetupError(
            f"{host} port {port} is no address.", "Give another with --host and --port."
        ) from None
    guard = socket.socket(family, kind, proto)
    try:
        # Connections of a server that has just stopped linger on the port; they do not count.
        guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        guard.bind(address)
        if sys.platform == "linux":
            # From here on only sockets that share may join: granian's do, another claim does not.
            guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
            guard.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        else:
            guard.close()
    except OSError as error:
        guard.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(port) from None
        if error.errno in (errno.EACCES, errno.EPERM):
            raise SetupError(
                f"This user may not listen on port {port}.", "Choose one from 1024 up with --port."
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise SetupError(
                f"This machine does not have the address {host}.",
                "Give one that it has with --host.",
            ) from None
        raise
    return guard
