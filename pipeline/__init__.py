"""kaigiroku: an offline pipeline from a recorded meeting to official Japanese minutes."""

__version__ = "0.1.0"
