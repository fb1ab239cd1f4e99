from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from storegen.errors import BadMediaKey
from storegen.media import keys
from storegen.media.pictures import add_avif, process_picture, save_picture
from storegen.media.renditions import PictureResult, Rendition
from storegen.media.storage import LocalMedia

from .make import encoded, opened, photograph, svg


def rendition(result: PictureResult, name: str) -> Rendition:
    return next(each for each in result.renditions if each.name == name)


def shown(result: PictureResult, name: str) -> Image.Image:
    return opened(rendition(result, name).data)


def near(pixel: object, wanted: tuple[int, ...], by: int = 14) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"])
def test_each_kind_becomes_webp_in_every_width_and_a_preview(kind: str) -> None:
    data = encoded(photograph(), kind)
    result = process_picture(data)
    assert (result.width, result.height) == (1600, 1000)
    assert result.sha256 == keys.sha256(data)
    assert result.mime == f"image/{kind.lower()}"
    names = {each.name: (each.width, each.height) for each in result.renditions}
    assert names == {
        "w320.webp": (320, 200),
        "w640.webp": (640, 400),
        "w960.webp": (960, 600),
        "w1440.webp": (1440, 900),
        "og.jpg": (1200, 750),
    }
    for each in result.renditions:
        image = opened(each.data)
        image.load()
        assert (image.size, image.format) == ((each.width, each.height), each.format.upper())
        assert each.size == len(each.data)


@pytest.mark.parametrize(
    ("size", "widths"),
    [((200, 300), [200]), ((320, 320), [320]), ((1067, 100), [320, 640, 960, 1067])],
)
def test_nothing_is_made_larger_than_it_was(size: tuple[int, int], widths: list[int]) -> None:
    result = process_picture(encoded(photograph(*size), "PNG"))
    assert [each.width for each in result.renditions if each.format == "webp"] == widths
    assert rendition(result, "og.jpg").width == min(1200, size[0])


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photograph_stands_upright(turn: int) -> None:
    upright = Image.new("RGB", (900, 600), "blue")
    upright.paste("red", (0, 0, 450, 300))
    stored_as = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = upright.transpose(stored_as[turn]) if turn in stored_as else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    result = process_picture(encoded(lying, "JPEG", exif=exif, quality=95), widths=(300,))
    image = shown(result, "w300.webp").convert("RGB")
    assert (result.width, result.height, *image.size) == (900, 600, 300, 200)
    assert near(image.getpixel((40, 40)), (255, 0, 0), 40)
    assert near(image.getpixel((260, 160)), (0, 0, 255), 40)


def test_metadata_does_not_reach_the_public() -> None:
    exif = Image.Exif()
    exif[0x010E] = "the photographer's home"
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(photograph(700, 500), "JPEG", exif=exif, comment=b"secret comment")
    assert b"photographer" in data
    for each in process_picture(data, formats=("webp", "avif")).renditions:
        assert not opened(each.data).getexif()
        assert b"photographer" not in each.data
        assert b"secret" not in each.data
        assert "icc_profile" not in opened(each.data).info


def test_another_colour_space_is_converted_to_srgb() -> None:
    # sRGB's own profile with red and green exchanged: what it calls red is a screen's green.
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"____").replace(b"gXYZ", b"rXYZ").replace(b"____", b"gXYZ")
    image = Image.new("RGB", (64, 64), (255, 0, 0))
    for kind in ("PNG", "JPEG", "WEBP"):
        data = encoded(image, kind, icc_profile=swapped)
        pixel = shown(process_picture(data), "w64.webp").getpixel((9, 9))
        assert near(pixel, (0, 255, 0))
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 100))
    data = encoded(clear, "PNG", icc_profile=swapped)
    assert near(shown(process_picture(data), "w64.webp").getpixel((9, 9)), (0, 255, 0, 100))


def test_a_broken_colour_profile_is_ignored() -> None:
    data = encoded(Image.new("RGB", (64, 64), "teal"), "PNG", icc_profile=b"no profile")
    assert near(shown(process_picture(data), "w64.webp").getpixel((9, 9)), (0, 128, 128))


def test_transparency_is_kept_and_white_in_previews() -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((200, 30, 30, 255), (0, 0, 200, 400))
    for data in (encoded(image, "PNG"), encoded(image.quantize(), "PNG")):
        result = process_picture(data)
        webp = shown(result, "w320.webp")
        assert webp.mode == "RGBA"
        assert webp.getpixel((300, 160))[3] == 0  # type: ignore[index]
        assert near(shown(result, "og.jpg").getpixel((390, 200)), (255, 255, 255))


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    data = encoded(photograph(400, 400).convert("RGBA"), "PNG")
    assert shown(process_picture(data), "w320.webp").mode == "RGB"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_shown(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("green", "red", "red")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    result = process_picture(data)
    image = shown(result, "w64.webp")
    assert not getattr(image, "is_animated", False)
    assert near(image.convert("RGB").getpixel((9, 9)), (0, 128, 0))


def test_print_colours_and_sixteen_bit_greys_are_understood() -> None:
    cmyk = encoded(Image.new("CMYK", (64, 64), (0, 255, 255, 0)), "JPEG", quality=95)
    assert near(shown(process_picture(cmyk), "w64.webp").getpixel((9, 9)), (255, 0, 0), 30)
    grey = encoded(Image.new("I;16", (64, 64), 0x8080), "PNG")
    assert near(shown(process_picture(grey), "w64.webp").getpixel((9, 9)), (128, 128, 128))
    dots = encoded(Image.new("1", (64, 64), 1), "TIFF")
    assert near(shown(process_picture(dots), "w64.webp").getpixel((9, 9)), (255, 255, 255))


def test_the_dominant_colour_is_the_commonest() -> None:
    image = Image.new("RGB", (300, 300), (30, 90, 60))
    image.paste((250, 10, 10), (0, 0, 100, 100))
    assert process_picture(encoded(image, "PNG")).colour == "#1e5a3c"


def test_a_strip_that_webp_could_not_hold_keeps_the_widths_that_fit() -> None:
    result = process_picture(encoded(Image.new("RGB", (1000, 19_000), "navy"), "PNG"))
    assert [each.name for each in result.renditions] == ["og.jpg", "w320.webp", "w640.webp"]


def test_saving_keeps_the_original_bytes_and_lets_go_of_the_rest(tmp_path: Path) -> None:
    store = LocalMedia(tmp_path)
    data = encoded(photograph(700, 500), "JPEG", comment=b"kept with its comment")
    result = save_picture(store, data, process_picture(data))
    with store.open(keys.original_key(result.sha256, result.mime)) as file:
        assert file.read() == data
    for each in result.renditions:
        with store.open(keys.key_of(result.sha256, each.name)) as file:
            assert len(file.read()) == each.size
        assert each.data == b""


def test_avif_is_added_afterwards_as_often_as_one_likes(tmp_path: Path) -> None:
    store = LocalMedia(tmp_path)
    data = encoded(photograph(700, 500), "JPEG")
    result = save_picture(store, data, process_picture(data))
    once = add_avif(store, result.sha256)
    assert add_avif(store, result.sha256) == once
    assert [(each.name, each.height) for each in once] == [
        ("w320.avif", 229),
        ("w640.avif", 457),
        ("w700.avif", 500),
    ]
    with store.open(keys.key_of(result.sha256, "w320.avif")) as file:
        assert opened(file.read()).size == (320, 229)
    with pytest.raises(BadMediaKey):
        add_avif(store, "0" * 64)


def test_a_vector_picture_becomes_pixels() -> None:
    data = svg('<rect width="50" height="50" fill="#0a0"/>')
    result = process_picture(data)
    assert (result.mime, result.width, result.height) == ("image/svg+xml", 1600, 800)
    image = shown(result, "w320.webp")
    assert near(image.getpixel((40, 80)), (0, 170, 0, 255))
    assert image.getpixel((300, 80))[3] == 0  # type: ignore[index]
    assert io.BytesIO(rendition(result, "og.jpg").data).read(2) == b"\xff\xd8"
