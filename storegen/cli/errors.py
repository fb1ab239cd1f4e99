"""How the command line refuses: one sentence on standard error, exit code 2, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from storegen.cli.messages import sentence
from storegen.errors import StoreError


class Refusing(click.Group):
    """A group whose expected refusals end as sentences; only bugs show a traceback."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        try:
            return super().main(args, *rest, **more)
        except StoreError as refusal:
            fail(sentence(refusal))
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())[:200].rstrip(" .?!")
            fail(
                f"The shop's database cannot be used: {reason}. "
                "Check `database` in store.toml and that the server runs; "
                "if the shop is older than this release, run `storegen migrate`."
            )
        except BrokenPipeError:  # `storegen … | head`
            sys.stderr.close()
            sys.exit(1)


def fail(message: str) -> None:
    click.echo(f"storegen: {message}", err=True)
    sys.exit(2)
