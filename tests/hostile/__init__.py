"""Files and texts that somebody might send to harm the machine, a function for each kind of them.

Each gives what is tried: a threat in words, the bytes, and a part of the sentence that refuses
them. docs/reliability.md lists the threats.
"""

import io
import json
import struct
import zipfile
from typing import Any, NamedTuple


class Hostile(NamedTuple):
    """A file that is refused; `suffix` says what it claims to be."""

    threat: str
    suffix: str
    content: bytes
    sentence: str


def packed(members: dict[str, bytes], **entry: Any) -> bytes:
    """Return a zip archive; `entry` sets fields of the entry of its last member."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items(), start=1):
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in entry.items() if number == len(members) else ():
                setattr(info, key, value)
            archive.writestr(info, content)
    return file.getvalue()


def overlapping(members: dict[str, bytes], copy: str) -> bytes:
    """Return an archive whose directory names the bytes of its first member a second time."""
    content = packed(members)
    start, end = content.index(b"PK\x01\x02"), content.index(b"PK\x05\x06")
    name = next(iter(members)).encode()
    (extra, comment) = struct.unpack("<HH", content[start + 30 : start + 34])
    entry = content[start : start + 46 + len(name) + extra + comment]
    again = entry.replace(name, copy.encode())
    tail = bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", len(members) + 1, len(members) + 1)
    tail[12:16] = struct.pack("<I", end - start + len(again))
    return content[:end] + again + bytes(tail)


def as_text(value: Any) -> bytes:
    """Return a value as JSON; half characters stay what they are."""
    return json.dumps(value).encode("utf-8", "surrogatepass")
