"""Signed calls to the gateway's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import httpx
from storegen_plugins.pay_sandbox.signing import NONCE, BadSignature, signed_headers, verify

from storegen.sdk import Clock, ProviderDown

CODE = "sandbox"


class GatewayClient:
    """One merchant's line to the gateway. Safe to share between threads."""

    def __init__(
        self,
        *,
        url: str,
        merchant_id: str,
        secret: str,
        http: Callable[[str], httpx.Client],
        clock: Clock,
    ) -> None:
        self.merchant_id = merchant_id
        self.secret = secret
        self._url = url
        self._open = http
        self._clock = clock

    @cached_property
    def _http(self) -> httpx.Client:
        # Opened at the first call, not at boot: reading certificates takes longer than booting.
        return self._open(self._url)

    def now(self) -> float:
        """Unix seconds."""
        return self._clock().timestamp()

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status (below 500, never 401) and JSON object of a signed answer.

        Raises `ProviderDown` for everything that leaves the outcome unknown: no connection, no
        answer in time, a server's error, an answer that is not signed or makes no sense.
        """
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        request = self._http.build_request(
            method, path, content=content, headers={"content-type": "application/json"}
        )
        target = request.url.raw_path.decode("ascii")
        headers = signed_headers(
            self.secret, self.merchant_id, method, target, content, now=self.now()
        )
        request.headers.update(headers)
        try:
            response = self._http.send(request)
        except httpx.HTTPError as error:
            raise ProviderDown(CODE, f"{type(error).__name__}: {error}") from error
        if response.status_code >= 500 or response.status_code == 401:
            raise ProviderDown(CODE, f"HTTP {response.status_code}")
        try:
            nonce = verify(
                self.secret,
                self.merchant_id,
                f"RESPONSE {response.status_code}",
                target,
                response.headers,
                response.content,
                now=self.now(),
            )
            answer = json.loads(response.content)
        except (BadSignature, ValueError) as error:
            raise ProviderDown(CODE, f"answer cannot be trusted: {error}") from error
        if nonce != headers[NONCE] or not isinstance(answer, dict):
            raise ProviderDown(CODE, "answer belongs to another request or is no object")
        return response.status_code, answer
