"""The sample brand's artwork as code: shapes, wares, packs and scenes that compose the SVG files."""
