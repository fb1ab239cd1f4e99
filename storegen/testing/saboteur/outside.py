"""A way to pay and a way to send messages that fail in every method."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .acts import Acts


class BadProvider:
    """A `PaymentProvider` by its attributes only."""

    code = "saboteur"
    titles: Mapping[str, str] = {"en": "Saboteur", "zh": "破坏者"}
    notifies = True

    def __init__(self, acts: Acts, settings: Mapping[str, Any]) -> None:
        self._acts, self._settings = acts, settings

    def _act(self, *_args: Any, **_named: Any) -> Any:
        return self._acts.act(self._settings["mode"], None)

    available = start = read_notification = acknowledge = _act
    query = close = refund = query_refund = _act


class BadChannel:
    """Takes text messages and brings none."""

    kind, code = "sms", "saboteur"

    def __init__(self, acts: Acts, settings: Mapping[str, Any]) -> None:
        self._acts, self._settings = acts, settings

    def send(self, message: Any) -> Any:
        return self._acts.act(self._settings["mode"], None)
