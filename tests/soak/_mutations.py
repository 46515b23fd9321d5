"""Good files made bad: by a value in a tree, a member in an archive, a byte anywhere.

Each function takes a `Random` and is otherwise pure, so a number is all it takes to have a
file again.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

Path = tuple[Any, ...]


class Raw(str):
    """JSON text that is written as it is: what no value of Python spells."""


RAW = ("NaN", "-Infinity", "1e999", "9" * 5_000, "[" * 600, '{"a":1,"a":2}', "tru", '"\\ud800"', "")
TEXTS = (
    *("", " ", "in", "out", "photo", "a" * 3_000, "0", "None", "True", "__class__", "keras.layers"),
    *("\x00", "\x1b[31m", "\u202eevil", "\ud800", "e\u0301" * 40, "名前", "\u2028", "🙂" * 30),
    *("../../etc/passwd", "/etc/passwd", "C:\\x", "<img src=x onerror=alert(1)>", "$(id)", "{{7}}"),
    *("'; DROP TABLE designs; --", '"""', "\\", "%s%n", "Own:", "Lambda", "functional", "linear"),
)
NUMBERS = (
    *(0, 1, -1, 2, 3, 7, 64, 255, 1_000, 8_192, 8_193, 65_536, 10**6, 2**31, 2**53, 2**63, 10**30),
    *(-(2**63), 0.5, -0.0, 1e-300, 1e300, 3.0, float("nan"), float("inf")),
)
VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, *TEXTS, *NUMBERS)
ANYTHING: tuple[Any, ...] = (*VALUES, *map(Raw, RAW))
ALIKE: Mapping[type, Sequence[Any]] = {
    str: TEXTS,
    bool: (True, False),
    int: [number for number in NUMBERS if isinstance(number, int)],
    float: NUMBERS,
}


def places(value: Any, path: Path = ()) -> list[Path]:
    """Return the path to every value in a tree, its root first."""
    if not isinstance(value, dict | list):
        return [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def mutated_tree(data: Any, random: Random) -> Any:
    """Return a JSON value with one change, or a few, at places drawn at random."""
    data = json.loads(json.dumps(data))
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        found = places(data)
        path = random.choice(found)
        if not path:
            continue
        where, key = at(data, path[:-1]), path[-1]
        random.choice(TREE_CHANGES)(where, key, random, at(data, random.choice(found)))
    return data


def _replace(where: Any, key: Any, random: Random, other: Any) -> None:
    where[key] = random.choice(ANYTHING)


def _replace_alike(where: Any, key: Any, random: Random, other: Any) -> None:
    where[key] = random.choice(ALIKE.get(type(where[key]), VALUES))


def _copy_from_elsewhere(where: Any, key: Any, random: Random, other: Any) -> None:
    where[key] = json.loads(dumped(other, lenient=True))


def _remove(where: Any, key: Any, random: Random, other: Any) -> None:
    del where[key]


def _wrap(where: Any, key: Any, random: Random, other: Any) -> None:
    for _ in range(random.choice((1, 1, 2, 9))):
        where[key] = random.choice((lambda one: [one], lambda one: {"a": one}))(where[key])


def _repeat(where: Any, key: Any, random: Random, other: Any) -> None:
    if isinstance(where, list):
        where.extend([where[key]] * random.choice((1, 2, 50)))
    else:
        where[random.choice((*TEXTS, f"{key}_2"))] = where[key]


def _nudge(where: Any, key: Any, random: Random, other: Any) -> None:
    value = where[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        _replace(where, key, random, other)
    else:
        where[key] = random.choice((value + 1, value - 1, -value, value * 2, value * 10**6, 0))


TREE_CHANGES: tuple[Callable[[Any, Any, Random, Any], None], ...] = (
    _replace,
    _replace_alike,
    _replace_alike,
    _copy_from_elsewhere,
    _remove,
    _wrap,
    _repeat,
    _nudge,
    _nudge,
)


def dumped(value: Any, lenient: bool = False) -> str:
    """Write a JSON value, raw parts as they are; `lenient` writes raw parts as texts."""
    if isinstance(value, Raw) and not lenient:
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(str(k))}:{dumped(v, lenient)}" for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(dumped(one, lenient) for one in value) + "]"
    return json.dumps(value)


def mutated_json(data: Any, random: Random) -> bytes:
    """Return the text of a changed JSON value, now and then with changed bytes in it too."""
    try:
        content = dumped(mutated_tree(data, random)).encode("utf-8", "surrogatepass")
    except RecursionError:  # copied into itself again and again, deeper than can be written
        content = b"[" * 5_000
    return mutated_bytes(content, random) if random.random() < 0.08 else content


def mutated_bytes(content: bytes, random: Random, changes: int = 6) -> bytes:
    """Return bytes with some changed, cut out, doubled, or the end missing."""
    data = bytearray(content)
    for _ in range(random.randint(1, changes)):
        if not data:
            break
        start = random.randrange(len(data))
        length = random.choice((1, 1, 1, 2, 4, 8, 64))
        chunk = bytes(data[start : start + length])
        data[start : start + length] = random.choice(
            (
                random.randbytes(len(chunk)),
                b"\x00" * len(chunk),
                b"\xff" * len(chunk),
                bytes([chunk[0] ^ (1 << random.randrange(8))]) + chunk[1:],
                chunk * 2,
                b"",
            )
        )
    if random.random() < 0.1:
        del data[random.randrange(len(data) + 1) :]
    return bytes(data)


def overwritten(content: bytes, random: Random, start: int = 0, stop: int | None = None) -> bytes:
    """Return bytes of the same length with some changed between two places."""
    data = bytearray(content)
    for _ in range(random.choice((1, 1, 2, 3, 8, 30))):
        place = random.randrange(start, stop or len(data))
        length = random.choice((1, 1, 2, 4, 8))
        new = random.choice((b"\x00", b"\xff", b"\x7f", b"\x01", random.randbytes(1))) * length
        data[place : place + length] = new[: len(data) - place]
    return bytes(data)


Members = Mapping[str, bytes]
NAMES = (
    "../x",
    "/etc/passwd",
    "a\\b",
    "C:x",
    "a/" * 20 + "x",
    "\x00",
    "x" * 2_000,
    ".",
    "名前.npy",
)


def mutated_archive(
    members: Members, random: Random, inside: Callable[[str, bytes, Random], bytes]
) -> bytes:
    """Return a zip archive with changed contents, members and, now and then, bytes of its own.

    `inside(name, content, random)` changes what is in a member.
    """
    entries = list(members.items())
    for _ in range(random.randint(1, 3)):
        if not entries:
            break
        place = random.randrange(len(entries))
        name, content = entries[place]
        kind = random.random()
        if kind < 0.7:
            entries[place] = name, inside(name, content, random)
        elif kind < 0.8:
            entries[place] = random.choice((*NAMES, *members)), content
        elif kind < 0.9:
            entries.append((random.choice((name, *NAMES)), content))
        else:
            del entries[place]
    packed = packed_archive(entries, random)
    return mutated_bytes(packed, random) if random.random() < 0.25 else packed


def packed_archive(entries: Sequence[tuple[str, bytes]], random: Random) -> bytes:
    """Return a zip archive of names and contents, each packed in a way drawn at random."""
    ways = (zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name.replace("\x00", "\x01") or "x")
            entry.compress_type = random.choice(ways)
            entry.external_attr = (0o120777 if random.random() < 0.02 else 0o644) << 16
            archive.writestr(entry, content)
    return _lied_about(file.getvalue(), random) if random.random() < 0.15 else file.getvalue()


def _lied_about(content: bytes, random: Random) -> bytes:
    """Change a field of an entry of the directory at the archive's end: sizes, flags, places."""
    start = content.find(b"PK\x01\x02")
    return content if start < 0 else overwritten(content, random, start + 4, len(content))
