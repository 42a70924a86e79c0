"""A drawing in a Word document: SVG for those that show it, PNG for all others, its content in words."""

from __future__ import annotations

import io
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu

from lianqiao.charts.drawing import Picture

PIXEL = 9525
"""EMU of a pixel at 96 to the inch."""

EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def drawing(part: Any, picture: Picture, png: bytes) -> Any:
    """The w:drawing of a picture in a part (the body, a header or a footer)."""
    inline = part.new_pic_inline(io.BytesIO(png), Emu(picture.width * PIXEL), Emu(picture.height * PIXEL))
    inline.docPr.set("descr", picture.words)
    inline.docPr.set("name", f"图 {inline.docPr.get('id')}")
    blip = next(inline.iter(qn("a:blip")))
    blip.append(
        parse_xml(
            f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{EXTENSION}"><asvg:svgBlip xmlns:asvg="{SVG}"'
            f' r:embed="{svg_part(part, picture.svg)}"/></a:ext></a:extLst>'
        )
    )
    made = parse_xml(f"<w:drawing {nsdecls('w')}/>")
    made.append(inline)
    return made


def svg_part(part: Any, svg: str) -> str:
    """Keeps an SVG in the package; returns the relation that names it."""
    package = part.package
    taken = {str(other.partname) for other in package.iter_parts()}
    name = next(n for at in range(1, 10_000) if (n := f"/word/media/drawing{at}.svg") not in taken)
    held = Part(PackURI(name), "image/svg+xml", svg.encode("utf-8"), package)
    return str(part.relate_to(held, RELATIONSHIP_TYPE.IMAGE))
