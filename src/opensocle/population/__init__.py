"""Whom the law applies to: tables of persons, households and histories, read from anybody's files and checked."""

from __future__ import annotations

from .households import household_of, households, sample, sample_ids
from .mapping import SourceMapping, read_mapping
from .readers import read
from .report import Finding, RejectedRows, Report, TableCount
from .tables import Population, Table
from .united_nations import read_united_nations

__all__ = [
    "Finding",
    "Population",
    "RejectedRows",
    "Report",
    "SourceMapping",
    "Table",
    "TableCount",
    "household_of",
    "households",
    "read",
    "read_mapping",
    "read_united_nations",
    "sample",
    "sample_ids",
]
