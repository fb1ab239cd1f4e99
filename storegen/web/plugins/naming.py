"""How plugins' parts are called in addresses and endpoints."""

from __future__ import annotations

PAGES, API, HOOKS = "pages", "api", "hooks"


def segment(plugin: str) -> str:
    """A plugin's name in addresses: ``gift_cards`` is at ``/gift-cards``."""
    return plugin.replace("_", "-")


def is_hook(endpoint: str) -> bool:
    """Whether machines of others ask here, which prove by a signature who they are."""
    return endpoint.startswith(f"{HOOKS}__")
