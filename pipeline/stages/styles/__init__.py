"""Styles of minutes: 整文 as layers over the recognised words, so that every text still leads back to the recording."""
