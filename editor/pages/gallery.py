"""The Templates page: the reference networks, to look at and to begin with."""

from editor.panels import gallery
from editor.session import Session

gallery.show(Session())
