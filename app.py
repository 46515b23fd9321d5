"""The editor: `streamlit run app.py`."""

import streamlit as st

from editor.chrome import ICON, READ_ONLY, STYLE, pages, show_untold
from editor.people import welcomed
from editor.session import Session
from editor.words import explained

st.set_page_config(page_title="Blockwright", page_icon=ICON, layout="wide")
st.html(STYLE)
page = st.navigation(pages(), position="top")
with explained():
    if not welcomed():
        st.stop()
    session = Session()
    if session.library.is_read_only:
        st.warning(READ_ONLY)
    if page.title == "Design":
        page.run()
    else:
        session.leave_design()
        page.run()
        show_untold(session)
