"""What messages say, per template and language: (subject, body), filled by ``str.format``.

``{shop}`` is always known; what else a text may name is what `messages.send` was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TEXTS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "sign_in_code": {
            "zh": (
                "{shop} 登录验证码",
                "【{shop}】您的验证码是 {code}，{minutes} 分钟内有效。"
                "请勿告诉任何人；如非本人操作，请忽略本消息。",
            ),
            "en": (
                "Your sign-in code for {shop}",
                "{code} is your code for {shop}. It is valid for {minutes} minutes. "
                "Tell nobody; if you did not ask for it, ignore this message.",
            ),
        },
        "identity_code": {
            "zh": (
                "{shop} 绑定验证码",
                "【{shop}】您正在把此号码或邮箱绑定到账户，验证码是 {code}，{minutes} 分钟内有效。"
                "请勿告诉任何人；如非本人操作，请忽略本消息。",
            ),
            "en": (
                "Confirm this contact for {shop}",
                "{code} is the code that adds this phone number or e-mail address to an account "
                "at {shop}. It is valid for {minutes} minutes. "
                "Tell nobody; if you did not ask for it, ignore this message.",
            ),
        },
    }
)

SECRET: frozenset[str] = frozenset({"sign_in_code", "identity_code"})
"""Templates whose data is forgotten as soon as the message is sent or out of date."""
