"""The editor: `streamlit run app.py`."""

import streamlit as st

from editor.chrome import ICON, STYLE, pages
from editor.people import welcomed
from editor.session import Session
from editor.words import explained

st.set_page_config(page_title="Blockwright", page_icon=ICON, layout="wide")
st.html(STYLE)
page = st.navigation(pages(), position="top")
with explained():
    if not welcomed():
        st.stop()
    if page.title != "Design":
        Session().leave_design()
    page.run()
