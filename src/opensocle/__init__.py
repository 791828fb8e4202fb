"""Run a national social protection system from one text of the law."""

__version__ = "0.1.0"
