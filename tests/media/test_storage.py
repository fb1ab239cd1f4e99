from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storegen.errors import BadMediaKey, NotFound
from storegen.media import keys
from storegen.media.storage import LocalMedia

SHA = "ab" + "c" * 62
FOLDER = f"{SHA[:2]}/{SHA[2:]}"
KEY = f"{FOLDER}/w640.webp"


@pytest.fixture
def media(tmp_path: Path) -> LocalMedia:
    return LocalMedia(tmp_path / "media")


def test_what_is_put_can_be_read_and_has_an_address(media: LocalMedia) -> None:
    assert not media.exists(KEY)
    assert media.put(KEY, b"bytes") == KEY
    assert media.exists(KEY)
    with media.open(KEY) as file:
        assert file.read() == b"bytes"
    assert media.url(KEY) == f"/media/{KEY}"
    assert list(media.files(SHA)) == [KEY]


@given(data=st.binary(max_size=3000))
def test_an_original_is_kept_to_the_byte(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    media = LocalMedia(tmp_path_factory.mktemp("media"))
    key = media.put_original(data, "image/png")
    assert media.put_original(data, "image/png") == key
    with media.open(key) as file:
        kept = file.read()
    assert kept == data
    assert key.replace("/", "").startswith(keys.sha256(kept))


def test_an_original_that_was_cut_short_is_written_again(media: LocalMedia) -> None:
    key = media.put_original(b"whole", "image/png")
    (media.root / key).write_bytes(b"who")
    media.put_original(b"whole", "image/png")
    assert (media.root / key).read_bytes() == b"whole"


def test_originals_have_no_address(media: LocalMedia) -> None:
    key = media.put_original(b"with the place it was taken", "image/jpeg")
    with pytest.raises(BadMediaKey):
        media.url(key)
    with pytest.raises(BadMediaKey):
        keys.public(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "..",
        "../secret",
        "/etc/passwd",
        "ab/../../store.toml",
        f"{FOLDER}/../../../store.toml",
        f"{FOLDER}/..%2f..%2fstore.toml",
        f"{FOLDER}/w640.webp/../original.jpg",
        f"{FOLDER}\\w640.webp",
        f"{FOLDER}/w640.webp\x00.jpg",
        f"{FOLDER}/w640.webp\n",
        f"{FOLDER.upper()}/w640.webp",
        f"{FOLDER}/w0640.webp",
        f"{FOLDER}/w640.svg",
        f"{FOLDER}/original.html",
        f"{FOLDER}/.tmp-1",
        f"{FOLDER}",
        f"//{KEY}",
        "\uff0e\uff0e/secret",
    ],
)
def test_keys_that_storegen_does_not_make_are_not_there(media: LocalMedia, key: str) -> None:
    (media.root.parent / "store.toml").write_text("secret")
    (media.root.parent / "secret").write_text("secret")
    for verb in (media.open, media.exists, media.url, keys.public, keys.content_type):
        with pytest.raises(NotFound):
            verb(key)
    with pytest.raises(BadMediaKey):
        media.put(key, b"x")


def test_a_link_that_leads_outside_is_not_followed(media: LocalMedia, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "w640.webp").write_bytes(b"secret")
    (media.root / SHA[:2]).mkdir(parents=True)
    (media.root / FOLDER).symlink_to(outside)
    with pytest.raises(BadMediaKey):
        media.open(KEY)
    with pytest.raises(BadMediaKey):
        media.put(KEY, b"overwritten")
    assert (outside / "w640.webp").read_bytes() == b"secret"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    media: LocalMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    media.put(KEY, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.put(KEY, b"new")
    assert (media.root / KEY).read_bytes() == b"old"
    assert [path.name for path in (media.root / FOLDER).iterdir()] == ["w640.webp"]


def test_pool_workers_and_reports_can_pickle_it(media: LocalMedia) -> None:
    assert pickle.loads(pickle.dumps(media)) == media
    error = pickle.loads(pickle.dumps(BadMediaKey("x")))
    assert (error.key, error.status) == ("x", 404)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("w320.avif", "image/avif"), ("og.jpg", "image/jpeg"), ("maskable-512.png", "image/png")],
)
def test_public_files_have_the_type_of_their_name(name: str, expected: str) -> None:
    assert keys.content_type(keys.key_of(SHA, name)) == expected
