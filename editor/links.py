"""Designs in links: the text that an address carries, and the design in it. Pure."""

import base64
import binascii
import json
import re
import zlib

from blocks import Design, ReadError, read

MAX_TEXT = 60_000
MAX_BYTES = 5_000_000
LETTERS = re.compile(r"[A-Za-z0-9_-]*")


def read_link(text: str) -> Design:
    """Return the design in the text of a link.

    The text is the design's JSON, compressed (raw deflate, RFC 1951) and written in the letters
    of base64url (RFC 4648) without padding. What it opens to is bounded before it is opened.

    Raises:
        ReadError: it holds none, or goes past a limit.
    """
    if len(text) > MAX_TEXT or not LETTERS.fullmatch(text):
        raise ReadError(f"a link's design is at most {MAX_TEXT:,} letters, digits, - and _")
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opened = zlib.decompressobj(-15)
        content = opened.decompress(packed, MAX_BYTES + 1)
        document = content.decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise ReadError("the link is damaged: it was not copied whole") from None
    if len(content) > MAX_BYTES:
        raise ReadError(f"a design in a link opens to at most {MAX_BYTES:,} bytes")
    if not opened.eof or not document.startswith("{"):
        # `read` takes other texts for a path of this machine.
        raise ReadError("the link is damaged: it was not copied whole")
    return read(document)


def write_link(design: Design) -> str:
    """Return a design as the text of a link."""
    text = json.dumps(design.to_json(), separators=(",", ":"), ensure_ascii=False)
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packing.compress(text.encode()) + packing.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")
