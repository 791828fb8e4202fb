"""Prints docs/reference/vocabulary.md: `python -m opensocle.vocabulary > docs/reference/vocabulary.md`."""

from __future__ import annotations

import sys

from .reference import page

sys.stdout.buffer.write(page().encode())
