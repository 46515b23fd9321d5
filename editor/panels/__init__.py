"""The parts of the pages: one file each, with a function `show`."""
