"""The reference of slots, from `storegen.values.slots`."""

from __future__ import annotations

from storegen.values.slots import SLOTS, Slot

_HEAD = """\
A slot is a named place in a page where plugins add a piece: `SlotPiece(slot=..., template=...,
load=...)` in the manifest's `slots`. How pieces are made, which names their templates have and how
they come to the reader is in [plugin-pages.md](plugin-pages.md).

A *public* page is the same for all readers and kept in memory: its pieces know nobody, unless they
are `personal` and arrive afterwards. The other pages are made for one reader, whose
`customer_id` and `session_id` their pieces have.
"""


def slots(note: str) -> str:
    """The page; ``note`` says where it comes from."""
    parts = ["# Slots", "", note, _HEAD]
    for title, chosen in (
        ("Public pages of the shop", [name for name, slot in SLOTS.items() if slot.public]),
        ("Personal pages of the shop", [name for name in SLOTS if _personal(name)]),
        ("Back office", [name for name in SLOTS if name.startswith("admin.")]),
    ):
        parts += [f"## {title}", ""]
        for name in chosen:
            parts += _one(name, SLOTS[name])
    return "\n".join(parts)


def _personal(name: str) -> bool:
    return not SLOTS[name].public and not name.startswith("admin.")


def _one(name: str, slot: Slot) -> list[str]:
    lines = [f"### `{name}`", "", f"Where: {slot.where}.", ""]
    if slot.each:
        lines += [
            "`load` is called once for all products of the page and returns product id → values.",
            "",
        ]
    if slot.args:
        lines += ["| argument | what it is |", "|---|---|"]
        lines += [f"| `{key}` | {text} |" for key, text in slot.args.items()]
        lines += [""]
    if slot.public:
        if slot.anchor == "product":
            told = "`product_ids`" if slot.each else "`product_id` and `variant_ids`"
            lines += [f"A personal piece is told {told} only.", ""]
        elif slot.anchor == "page":
            lines += ["A personal piece is told `page` only.", ""]
        else:
            lines += ["No personal piece can come here.", ""]
    return lines
