"""Exemplia's study of impact, worked out once for all tests of its publication."""

from __future__ import annotations

from functools import cache

from opensocle import country_folder
from opensocle.analysis.impact.model import Impact
from opensocle.analysis.impact.reading import read_settings
from opensocle.analysis.impact.study import study
from opensocle.law.law import load


@cache
def impact() -> Impact:
    folder = country_folder("exemplia")
    law = load(folder)
    return study(law, read_settings(folder / "impact.yaml", law), folder=folder)
