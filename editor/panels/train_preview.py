"""What the data look like: samples and balance of the classes, and how many train and judge."""

from typing import Any

import streamlit as st

from blocks import (
    DataInfo,
    Job,
    JobError,
    Preview,
    TrainingSettings,
    bytes_text,
    download_bytes,
    previewed,
    start_preview,
)
from editor.panels import run_list
from editor.session import Session
from editor.words import literal

ROW_HEIGHT, ROWS = 58, 3
HEIGHT = ROW_HEIGHT * ROWS + 42
WAITING = "data/preview"


def show(session: Session, info: DataInfo, settings: TrainingSettings) -> None:
    """Show the preview; while a child process makes it, its place is kept."""
    known = session.recall(run_list.kept(session)) is not None or any(
        run.design_id == session.design_id for run in run_list.of_person(session)
    )
    # Where there is a run already, that is what one looks at.
    with st.expander("The data", expanded=not known, icon=":material/database:"):
        _show(session, info, settings)


def _show(session: Session, info: DataInfo, settings: TrainingSettings) -> None:
    if any(settings.problems()):
        st.caption("Samples appear here once the settings are right.")
        return
    train, validation, test = info.parts(settings)
    parts = f"{train:,} samples train, {validation:,} judge after each epoch"
    st.caption(f"{parts}, {test:,} are kept for the end." if test else f"{parts}.")
    found = previewed(info, settings)
    if found is None:
        _make(session, info, settings)
        return
    st.dataframe(
        rows(found),
        hide_index=True,
        height=HEIGHT,
        row_height=ROW_HEIGHT,
        column_config=_columns(found),
        key="data-preview",
    )
    st.caption(
        literal(f"As the network gets them: values from {found.low:.3g} to {found.high:.3g}.")
    )


def rows(found: Preview) -> list[dict[str, Any]]:
    """Return a row for each class: its name, its samples, and how many there are."""
    shown = max(len(row.samples) for row in found.rows)
    return [
        {
            "Class": row.name,
            "Count": row.count,
            **{
                str(at + 1): row.samples[at] if at < len(row.samples) else None
                for at in range(shown)
            },
        }
        for row in found.rows
    ]


def _columns(found: Preview) -> dict[str, Any]:
    most = max(row.count for row in found.rows)
    shown = max(len(row.samples) for row in found.rows)
    config: dict[str, Any] = {
        "Class": st.column_config.TextColumn(width=120),
        "Count": st.column_config.ProgressColumn(
            format="%d",
            min_value=0,
            max_value=most,
            width=150,
            help="Samples of the training part.",
        ),
    }
    pictures = any(isinstance(one, str) for row in found.rows for one in row.samples)
    for at in range(shown):
        config[str(at + 1)] = (
            st.column_config.ImageColumn("", width=70)
            if pictures
            else st.column_config.LineChartColumn("", width=110)
        )
    return config


def _make(session: Session, info: DataInfo, settings: TrainingSettings) -> None:
    """Make the preview at once, or, where that needs a download, when it is asked for."""
    mark = (info.name, repr(settings))
    kept: tuple[Any, Job] | None = session.recall(WAITING)
    missing = download_bytes(info.name)
    if kept and kept[0] == mark:
        _follow(info, kept[1])
        if kept[1].done and missing:
            _offer_download(session, info, settings, "Try again")
    elif missing:
        st.caption(f"{info.title} are not on this machine yet.")
        _offer_download(session, info, settings, f"Download {bytes_text(missing)} and look")
    else:
        _follow(info, _started(session, info, settings))


def _offer_download(
    session: Session, info: DataInfo, settings: TrainingSettings, label: str
) -> None:
    if st.button(
        label,
        icon=":material/download:",
        key="download-data",
        help="They are kept on this machine; a run downloads them too, if they are missing.",
    ):
        _started(session, info, settings)
        st.rerun()


def _started(session: Session, info: DataInfo, settings: TrainingSettings) -> Job:
    """Start the preview in a child process, in the place of one that goes on."""
    kept: tuple[Any, Job] | None = session.recall(WAITING)
    if kept:
        kept[1].cancel()
    job = start_preview(info, settings)
    session.remember(WAITING, ((info.name, repr(settings)), job))
    return job


def _follow(info: DataInfo, job: Job) -> None:
    """Show how far the preview is, in the place that it will take."""
    going = not job.done

    @st.fragment(run_every=0.5 if going else None)
    def follow() -> None:
        if going and job.done:
            st.rerun()  # the preview, or why there is none and a way on
        with st.container(height=HEIGHT, border=True):
            try:
                if job.done:
                    job.result()
                elif info.is_downloaded:
                    st.progress(job.progress.fraction, literal(job.progress.message))
                    if st.button("Cancel", key="cancel-download"):
                        job.cancel()
                else:
                    st.caption("Looking at the data ...")
            except JobError as error:
                st.error(literal(str(error)))

    follow()
