"""What a campaign may grant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """``kind`` names who can pay out (``coupon``); ``data`` says what, in that plugin's terms
    (``{"template": "<public id>"}``); ``source`` says who grants it and why, for reports."""

    kind: str
    data: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedReward:
    """``reference`` finds it again at the plugin that issued it; ``title`` is for the customer."""

    plugin: str
    reference: str
    title: str
