"""What the saboteur does, in turn."""

from __future__ import annotations

import itertools
import sys
import time
from typing import Any

from sqlalchemy import text

from storegen.sdk import Refused, UnitOfWork

NAP = 0.02
"""Seconds that it sleeps in each call; time on the clock, not of the processor."""


class Endless:
    """Raises whatever is done with it."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError(f"no {name} here")

    def __repr__(self) -> str:
        raise ValueError("not even a name")


class Speechless(Exception):
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError("no words")


class Acts:
    """Each call is the next of a short list, so that every kind of damage has its turn."""

    def __init__(self) -> None:
        self._turns = itertools.count()
        self._junk = itertools.count()
        self._faults = itertools.count()

    def turn(self) -> int:
        return next(self._turns)

    def act(self, mode: str, uow: UnitOfWork | None) -> Any:
        """Raise, or return rubbish, or nothing after a nap."""
        if mode == "slow":
            time.sleep(NAP)
            return None
        return self.junk() if mode == "junk" else self._fail(uow)

    def spoil(self, facts: Any, *impossible: Any) -> Any:
        """A pure hook: as `act`, with well-typed impossible values among the rubbish."""
        mode = facts["mode"]
        if mode == "junk" and self.turn() % 2:
            return list(impossible)
        return self.act(mode, None)

    def junk(self) -> Any:
        values: tuple[Any, ...] = (
            42,
            "junk",
            [None],
            {"a": object()},
            [{}],
            object(),
            {1: Endless()},
            float("nan"),
        )
        return values[next(self._junk) % len(values)]

    def _fail(self, uow: UnitOfWork | None) -> Any:
        number = next(self._faults) % 6
        if number == 1 and uow is not None:
            uow.db.execute(text("SELECT nothing FROM nowhere"))
        if number == 2:
            raise Refused("saboteur:no", "The saboteur says no.")
        if number == 3:
            raise RecursionError("deep")
        if number == 4:
            sys.exit("everybody out")
        if number == 5:
            raise Speechless
        raise RuntimeError("sabotage: \x00 </script> \udc80")
