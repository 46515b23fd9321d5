"""The editor: `streamlit run app.py`."""

import streamlit as st

from editor.chrome import ICON, STYLE, pages
from editor.words import explained

st.set_page_config(page_title="Blockwright", page_icon=ICON, layout="wide")
st.html(STYLE)
page = st.navigation(pages(), position="top")
with explained():
    page.run()
