"""Work through what is due, one after the other, so that one defect holds up nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from storegen.errors import Busy

T = TypeVar("T")
log = logging.getLogger("storegen.jobs")


def in_turn(items: Iterable[T], work: Callable[[T], Any], *, what: str) -> int:
    """For how many ``work`` said that it did something (True, or a number).

    One that raises is logged and due again at the next sweep. `Busy` ends the sweep: without the
    database the others would fail as well.
    """
    done = 0
    for item in items:
        try:
            done += int(work(item) or 0)
        except Busy:
            raise
        except Exception:
            log.exception("%s %s failed; the others go on", what, item)
    return done
