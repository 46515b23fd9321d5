"""Downloading a file of weights, bounded and verified."""

import hashlib
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

from blocks.analysis import bytes_text
from blocks.errors import ReadError
from blocks.pretrained.table import BASE, File

MIRROR = "BLOCKWRIGHT_WEIGHTS_MIRROR"
MAX_BYTES = 1_000_000_000
CHUNK = 1024**2
QUIET_SECONDS = 30  # without a byte


def download(file: File, target: Path, progress: Callable[[float, str], None]) -> None:
    """Write a file of weights to a path, from its address or from the mirror.

    Raises:
        ReadError: it cannot be had, is too large, or is not what Keras knows.
    """
    address = os.environ.get(MIRROR, "").strip() or BASE
    if urllib.parse.urlsplit(address).scheme not in ("https", "http"):
        raise ReadError(f"{MIRROR} must be an address that begins with https://, got {address:.80}")
    host = urllib.parse.urlsplit(address).hostname
    try:
        digest = _copied(f"{address.rstrip('/')}/{file.address}", target, progress)
    except (urllib.error.URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise ReadError(
            f"the weights could not be had from {host} ({reason!s:.100}); this needs the internet, "
            f"or a mirror named in {MIRROR}"
        ) from None
    if file.md5 and digest != file.md5:
        raise ReadError(
            f"{target.name} from {host} is not the file that Keras knows: its MD5 is {digest}, it "
            f"must be {file.md5}; nothing of it was kept"
        )


def _copied(address: str, target: Path, progress: Callable[[float, str], None]) -> str:
    """Copy what an address gives to a file and return its MD5."""
    digest, done = hashlib.md5(usedforsecurity=False), 0
    with urllib.request.urlopen(address, timeout=QUIET_SECONDS) as answer, target.open("wb") as to:
        size = int(answer.headers.get("Content-Length") or 0)
        while data := answer.read(CHUNK):
            done += len(data)
            if max(done, size) > MAX_BYTES:
                raise ReadError(f"a file of weights may have {bytes_text(MAX_BYTES)}, got more")
            digest.update(data)
            to.write(data)
            of = f" of {bytes_text(size)}" if size else ""
            progress(done / size if size else 0.5, f"{bytes_text(done)}{of}")
    if size and done < size:
        raise OSError(f"it ended after {done:,} of {size:,} bytes")
    return digest.hexdigest()
