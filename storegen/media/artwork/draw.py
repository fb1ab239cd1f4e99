"""A picture for a product that has none: the same one for the same seed, in the brand's colours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from storegen.media.artwork.arches import arches
from storegen.media.artwork.canvas import chance
from storegen.media.artwork.hills import hills
from storegen.media.artwork.leaves import leaves
from storegen.media.artwork.palette import Palette
from storegen.media.artwork.rings import rings
from storegen.media.artwork.terrazzo import terrazzo
from storegen.media.artwork.weave import weave

#: The families of composition by name.
FAMILIES: Mapping[str, Callable[[Palette, Random], bytes]] = MappingProxyType(
    {
        "hills": hills,
        "leaves": leaves,
        "rings": rings,
        "terrazzo": terrazzo,
        "weave": weave,
        "arches": arches,
    }
)


def draw(seed: str, palette: Palette, family: str | None = None) -> bytes:
    """A square SVG without text, drawn from ``seed`` (a handle, say) and ``palette``.

    The seed chooses the family too, unless one of `FAMILIES` is named. The bytes go through
    `process_picture` like any picture, so what is served is a raster.
    """
    random = chance(seed)
    chosen = sorted(FAMILIES)[random.randrange(len(FAMILIES))]
    return FAMILIES[family or chosen](palette, random)
