"""What slots cost on pages that are rendered: ``python bench/slots.py``

A product page and a listing of one shop in three ways, in turn, so that what else the machine does
hits all alike: with slots that do nothing at all, with slots that nobody fills, and with a plugin
that has a piece in every slot of public pages. It prints medians, statements, and the ratio of the
second to the first against its limit. Exit 1 when it is missed, or when empty slots ask the
database anything.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).parents[1]))

from flask.testing import FlaskClient
from sqlalchemy import event

from bench.pages import make_store
from storegen.store import Store
from storegen.web.app import create_app
from storegen.web.theming.environment import environment_of

LIMIT = 1.05
ROUNDS = 60
PATHS = ("/products/tea-1", "/collections/all")
PLUGIN = """\
from storegen.sdk import Manifest, SlotPiece
from storegen.values.slots import SLOTS


def piece(view):
    ids = view.args.get("product_ids")
    return {"text": view.slot} if ids is None else {key: {"text": key} for key in ids}


manifest = Manifest(
    name="bench", version="1", title={"en": "Bench"},
    slots=tuple(
        SlotPiece(slot=name, template="piece.html", load=piece)
        for name, slot in SLOTS.items() if slot.public
    ),
)
"""


def nothing(*_: Any, **__: Any) -> str:
    return ""


@contextmanager
def no_slots() -> Iterator[None]:
    known = environment_of("grove").globals
    with patch.dict(known, {"slot": nothing, "slot_cards": nothing}):
        yield


def milliseconds(client: FlaskClient, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path, base_url="http://127.0.0.1")
    took = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def statements(store: Store, client: FlaskClient, path: str) -> int:
    found: list[str] = []

    def record(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        found.append(text)

    event.listen(store.engine, "before_cursor_execute", record)
    milliseconds(client, path)
    event.remove(store.engine, "before_cursor_execute", record)
    return len(found)


def fill(root: Path) -> None:
    """Give the shop the plugin."""
    folder = root / "plugins" / "bench"
    (folder / "templates" / "bench").mkdir(parents=True)
    (folder / "__init__.py").write_text(PLUGIN, encoding="utf-8")
    (folder / "templates" / "bench" / "piece.html").write_text("<meta content='{{ text }}'>")
    toml = root / "store.toml"
    text = toml.read_text("utf-8").replace("plugins = [", 'plugins = ["bench", ', 1)
    toml.write_text(text, encoding="utf-8")


def main() -> int:
    good = True
    with tempfile.TemporaryDirectory() as folder:
        with patch("bench.pages.PRODUCTS", 24):
            root = make_store(Path(folder))
        with Store.open(root) as empty:
            fill(root)
            with Store.open(root) as filled:
                for path in PATHS:
                    good &= race(path, empty, filled)
    return 0 if good else 1


def race(path: str, empty: Store, filled: Store) -> bool:
    bare, full = create_app(empty).test_client(), create_app(filled).test_client()
    times: dict[str, list[float]] = {"none": [], "empty": [], "filled": []}
    for number in range(ROUNDS + 5):
        with no_slots():
            none = milliseconds(bare, path)
        took = {"none": none, "empty": milliseconds(bare, path), "filled": milliseconds(full, path)}
        for name, each in took.items():
            if number >= 5:  # the first ones compile templates
                times[name].append(each)
    with no_slots():
        without = statements(empty, bare, path)
    asked = statements(empty, bare, path)
    median = {name: statistics.median(each) for name, each in times.items()}
    # Each round's own ratio: what slows one half of a round seldom spares the other.
    pairs = zip(times["empty"], times["none"], strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    print(
        f"{path}: without slots {median['none']:.2f} ms, empty {median['empty']:.2f} ms, "
        f"a piece in each {median['filled']:.2f} ms; empty / without {ratio:.3f} "
        f"(limit {LIMIT}); statements {asked} / {without}"
    )
    return ratio <= LIMIT and asked == without


if __name__ == "__main__":
    sys.exit(main())
