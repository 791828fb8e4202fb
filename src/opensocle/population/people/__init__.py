"""The seeded people of the fictional country Exemplia."""

from __future__ import annotations

from .making import make_people

__all__ = ["make_people"]
