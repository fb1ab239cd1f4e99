"""The gateway's thread: does what is due and tells shops."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from sqlite3 import Connection, Row
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx
from storegen_plugins.pay_sandbox.gateway import notifications, payments, refunds
from storegen_plugins.pay_sandbox.gateway.gateway import Gateway
from storegen_plugins.pay_sandbox.signing import SIGNATURE, signed_headers

from storegen.sdk import http_client

log = logging.getLogger(__name__)
AT_ONCE = 8
"""Notifications on their way at the same time: a storm must be able to race."""
PAUSE_SECONDS = 0.2


class Notifier:
    """Runs until `stop`. What it had not sent is in the database and is sent after a restart."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="notifier", daemon=True)
        self._http = http_client(read=10)
        self._pool = ThreadPoolExecutor(AT_ONCE, "notification")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what is on its way, then end."""
        self._stopping.set()
        self._gateway.work.set()
        self._thread.join()
        self._pool.shutdown()
        self._http.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._gateway.work.clear()
            try:
                self._do_what_is_due()
                for row in self._take():
                    self._pool.submit(self._send, row)
            except Exception:  # the thread must outlive a full disk
                log.exception("notifier")
            self._gateway.work.wait(PAUSE_SECONDS)

    def _do_what_is_due(self) -> None:
        now = self._gateway.now()
        with self._gateway.database.read() as db:
            if not db.execute("SELECT 1 FROM due WHERE at <= ? LIMIT 1", (now,)).fetchone():
                return
        with self._gateway.database.write() as db:
            for row in db.execute("DELETE FROM due WHERE at <= ? RETURNING *", (now,)).fetchall():
                _perform(db, row, now)

    def _take(self) -> list[Row]:
        now = self._gateway.now()
        query = "FROM notification WHERE state = 'waiting' AND due <= ?"
        with self._gateway.database.read() as db:
            if not db.execute(f"SELECT 1 {query} LIMIT 1", (now,)).fetchone():
                return []
        with self._gateway.database.write() as db:
            rows = db.execute(f"SELECT * {query} ORDER BY due, id", (now,)).fetchall()
            db.executemany(
                "UPDATE notification SET state = 'sending' WHERE id = ?",
                [(row["id"],) for row in rows],
            )
        return rows

    def _send(self, row: Row) -> None:
        try:
            self._send_and_note(row)
        except Exception:  # nobody asks the pool for results
            log.exception("notification %s", row["id"])

    def _send_and_note(self, row: Row) -> None:
        ok, last = self._post(row)
        attempts = row["attempts"] + 1
        wait = None if ok else notifications.after_failure(attempts)
        state = "delivered" if ok else "given_up" if wait is None else "waiting"
        with self._gateway.database.write() as db:
            db.execute(
                "UPDATE notification SET state = ?, attempts = ?, last = ?, due = ? WHERE id = ?",
                (state, attempts, last, self._gateway.now() + (wait or 0), row["id"]),
            )

    def _post(self, row: Row) -> tuple[bool, str]:
        merchant = self._gateway.merchants.get(row["merchant_id"])
        if merchant is None:
            return False, "merchant is gone"
        parts = urlsplit(row["url"])
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = signed_headers(
            merchant.secret,
            merchant.merchant_id,
            "POST",
            target,
            row["body"],
            now=self._gateway.wall(),
        )
        if row["bad_signature"]:
            headers[SIGNATURE] = headers[SIGNATURE][::-1]
        try:
            response = self._http.post(
                row["url"],
                content=row["body"],
                headers={"content-type": "application/json", **headers},
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return False, type(error).__name__
        ok = notifications.acknowledged(response.status_code, response.content)
        return ok, f"HTTP {response.status_code}"


def _perform(db: Connection, row: Row, now: float) -> None:
    if row["verb"] == "settle_refund":
        refunds.settle(db, row["subject"], now)
        return
    payment = db.execute("SELECT * FROM payment WHERE id = ?", (row["subject"],)).fetchone()
    allowed = ("waiting",) if row["verb"] == "capture" else ("open", "closed")
    if payment["state"] not in allowed:
        return
    payments.capture(db, payment, now)
    if payment["notify_url"]:
        again = payments.by_token(db, payment["token"])
        notifications.enqueue(db, payment["notify_url"], payments.fact(db, again, now), now)
