"""The Train page: a form on the left, the runs and their curves on the right."""

import streamlit as st

from editor.panels import (
    given_weights,
    run_compare,
    run_deleted,
    run_detail,
    run_form,
    run_lesson,
    run_list,
)
from editor.session import Session

ONE, SEVERAL, GIVEN = "One run", "Compare runs", "Weights from a file"

session = Session()
form, watch = st.columns([1, 2.4], gap="large")
look = watch.container()
with form:
    data, settings = run_form.show(session, look)
    run_lesson.show(session)
with watch:
    run_deleted.offer_return(session)
    found = run_list.of_person(session)
    run = run_list.choose(session, found)
    view = st.segmented_control(
        "View",
        [ONE, SEVERAL, GIVEN] if len(found) > 1 else [ONE, GIVEN],
        default=ONE,
        required=True,
        label_visibility="collapsed",
        key="run/view",
    )
    if view == GIVEN:
        given_weights.show(session, data, settings)
    elif run is None:
        st.info(
            "No run yet. Its curves appear here once you start one.", icon=":material/timeline:"
        )
    elif view == SEVERAL:
        run_compare.show(found, run)
    else:
        run_detail.show(session, run)
    run_deleted.show(session)
