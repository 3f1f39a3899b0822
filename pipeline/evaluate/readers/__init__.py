"""One file per format in which people and products write down a meeting; read.py chooses."""
