"""Proofs of ownership at the root of the shop's address, for WeChat, search engines and others."""

from __future__ import annotations

import re
from collections.abc import Mapping

from storegen.sdk import Manifest, PluginSetup, Schema, fields, hookimpl, validate

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\s+\S.{0,4000}\Z", re.ASCII)


class SiteVerificationSettings(Schema):
    """``[plugin.site_verification]`` in `store.toml`."""

    files = fields.List(
        fields.String(
            validate=validate.Regexp(
                _FILE, error="A file's name, a space and its content, as in MP_verify_x1.txt x1"
            )
        ),
        load_default=list,
        metadata={
            "title": {"en": "Files", "zh": "验证文件"},
            "help": {
                "en": "Each as its name, a space and its content: MP_verify_x1.txt x1",
                "zh": "每项为文件名、空格、内容，例如 MP_verify_x1.txt x1",
            },
        },
    )


manifest = Manifest(
    name="site_verification",
    version="1.0.0",
    title={"en": "Proofs of ownership", "zh": "网站验证文件"},
    requires_storegen=">=0.1",
    settings_schema=SiteVerificationSettings,
)


@hookimpl
def root_files(setup: PluginSetup) -> Mapping[str, bytes]:
    """Of two files of one name the last counts."""
    pairs = (each.split(maxsplit=1) for each in setup.settings["files"])
    return {name: content.strip().encode() for name, content in pairs}
