"""What a backup file holds, checked before anything of it is written. Pure.

Anybody can write such a file: nothing is read past a limit, every document goes the way of an
imported one, and a history counts only if it leads from the first state to the last.
"""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from lzma import LZMAError
from typing import Any

from blocks import BlockwrightError, Design, Edit, leading_to, read
from editor.checks import MAX_NUMBER, MAX_TITLE, check_edit, check_text, is_whole, shown
from editor.database import LibraryError
from editor.shelf import MAX_TAG, MAX_TAGS
from editor.versions import MAX_NAME

FORMAT = "blockwright-backup"
VERSION = 1
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    NotImplementedError,
    EOFError,
    RuntimeError,
)
MAX_DESIGNS = 5_000
MAX_MEMBER = 50_000_000
MAX_TOTAL = 400_000_000
MAX_REVISIONS = 200_000
MEMBER = re.compile(r"designs/([A-Za-z0-9_-]{1,40})\.json")


@dataclass
class Kept:
    """A design of a backup with its states, checked: ready to be written."""

    id: str
    about: Mapping[str, Any]
    design: Design
    first: Design
    revisions: list[dict[str, Any]] = field(default_factory=list)


def kept_designs(content: bytes) -> list[Kept]:
    """Return the designs of a backup.

    Raises:
        LibraryError: the file is no backup, damaged, or goes past a limit.
    """
    try:
        return [_checked(design_id, data) for design_id, data in _members(content)]
    except UNREADABLE as error:
        raise LibraryError(f"the backup is damaged: {error!a:.120}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OSError, RecursionError) as error:
        raise LibraryError(f"the backup is damaged: it has a wrong part ({error!a:.80})") from None


def _members(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield the designs of an archive as JSON, by id, one at a time; nothing past a limit."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        infos = file.infolist()
        names = [info.filename for info in infos]
        if len(infos) > MAX_DESIGNS + 1 or len(set(names)) < len(names):
            raise LibraryError(f"a backup has at most {MAX_DESIGNS:,} designs, each of them once")
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise LibraryError(f"a backup unpacks to at most {MAX_TOTAL:,} bytes")
        manifest = _json(file, "manifest.json") if "manifest.json" in names else {}
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise LibraryError("this zip file is no backup of a library")
        if manifest.get("version") != VERSION:
            raise LibraryError(f"the backup is of a newer version than {VERSION}; update")
        found = [(MEMBER.fullmatch(name), name) for name in names if name != "manifest.json"]
        if any(match is None for match, _ in found):
            raise LibraryError("the backup holds files that do not belong into one")
        for match, name in found:
            if match:
                yield match[1], _json(file, name)


def _json(file: zipfile.ZipFile, name: str) -> Any:
    with file.open(name) as member:
        content = member.read(MAX_MEMBER + 1)
    if len(content) > MAX_MEMBER:
        raise LibraryError(f"a design in a backup has at most {MAX_MEMBER:,} bytes")
    return json.loads(content, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise LibraryError(f"the backup is damaged: {constant} is no number")


def _checked(design_id: str, data: Any) -> Kept:
    """Check everything that would be written of a design; follow its history to its end."""
    about: dict[str, Any] = {key: _time(data[key]) for key in ("created", "updated")}
    about |= {"revision": _whole(data["revision"]), "origin": _text(data["origin"], 80)}
    about["clients"] = [(_text(c["client"], 64), _whole(c["number"])) for c in data["clients"]]
    about["versions"] = [
        (_whole(v["revision"]), _text(v["name"], MAX_NAME), _time(v["created"]))
        for v in data["versions"]
    ]
    about["tags"] = sorted({_text(tag, MAX_TAG) for tag in data["tags"][:MAX_TAGS]})
    design, first = _design(data["document"]), _design(data["first"])
    kept = Kept(design_id, about, design, first)
    if _is_whole_history(data["revisions"], about["revision"]):
        kept.revisions = _followed(first, design, data["revisions"])
    return kept


def _design(document: Any) -> Design:
    if not isinstance(document, Mapping):
        # `read` takes other texts for a path of this machine.
        raise LibraryError(f"the backup is damaged: a design in it is {shown(document)}")
    return read(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _is_whole_history(revisions: Any, newest: int) -> bool:
    numbers = [one["revision"] for one in revisions]
    # The limit comes first: a file may say that it has a trillion.
    return newest <= MAX_REVISIONS and numbers == list(range(1, newest + 1))


def _followed(first: Design, last: Design, revisions: list[Any]) -> list[dict[str, Any]]:
    """Return the revisions, checked, if they lead from the first state to the last; else none."""
    design, checked = first, []
    try:
        for one in revisions:
            row = _revision(one)
            design, _ = design.apply(row["edit"])
            checked.append(row)
    except BlockwrightError:
        return []
    return [] if leading_to(design, last) else checked


def _revision(one: Mapping[str, Any]) -> dict[str, Any]:
    if one["kind"] not in ("edit", "undo", "redo"):
        raise LibraryError("a revision is an edit, an undo or a redo")
    state = one["state"] if one["state"] in ("done", "undone") else "closed"
    return {
        "revision": _whole(one["revision"]),
        "client": _text(one["client"], 64),
        "number": _whole(one["number"]),
        "kind": one["kind"],
        "label": _text(one["label"], MAX_TITLE),
        "edit": _edit(one["edit"]),
        "inverse": _edit(one["inverse"]),
        "created": _time(one["created"]),
        "state": state,
    }


def _edit(value: Any) -> Edit:
    """Return an edit, checked as one from a browser; an undo names a block's id in it too."""
    nodes = {
        key: fields and {name: part for name, part in fields.items() if name != "id"}
        for key, fields in value.get("nodes", {}).items()
    }
    return check_edit({**value, "nodes": nodes} if nodes else value)


def _whole(value: object) -> int:
    if not is_whole(value) or not 0 <= value <= MAX_NUMBER:
        raise LibraryError("the backup is damaged: a number in it is none")
    return value


def _time(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11:
        raise LibraryError("the backup is damaged: a time in it is none")
    return float(value)


def _text(value: object, most: int) -> str:
    check_text("a text in the backup", value, most)
    return str(value)
