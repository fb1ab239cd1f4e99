"""Named points where a test lets the process die, as a power cut would; nothing in production.

``STOREGEN_FAILPOINT=checkout.inserted`` kills the process with SIGKILL when it reaches that point.
Without the variable a point is a look into the environment.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "STOREGEN_FAILPOINT"

POINTS = (
    "checkout.claimed",  # the idempotency key is claimed, nothing else
    "checkout.inserted",  # the order's rows are written
    "checkout.reserved",  # its stock too; the next thing is the commit
    "checkout.committed",  # committed, nobody told
    "payment.prepared",  # our payment is committed, the provider not asked
    "payment.answered",  # the provider has made its payment, we have not noted that
    "payment.booking",  # a capture is written, not committed
    "refund.claimed",  # a refund is this worker's, the provider not asked
    "outbox.handled",  # a plugin did its part for an event, nothing is committed
    "refund.answered",  # the provider has paid back, we have not noted that
)


def reach(point: str) -> None:
    """Die here if the environment says so."""
    if os.environ.get(VARIABLE) == point:
        os.kill(os.getpid(), signal.SIGKILL)
