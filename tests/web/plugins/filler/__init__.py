"""A plugin that has something everywhere: a piece in every slot, pages, API, webhook, files.

``notes`` remembers what its pieces were given; ``faults`` names slots whose piece raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storegen.sdk import Manifest, Schema, SlotPiece, SlotView, fields, hookimpl, validate
from storegen.values.slots import SLOTS

notes: list[tuple[str, Mapping[str, Any], int | None]] = []
faults: set[str] = set()


def fill(view: SlotView) -> Mapping[str, Any] | None:
    """The name of the slot and what it was given."""
    notes.append((view.slot, dict(view.args), view.session_id))
    if view.slot in faults:
        raise RuntimeError("this piece is broken")
    return {"mark": f"[{view.slot}]", "args": ",".join(sorted(view.args))}


def fill_cards(view: SlotView) -> Mapping[int, Mapping[str, Any]]:
    notes.append((view.slot, dict(view.args), view.session_id))
    if view.slot in faults:
        raise RuntimeError("this piece is broken")
    return {key: {"mark": f"[{view.slot}]", "args": str(key)} for key in view.args["product_ids"]}


def _piece(name: str, **more: Any) -> SlotPiece:
    template = "head.html" if name == "head" else "piece.html"
    return SlotPiece(
        slot=name, template=template, load=fill_cards if SLOTS[name].each else fill, **more
    )


class Settings(Schema):
    """One of each kind that the form draws, and some that it does not."""

    greeting = fields.String(load_default="Hi", metadata={"title": "Hello", "help": "Claim"})
    most = fields.Integer(load_default=5, strict=True, validate=validate.Range(min=1, max=9))
    on = fields.Boolean(load_default=True)
    mode = fields.String(load_default="a", validate=validate.OneOf(["a", "b"]))
    words = fields.List(fields.String(), load_default=list)
    titles = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    key = fields.String(load_default="", metadata={"secret": True})
    fixed = fields.String(load_default="")
    odd = fields.Nested(Schema.from_dict({"x": fields.Integer()}), load_default=dict)


manifest = Manifest(
    name="filler",
    version="1.0",
    title={"en": "Filler", "zh-Hans": "填充"},
    slots=(
        *(_piece(name, tags=("filler",)) for name in SLOTS),
        _piece("product.buy", personal=True),
        _piece("listing.card", personal=True),
        _piece("footer", personal=True),
    ),
    pages=(".web:pages",),
    api=(".web:api",),
    webhooks=(".web:hooks",),
    admin=(".office:RESOURCE",),
    permissions={
        "filler.view": {"en": "See fillings", "zh-Hans": "查看填充"},
        "filler.edit": {"en": "Change fillings", "zh-Hans": "修改填充"},
    },
    settings_schema=Settings,
    csp={"img-src": ("https://pictures.example.com",), "frame-src": ("https://v.example.com",)},
)


@hookimpl
def root_files() -> Mapping[str, bytes]:
    return {
        "MP_verify_filler.txt": b"proof",
        "google1.html": b"<script>proof</script>",
        "sw.js": b"run()",
    }


@hookimpl
def api_fields(kind: str, ids: Any) -> Mapping[int, Mapping[str, Any]]:
    notes.append((f"api {kind}", {"ids": list(ids)}, None))
    return {key: {"kind": kind, "id": key} for key in ids}
