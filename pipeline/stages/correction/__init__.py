"""The layers that the correct stage puts over recognised words, one file each."""
