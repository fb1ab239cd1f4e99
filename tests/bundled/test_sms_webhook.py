"""Text messages by webhook: signed, tried again or refused by what the gateway answers; receipts
believed by their signature only."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from sqlalchemy import select
from storegen_plugins.sms_webhook import SmsWebhookSettings, receipts, signing
from storegen_plugins.sms_webhook.tables import Receipt

from storegen.errors import ChannelDown, MessageRefused
from storegen.values.message import OutgoingMessage
from storegen.web.app import create_app

SECRET = "0123456789abcdef0123456789abcdef"
MESSAGE = OutgoingMessage(
    key="k1",
    to="+8613800138000",
    subject="",
    text="您的验证码是 123456",
    template="code",
    values=(("code", "123456"),),
)


@pytest.fixture
def gateway():
    """A gateway that notes what it gets and answers ``status``."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            server.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.seen, server.status = [], 204
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def shop(plugin_store, gateway, monkeypatch):
    monkeypatch.setenv("SMS_SECRET", SECRET)
    url = f"http://127.0.0.1:{gateway.server_port}/send?app=1"
    extra = f'\n[plugin.sms_webhook]\nurl = "{url}"\nsecret = "$env:SMS_SECRET"\n'
    return plugin_store("sms_webhook", extra=extra)


def test_a_message_is_posted_and_signed(shop, gateway, clock):
    shop.plugins.message_channels["sms"].send(MESSAGE)
    [(path, headers, body)] = gateway.seen
    assert path == "/send?app=1"
    assert json.loads(body) == {
        "key": "k1",
        "to": "+8613800138000",
        "text": "您的验证码是 123456",
        "template": "code",
        "values": {"code": "123456"},
    }
    assert signing.holds(SECRET, headers, body, clock.now())
    assert not signing.holds(SECRET, headers, body + b" ", clock.now())


@pytest.mark.parametrize(
    ("status", "raised"),
    [(400, MessageRefused), (422, MessageRefused), (500, ChannelDown), (429, ChannelDown),
     (302, ChannelDown), (401, ChannelDown)],
)  # fmt: skip
def test_what_the_gateway_answers_decides(shop, gateway, status, raised):
    gateway.status = status
    with pytest.raises(raised):
        shop.plugins.message_channels["sms"].send(MESSAGE)


def test_a_gateway_that_is_away_is_asked_again_and_its_address_stays_secret(shop, gateway):
    gateway.shutdown()
    gateway.server_close()
    with pytest.raises(ChannelDown) as down:
        shop.plugins.message_channels["sms"].send(MESSAGE)
    assert "127.0.0.1" not in str(down.value)


def test_without_an_address_there_is_no_channel(plugin_store):
    assert "sms" not in plugin_store("sms_webhook").plugins.message_channels


def test_an_address_needs_a_secret():
    wrong = SmsWebhookSettings().validate({"url": "https://sms.example.com", "secret": "short"})
    assert set(wrong) == {"secret"}


def post(shop, body, headers):
    client = create_app(shop).test_client()
    return client.post(
        "/hooks/sms-webhook/receipts",
        data=body,
        headers={**headers, "content-type": "application/json"},
        base_url="http://shop.test",
    )


def kept(shop):
    with shop.read() as uow:
        rows = uow.db.execute(select(Receipt.key, Receipt.state, Receipt.reason))
        return [tuple(row) for row in rows]


def test_a_signed_receipt_is_kept_once(shop, clock):
    body = json.dumps({"key": "k1", "state": "delivered"}).encode()
    assert post(shop, body, signing.headers(SECRET, body, clock.now())).status_code == 204
    later = json.dumps({"key": "k1", "state": "failed", "reason": "late"}).encode()
    assert post(shop, later, signing.headers(SECRET, later, clock.now())).status_code == 204
    assert kept(shop) == [("k1", "delivered", "")]


def test_forged_old_and_broken_receipts_are_refused(shop, clock):
    body = json.dumps({"key": "k1", "state": "delivered"}).encode()
    good = signing.headers(SECRET, body, clock.now())
    assert post(shop, body, {}).status_code == 400
    assert post(shop, body, signing.headers("x" * 32, body, clock.now())).status_code == 400
    for wrong in (b"[]", b"{", b'{"key": "", "state": "failed"}', b'{"key": "k", "state": "x"}'):
        headers = signing.headers(SECRET, wrong, clock.now())
        assert post(shop, wrong, headers).status_code == 422
    clock.move(seconds=301)
    assert post(shop, body, good).status_code == 400
    assert kept(shop) == []


def test_old_receipts_are_forgotten(shop, clock):
    with shop.write() as uow:
        assert receipts.keep(uow, "old", "failed", "unknown number")
    clock.move(days=91)
    with shop.write() as uow:
        receipts.keep(uow, "new", "delivered", "")
        assert receipts.forget(uow) == 1
    assert kept(shop) == [("new", "delivered", "")]
