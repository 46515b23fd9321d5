"""Design files and backups."""

from collections.abc import Iterator

from tests.hostile import Hostile, as_text, packed


def designs() -> Iterator[Hostile]:
    """Design files."""
    finite, digits = "must be a finite number", "9" * 1_000_000
    for threat, text, sentence in (
        ("NaN in a design", '"params": {"height": NaN}', finite),
        ("a number past every float (1e999)", '"params": {"height": 1e999}', finite),
        ("an integer of a million digits", f'"params": {{"height": {digits}}}', finite),
        ("a key that stands twice", '"x": 1, "x": 2', "the key 'x' stands twice"),
        ("half a surrogate pair", '"note": "\\ud800"', "half a character"),
        ("a boolean in place of a number", '"x": true', "x must be a number"),
        ("a list in place of a value", '"params": {"height": [1]}', "must be a single value"),
    ):
        yield Hostile(threat, ".json", node(text), sentence)
    nodes = [{"id": f"n{n}", "block": "Conv"} for n in range(2_001)]
    many = {"format": "blockwright", "version": 1, "nodes": nodes}
    yield Hostile("too many blocks", ".json", as_text(many), "at most 2,000 nodes")
    deep = b'{"format": "blockwright", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    yield Hostile("JSON nested without end", ".json", deep, "nested at most 500 deep")
    large = node(f'"note": "{"x" * 5_000_001}"')
    yield Hostile("a design file without end", ".json", large, "at most 5,000,000 bytes")
    odd = node('"params": {"height": [1]}').replace(b"photo", b"\\u202e\\u001b[31m")
    yield Hostile("characters that turn or erase what is shown", ".json", odd, "single value")
    ours = b'{"format": "blockwright", "version": 99}'
    yield Hostile("a format from the future", ".json", ours, "got 99; a newer program")


def node(text: str) -> bytes:
    """Return a design of one block with a part of its JSON as it is given."""
    block = f'{{"id": "a", "name": "photo", "block": "Image", {text}}}'
    return f'{{"format": "blockwright", "version": 1, "nodes": [{block}]}}'.encode(
        "utf-8", "surrogatepass"
    )


def backups() -> Iterator[Hostile]:
    """Backups of a library."""
    manifest = {"manifest.json": b'{"format": "blockwright-backup", "version": 1}'}
    out = packed(manifest | {"../../x.json": b"{}"})
    yield Hostile("a backup whose names lead out", ".zip", out, "do not belong")
    bomb = packed(manifest | {f"designs/{n}.json": b"0" * 49_000_000 for n in range(9)})
    yield Hostile("a zip bomb as a backup", ".zip", bomb, "unpacks to at most")
    broken = packed(manifest | {"designs/a.json": b'{"created": NaN}'})
    yield Hostile("NaN in a backup", ".zip", broken, "NaN is no number")
    deep = packed(manifest | {"designs/a.json": b"[" * 100_000})
    yield Hostile("JSON nested without end in a backup", ".zip", deep, "damaged")
