"""Text messages by the owner's own gateway: a signed JSON POST for each, and receipts back."""

from __future__ import annotations

from storegen_plugins.sms_webhook.channel import WebhookChannel
from storegen_plugins.sms_webhook.receipts import VIEW, forget
from storegen_plugins.sms_webhook.settings import SmsWebhookSettings
from storegen_plugins.sms_webhook.tables import METADATA

from storegen.sdk import Manifest, MessageChannel, PluginJob, PluginSetup, hookimpl

manifest = Manifest(
    name="sms_webhook",
    version="1.0.0",
    title={"en": "Text messages by webhook", "zh": "短信网关（Webhook）"},
    requires_storegen=">=0.1",
    settings_schema=SmsWebhookSettings,
    tables=METADATA,
    webhooks=(".web:hooks",),
    admin=(".admin:RECEIPTS",),
    jobs=(PluginJob(name="forget", every=3600, work=forget),),
    permissions={VIEW: {"en": "See receipts of text messages", "zh": "查看短信回执"}},
)


@hookimpl
def message_channels(setup: PluginSetup) -> list[MessageChannel]:
    """Nothing while no address is set: the shop says so where it would send."""
    if not setup.settings["url"]:
        return []
    return [WebhookChannel(setup)]
