"""Pictures that are nobody's but their owner's: kept apart from `media/`, with no address."""

from __future__ import annotations

import os
from dataclasses import dataclass

from storegen.errors import BadMediaKey
from storegen.media import keys
from storegen.media.renditions import OPEN_GRAPH
from storegen.media.storage import LocalMedia


@dataclass(frozen=True, slots=True)
class PrivateMedia(LocalMedia):
    """As `LocalMedia`, for a folder that no server shows: what may be read is the caller's to say.

    It keeps what was encoded anew and nothing else: no original (a photograph's says where it was
    taken), no preview for links.
    """

    def put(self, key: str, data: bytes) -> str:
        if key.endswith(f"/{OPEN_GRAPH}"):
            return keys.checked(key)
        LocalMedia.put(self, key, data)
        os.chmod(self._path(key), 0o600)
        return key

    def put_original(self, data: bytes, mime: str) -> str:
        return keys.original_key(keys.sha256(data), mime)

    def url(self, key: str) -> str:
        raise BadMediaKey(key)
