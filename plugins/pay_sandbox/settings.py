"""``[plugin.pay_sandbox]`` in `store.toml`."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storegen.sdk import Companion, Schema, ValidationError, fields, validate

MERCHANTS_VARIABLE = "STOREGEN_SANDBOX_MERCHANTS"
_IDENTIFIER = validate.Regexp(
    re.compile(r"[A-Za-z0-9_-]{4,64}\Z", re.ASCII), error="4 to 64 letters, digits, - or _."
)


def _http_address(value: str) -> None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValidationError("An http or https address without a query.")


class SandboxSettings(Schema):
    """Where the gateway is and who we are there."""

    gateway_url = fields.String(
        required=True,
        validate=_http_address,
        metadata={"help": "Address of the gateway's API, as this shop reaches it."},
    )
    public_url = fields.String(
        load_default="",
        validate=lambda value: _http_address(value) if value else None,
        metadata={"help": "Address of the pay page for customers; empty: the same."},
    )
    merchant_id = fields.String(required=True, validate=_IDENTIFIER)
    app_id = fields.String(required=True, validate=_IDENTIFIER)
    secret = fields.String(
        required=True,
        validate=validate.Length(min=32, max=256),
        metadata={"secret": True, "help": "The merchant's key; $env:NAME or $file:path."},
    )
    run_gateway = fields.Boolean(
        load_default=False,
        metadata={"help": "`storegen serve` runs the gateway too, at gateway_url."},
    )


def default_settings(seed: str) -> dict[str, Any]:
    """A demo's account, with keys and port derived from the unguessable ``seed``."""

    def derived(purpose: str) -> str:
        return hmac.new(seed.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    # A port of its own per shop, so that two demos can run at once.
    port = 18000 + int(derived("port")[:8], 16) % 2000
    return {
        "gateway_url": f"http://127.0.0.1:{port}",
        "merchant_id": f"m{derived('merchant')[:12]}",
        "app_id": f"a{derived('app')[:12]}",
        "secret": derived("secret"),
        "run_gateway": True,
    }


def gateway_command(settings: Mapping[str, Any], database: Path) -> list[str]:
    """The command that serves the gateway for these settings.

    The account goes into the environment (`gateway_environment`), not into the command line.
    """
    address = urlsplit(settings["gateway_url"])
    return [
        sys.executable,
        "-m",
        "storegen_plugins.pay_sandbox.gateway",
        "--host",
        address.hostname or "127.0.0.1",
        "--port",
        str(address.port or 80),
        "--db",
        str(database),
    ]


def gateway_environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """The gateway's merchants: this shop only."""
    account = {name: settings[name] for name in ("merchant_id", "app_id", "secret")}
    return {MERCHANTS_VARIABLE: json.dumps([account])}


def gateway_companion(settings: Mapping[str, Any], data_dir: Path) -> Companion:
    """The gateway as a program that `storegen serve` supervises."""
    return Companion(
        name="pay_sandbox gateway",
        command=tuple(gateway_command(settings, data_dir / "gateway.sqlite3")),
        environment=gateway_environment(settings),
        url=settings["gateway_url"],
    )
