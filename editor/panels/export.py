"""Taking a design home: build it in a child process, prove the file, then offer it."""

import json
import shutil
import tempfile
import time
from pathlib import Path

import streamlit as st

from blocks import BlockwrightError, Export, JobCancelled, Receipt, formats, home, start_export
from editor.panels.code import obstacles
from editor.session import Session
from editor.words import as_list, explained, file_stem, literal

FIRST = ("keras", "h5", "python")
POLL_SECONDS = 0.4
KEPT_SECONDS = 24 * 3600
SHORT = 16  # digits of a hash that are enough to tell files apart by eye

Running = dict[tuple[str, ...], tuple[Export, Path]]


def show_dialog(session: Session) -> None:
    """Open the dialog when the person asked for it, and keep it open until it is closed."""
    if session.wish("export"):
        session.remember("export open", True)
    if session.recall("export open"):
        _dialog(session)


def _close() -> None:
    Session().remember("export open", False)


@st.dialog("Export", width="medium", on_dismiss=_close)
@explained()
def _dialog(session: Session) -> None:
    show(session)


def show(session: Session) -> None:
    """Show the choice of formats and, for the chosen one, where its export stands."""
    hindrance = obstacles(session.view.report)
    if hindrance:
        st.markdown("Nothing can be exported while something is in the way:")
        st.markdown(as_list(hindrance))
        return
    known = formats()
    ids = [*(name for name in FIRST if name in known), *(n for n in known if n not in FIRST)]
    chosen = st.selectbox("Format", ids, format_func=lambda name: known[name].title)
    key = _key(session, chosen)
    running: Running = session.recall("exports") or {}
    if key not in running:
        _offer(session, key, running)
        return
    export, path = running[key]
    if export.done:
        _outcome(session, key, export, path)
    else:
        _progress(export)


def _offer(session: Session, key: tuple[str, ...], running: Running) -> None:
    """Offer to make an export, or say why it cannot be had, now or at all."""
    chosen = formats()[key[-1]]
    hindrance = chosen.hindrance(session.view.report)
    if hindrance:
        st.info(literal(hindrance), icon=":material/info:")
        return
    busy = [path.name for export, path in running.values() if not export.done]
    st.button(
        "Build and prove",
        type="primary",
        disabled=bool(busy),
        on_click=_start,
        args=(session, key, chosen.id),
    )
    proof = "A fresh process reads the file back and compares it with the design."
    first = f"{busy[0]} is being made; it comes first." if busy else ""
    st.caption(literal(first or proof))
    if busy:
        _wait_for(running)


@explained()
def _start(session: Session, key: tuple[str, ...], format_id: str) -> None:
    design, suffix = session.stored.design, formats()[format_id].suffix
    path = Path(tempfile.mkdtemp(dir=_folder())) / f"{file_stem(design.name)}{suffix}"
    export = start_export(design, format_id, path)
    session.remember(f"made/{path}", session.revision)
    session.remember("exports", (session.recall("exports") or {}) | {key: (export, path)})


def _forget(session: Session, key: tuple[str, ...]) -> None:
    kept = {other: value for other, value in session.recall("exports").items() if other != key}
    session.remember("exports", kept)


def _wait_for(running: Running) -> None:
    """Run the dialog again when the export on its way is done."""

    @st.fragment(run_every=POLL_SECONDS)
    def wait() -> None:
        if all(export.done for export, _ in running.values()):
            st.rerun()

    wait()


def _progress(export: Export) -> None:
    """Follow an export until it is done."""

    @st.fragment(run_every=POLL_SECONDS)
    def follow() -> None:
        if export.done:
            st.rerun()
        st.progress(export.progress.fraction, literal(export.progress.message))
        if st.button("Cancel"):
            export.cancel()

    follow()


def _outcome(session: Session, key: tuple[str, ...], export: Export, path: Path) -> None:
    try:
        receipt = export.result()
    except (BlockwrightError, OSError) as error:
        say = st.info if isinstance(error, JobCancelled) else st.error
        say(literal(str(error)))
        st.button("Try again", on_click=_forget, args=(session, key))
        return
    st.success(literal(_proven(session, receipt)), icon=":material/verified:")
    with st.container(horizontal=True):
        st.download_button(
            f"Download {path.name}",
            data=path.read_bytes,
            file_name=path.name,
            mime=formats()[key[-1]].mime,
            on_click="ignore",
            type="primary",
            icon=":material/download:",
        )
        st.download_button(
            "Download the receipt",
            data=json.dumps(receipt.to_json(), indent=2),
            file_name=f"{receipt.file}.receipt.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/receipt_long:",
        )
    st.caption(_made(session, path))
    _details(receipt)


def _made(session: Session, path: Path) -> str:
    """Say at which revision a file was made, and whether the design has gone on since."""
    made = session.recall(f"made/{path}")
    if made == session.revision:
        return f"Made at revision {made}."
    return f"Made at revision {made}, now {session.revision}: what is in the file is the same."


def _proven(session: Session, receipt: Receipt) -> str:
    """Say in one line what the receipt proves; the checks one by one are below it."""
    report, largest = session.view.report, receipt.largest_difference
    if largest is None:
        return receipt.sentence()
    outputs = "outputs bitwise equal" if not largest else f"outputs differ by at most {largest:.1g}"
    return f"Proven equal: {len(report.layers)} layers, {report.total:,} parameters, {outputs}"


def _details(receipt: Receipt) -> None:
    with st.expander("What was checked"):
        lines = [f"**{literal(one.name)}** {literal(one.detail)}" for one in receipt.checks]
        st.markdown("  \n".join(f":material/check: {line}" for line in lines))
        versions = literal(", ".join(f"{name} {v}" for name, v in receipt.versions.items()))
        hashes = f"Design {receipt.design_hash[:SHORT]}, file {receipt.sha256[:SHORT]}"
        st.caption(f"{hashes}  \n{versions}")


def _key(session: Session, format_id: str) -> tuple[str, ...]:
    """Name an export by what is in the file: moving a block makes no new one of a model's."""
    if not formats()[format_id].model:
        return session.design_id, str(session.revision), format_id
    graph = session.view.report.graph
    names = " ".join(layer.name for layer in graph)
    carried = session.stored.design.weights
    return graph.hash, names, session.stored.design.name, carried.id if carried else "", format_id


@st.cache_resource(show_spinner=False)
def _folder() -> Path:
    """Return the folder of exported files; what was left a day ago is swept away."""
    folder = home() / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return folder
