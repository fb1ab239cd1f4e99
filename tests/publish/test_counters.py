from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from storegen.counters import ALL, Counters

BUMP = """
import sys
from pathlib import Path
from storegen.counters import Counters
counters = Counters(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    counters.bump(["product:1"])
"""


def rise(before: tuple[int, ...], after: tuple[int, ...]) -> list[int]:
    return [b - a for a, b in zip(before, after, strict=True)]


def test_only_the_named_tags_rise(counters: Counters) -> None:
    tags = ["product:1", "product:2", ALL]
    before = {tag: counters.read([tag]) for tag in tags}
    counters.bump(["product:1", "product:1"])
    assert [counters.read([tag])[0] - before[tag][0] for tag in tags] == [1, 0, 0]
    counters.bump([ALL])
    assert counters.read([ALL])[0] - before[ALL][0] == 1


def test_nothing_touched_makes_no_file(tmp_path: Path) -> None:
    Counters(tmp_path / "counters").bump([])
    assert not list(tmp_path.iterdir())


def test_no_increment_of_racing_processes_is_lost(tmp_path: Path) -> None:
    """The processes race to make the file as well: nobody made it before."""
    path = tmp_path / "counters"
    racers = [subprocess.Popen([sys.executable, "-c", BUMP, str(path), "2000"]) for _ in range(6)]
    assert [racer.wait() for racer in racers] == [0] * 6
    counters = Counters(path)
    (untouched,) = counters.read(["nobody-bumps-this"])
    assert counters.read(["product:1"])[0] - untouched == 12_000  # all start from one number


def test_no_increment_of_racing_threads_is_lost(tmp_path: Path) -> None:
    pair = [Counters(tmp_path / "counters") for _ in range(2)]
    before = pair[0].read(["a"])
    threads = [
        threading.Thread(target=lambda c=c: [c.bump(["a"]) for _ in range(2000)]) for c in pair * 2
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rise(before, pair[1].read(["a"])) == [8000]


def test_values_survive_a_restart(tmp_path: Path) -> None:
    first = Counters(tmp_path / "counters")
    first.bump(["a"])
    value = first.read(["a", "b"])
    first.close()
    assert Counters(tmp_path / "counters").read(["a", "b"]) == value


@pytest.mark.parametrize(
    "damage",
    [b"", b"short", b"\0" * 70_000, b"\xff" * 65_544],
    ids=["empty", "short", "zeros", "noise"],
)
def test_damaged_file_is_mended_and_old_values_never_return(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "counters"
    old = Counters(path)
    seen = old.read(["a", ALL])
    old.close()
    path.write_bytes(damage)
    mended = Counters(path)
    now = mended.read(["a", ALL])
    assert not set(now) & set(seen)
    mended.bump(["a"])
    assert Counters(path).read(["a", ALL]) != now


def test_deleted_file_does_not_part_the_processes(tmp_path: Path) -> None:
    path = tmp_path / "counters"
    web, cli = Counters(path), Counters(path)
    before = web.read(["a"])
    cli.read(["a"])
    path.unlink()
    cli.bump(["a"])
    web.snapshot()  # the next rendering notices
    assert web.read(["a"]) == cli.read(["a"]) != before
    cli.bump(["a"])
    assert web.read(["a"]) == cli.read(["a"])


def test_forked_child_does_not_share_its_parents_lock(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counters")
    before = counters.read(["a"])
    context = multiprocessing.get_context("fork")
    family = [context.Process(target=_bump_often, args=(counters,)) for _ in range(4)]
    for child in family:
        child.start()
    _bump_often(counters)
    for child in family:
        child.join()
    assert [child.exitcode for child in family] == [0] * 4
    assert rise(before, counters.read(["a"])) == [10_000]


def _bump_often(counters: Counters) -> None:
    for _ in range(2000):
        counters.bump(["a"])


def test_snapshot_is_a_copy(counters: Counters) -> None:
    (slot,) = counters.slots(["a"])
    taken = counters.snapshot()
    (value,) = counters.read(["a"])
    counters.bump(["a"])
    assert taken[slot] == value
    assert counters.read(["a"]) == (value + 1,)


def test_tags_keep_their_slots_between_versions(counters: Counters) -> None:
    """Processes of two releases may run at once during an upgrade."""
    assert counters.slots([ALL, "listing", "product:1"]) == (0, 266, 1191)


def test_reading_takes_microseconds(counters: Counters) -> None:
    slots = counters.slots([ALL, "listing", "product:1"])
    best = min(_timed(counters, slots) for _ in range(20))
    assert best < 10e-6, f"{best * 1e6:.1f} µs"


def _timed(counters: Counters, slots: tuple[int, ...]) -> float:
    began = time.perf_counter()
    for _ in range(500):
        counters.at(slots)
    return (time.perf_counter() - began) / 500


def test_file_is_private_to_the_owner_and_group(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        Counters(tmp_path / "counters").read(["a"])
    finally:
        os.umask(old)
    assert (tmp_path / "counters").stat().st_mode & 0o777 == 0o660
