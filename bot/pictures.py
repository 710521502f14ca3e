"""Turns a drawing into a picture of dots, for phones: the only door to resvg. Without the extra it stays a drawing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import resources
from importlib.util import find_spec

from dialogs.documents.page import Document

#: Dots for each pixel of the drawing: 1,000 across, sharp on a phone.
ZOOM = 2.5
_DRAWN = ".svg"
#: The package that brings the font, so that the signs are there wherever this runs.
_FONTS = "pylopdf_fonts_zh_cn"
_FONT = "NotoSansSC-Regular.otf"


def shown(document: Document) -> Document:
    """The document, a drawing as PNG where that can be made."""
    if not document.name.endswith(_DRAWN) or find_spec("resvg_py") is None:
        return document
    png = _png(document.content.decode())
    return replace(document, name=document.name.removesuffix(_DRAWN) + ".png", content=png)


def _png(svg: str) -> bytes:
    # Only now: few pictures are asked for.
    import resvg_py

    fonts = _font()
    family = "Noto Sans SC" if fonts else None
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, zoom=ZOOM, font_files=fonts, skip_system_fonts=bool(fonts), sans_serif_family=family
        )
    )


@cache
def _font() -> list[str]:
    if find_spec(_FONTS) is None:
        return []
    file = resources.files(_FONTS).joinpath(_FONT)
    return [str(file)] if file.is_file() else []
