"""Pages that fail."""

from __future__ import annotations

from typing import Any

from storegen.sdk import fields
from storegen.sdk import web as sdk

pages = sdk.Pages("saboteur", __name__)
api = sdk.Api("saboteur", __name__, description="Sabotage")
hooks = sdk.Hooks("saboteur", __name__)


class Nothing(sdk.Answer):
    """What it never answers."""

    name = fields.String(required=True)


@pages.get("")
def front() -> sdk.Response:
    return sdk.page("missing.html", title="Missing")


@pages.get("/raise")
def fail() -> sdk.Response:
    raise RuntimeError("sabotage")


@api.operation("GET", "/things", answers=Nothing)
def list_things() -> Any:
    """Always fails."""
    raise RuntimeError("sabotage")


@hooks.post("/notify")
def notify() -> sdk.Response:
    raise RuntimeError("sabotage")
