"""The data to train with: named ones, and a person's own by upload or by path."""

from pathlib import Path
from typing import Any

import streamlit as st

from blocks import (
    DATA_NAMES,
    BlockwrightError,
    DataError,
    DataInfo,
    DataSettings,
    describe_data,
    keep_data,
    own_data,
)
from editor.panels.train_fields import field
from editor.people import quota
from editor.session import Session
from editor.words import literal

MAX_UPLOAD_MB = 500
TYPES = ["zip", "npz", "h5", "hdf5", "csv", "tsv"]
KINDS = """
- `.zip` of pictures, a folder for each class (`cats/1.png`), or `train` and `test` above them
- `.npz` with `x` (count, height, width, channels) or (count, length, channels), and `y`
- `.h5` as the SIGNS data: `train_set_x`, `train_set_y`, `test_set_x`, `test_set_y`
- `.csv` of signals, one a row, the label in the last or a named column
"""
PATHS, SENT = "data/paths", "data/sent"


def choose(session: Session) -> tuple[str, DataInfo | None, dict[str, Any]]:
    """Show the choice of the data; return its name, what it holds, and how its labels are read.

    What cannot be read with these labels is None.
    """
    place = st.container()
    with st.popover("Data of your own", icon=":material/upload:", type="tertiary"):
        reading = _own(session)
    with place:
        names = [*DATA_NAMES, *_of_person(session)]
        key, first = session.filled("data", names[0])
        chosen = str(
            st.selectbox(
                "Data set",
                names,
                index=names.index(first) if first in names else 0,
                format_func=_title,
                key=key,
                persist_state="session",
                help="Digits and ECG are made on this machine; the others are downloaded once.",
            )
        )
        if chosen not in names:
            # A browser can send any text, and Streamlit compares what is shown of it alone.
            chosen = names[0]
        reading = {} if chosen in DATA_NAMES else reading
        return chosen, _described(chosen, reading), reading


def _described(name: str, reading: dict[str, Any]) -> DataInfo | None:
    try:
        info = describe_data(name, DataSettings(**reading))
    except DataError:
        return None  # said with the other problems
    note = f" {info.note[0].upper()}{info.note[1:]}." if info.note else ""
    st.caption(literal(f"{info.describe()}.{note}"))
    return info


def _of_person(session: Session) -> list[str]:
    paths = [path for path in session.recall(PATHS) or () if Path(path).exists()]
    return list(dict.fromkeys([*(str(path) for path in own_data(session.data_owner)), *paths]))


def _title(name: str) -> str:
    if name in DATA_NAMES:
        return describe_data(name).title
    path = Path(name)
    return f"{path.name} ({path.parent.name[:6]})"


def _own(session: Session) -> dict[str, Any]:
    """Take a file or a path, and how its labels are read."""
    st.markdown(KINDS)
    reading = {name: field(session, name) for name in ("task", "label_column")}
    sent: Any = st.file_uploader("File", type=TYPES, max_upload_size=MAX_UPLOAD_MB, key="data-file")
    if sent is not None and session.recall(SENT) != sent.file_id:
        session.remember(SENT, sent.file_id)
        _take(session, reading, sent)
    if session.is_local:
        path = st.text_input(
            "Or a path on this machine",
            key="data-path",
            placeholder="~/pictures",
            help="A file or a folder of class folders; it stays where it is.",
        )
        if path and session.recall(SENT) != path:
            session.remember(SENT, path)
            _take(session, reading, path)
    return reading


def _take(session: Session, reading: dict[str, Any], given: Any) -> None:
    """Check a file or a path, and choose it when it is good."""
    settings = DataSettings(**reading)
    try:
        with st.spinner("Looking at the data"):
            if isinstance(given, str):
                info = describe_data(given, settings)
                session.remember(PATHS, [*(session.recall(PATHS) or ()), info.name])
            else:
                limits = quota()
                info = keep_data(
                    given.name,
                    given.getvalue(),
                    settings,
                    owner=session.data_owner,
                    most_bytes=limits.data_bytes if limits else None,
                )
    except (BlockwrightError, OSError) as error:
        st.error(literal(str(error)))
        return
    session.fill({"data": info.name})
    st.success(literal(f"Taken: {info.describe()}."))
