"""The Compare page: two to six designs side by side."""

from editor.panels import compare
from editor.session import Session

compare.show(Session())
