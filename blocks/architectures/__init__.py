"""Reference networks, one file each or one per family, written with the public names only."""
