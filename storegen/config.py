"""``store.toml``: what a host decides about a store. What an owner decides is in the database."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from marshmallow import Schema, ValidationError, fields, validate

from storegen.errors import BrokenConfig, NotAStore
from storegen.values.money import CURRENCIES

FILE = "store.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailConfig:
    """An SMTP server to hand e-mail to; ``tls``: starttls, tls (from the first byte), none."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreConfig:
    """The checked content of ``store.toml``, secrets resolved.

    ``mode``: ``live``, or ``demo`` (shows a mailbox page and opens without legal texts).
    ``base_url`` is the public address without a trailing slash, "" until one is known.
    """

    name: str
    database: str
    secret: str
    theme: str
    locale: str
    locales: tuple[str, ...]
    currency: str
    country: str
    timezone: str
    plugins: tuple[str, ...]
    # Raw: the plugin host resolves secrets and checks them with each plugin's schema.
    plugin_settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    base_url: str = ""
    hosts: tuple[str, ...] = ()
    mode: str = "live"
    trusted_proxies: int = 0
    new_guests: int = 600
    """How many sessions and carts one network may begin in ten minutes, as guests."""
    mail: MailConfig | None = None


class _Server(Schema):
    base_url = fields.Url(load_default="", require_tld=False, schemes={"http", "https"})
    hosts = fields.List(fields.String(), load_default=list)
    mode = fields.String(validate=validate.OneOf(["live", "demo"]), load_default="live")
    trusted_proxies = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(min=0, max=9)
    )
    new_guests = fields.Integer(
        load_default=600, strict=True, validate=validate.Range(min=1, max=1_000_000)
    )


class _Store(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1, max=200))
    database = fields.String(load_default="sqlite:///shop.db")
    secret = fields.String(required=True, validate=validate.Length(min=16))
    theme = fields.String(load_default="grove")
    locale = fields.String(required=True)
    locales = fields.List(fields.String(), load_default=list)
    currency = fields.String(
        required=True,
        validate=validate.OneOf(CURRENCIES, error="{input} is no currency, as CNY is."),
    )
    country = fields.String(required=True, validate=validate.Length(equal=2))
    timezone = fields.String(load_default="Asia/Shanghai")
    plugins = fields.List(fields.String(), load_default=list)


class _Mail(Schema):
    host = fields.String(required=True, validate=validate.Length(min=1))
    port = fields.Integer(
        load_default=None, strict=True, validate=validate.Range(min=1, max=65535), allow_none=True
    )
    sender = fields.Email(required=True, data_key="from")
    user = fields.String(load_default="")
    password = fields.String(load_default="")
    tls = fields.String(
        load_default="starttls", validate=validate.OneOf(["starttls", "tls", "none"])
    )


_MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class _File(Schema):
    store = fields.Nested(_Store, required=True)
    server = fields.Nested(_Server, load_default=lambda: _Server().load({}))
    mail = fields.Nested(_Mail, load_default=None)
    plugin = fields.Dict(keys=fields.String(), values=fields.Dict(), load_default=dict)


def read_config(root: Path) -> StoreConfig:
    """Read and check ``store.toml``; `NotAStore` or `BrokenConfig` name the line or key."""
    path = root / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotAStore(root) from None
    except IsADirectoryError:
        raise BrokenConfig(path, "it is a folder") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BrokenConfig(path, str(error)) from None
    try:
        data = _File().load(raw)
    except ValidationError as error:
        key, reason = _first_problem(cast(dict[str, Any], error.messages))
        if reason == _UNKNOWN:
            reason = _nearest(key)
        raise BrokenConfig(path, f"'{key}': {reason}") from None
    store, server = data["store"], data["server"]
    locales = list(dict.fromkeys([store["locale"], *store["locales"]]))
    return StoreConfig(
        name=store["name"],
        database=resolve_secret(store["database"], root, path),
        secret=resolve_secret(store["secret"], root, path),
        theme=store["theme"],
        locale=store["locale"],
        locales=tuple(locales),
        currency=store["currency"],
        country=store["country"],
        timezone=store["timezone"],
        plugins=tuple(store["plugins"]),
        plugin_settings=data["plugin"],
        base_url=server["base_url"].rstrip("/"),
        hosts=tuple(server["hosts"]),
        mode=server["mode"],
        trusted_proxies=server["trusted_proxies"],
        new_guests=server["new_guests"],
        mail=_mail(data["mail"], root, path),
    )


def _mail(given: dict[str, Any] | None, root: Path, path: Path) -> MailConfig | None:
    if given is None:
        return None
    return MailConfig(
        host=given["host"],
        port=given["port"] or _MAIL_PORTS[given["tls"]],
        sender=given["sender"],
        user=given["user"],
        password=resolve_secret(given["password"], root, path),
        tls=given["tls"],
    )


def resolve_secret(value: str, root: Path, path: Path) -> str:
    """``$env:NAME`` and ``$file:PATH`` (relative to the store) stand for what they name."""
    if value.startswith("$env:"):
        name = value[5:]
        if name not in os.environ:
            raise BrokenConfig(path, f"the environment variable {name} is not set")
        return os.environ[name]
    if value.startswith("$file:"):
        try:
            return (root / value[6:]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BrokenConfig(path, f"'{value}' cannot be read ({error.strerror})") from None
    return value


_UNKNOWN = str(Schema().error_messages["unknown"]).rstrip(".")
_SECTIONS: dict[str, type[Schema]] = {"store": _Store, "server": _Server, "mail": _Mail}


def _nearest(key: str) -> str:
    """What to say of a key that nothing reads: a slip of the pen must not pass for a setting."""
    section, _, name = key.rpartition(".")
    schema = _SECTIONS.get(section, _File)()
    valid = [each.data_key or own for own, each in schema.fields.items()]
    near = get_close_matches(name, valid, n=1, cutoff=0.5)
    return "there is no such key" + (f", did you mean '{near[0]}'" if near else "")


def _first_problem(messages: dict[str, Any], prefix: str = "") -> tuple[str, str]:
    key, value = next(iter(messages.items()))
    name = f"{prefix}{key}"
    if isinstance(value, dict):
        return _first_problem(value, f"{name}.")
    return name, str(value[0]).rstrip(".")
