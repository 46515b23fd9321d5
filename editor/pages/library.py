"""The Library page: a person's designs, and the ways to begin one."""

from editor.panels import designs, uploads
from editor.session import Session

session = Session()
uploads.show(session)
designs.show(session)
