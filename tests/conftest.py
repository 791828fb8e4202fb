"""The same examples on every machine and at every run: a test fails because of a change, never by luck.

`OPENSOCLE_TESTS_SEARCH=1 make test` lets hypothesis look for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("search", derandomize=False)
settings.load_profile("search" if os.environ.get("OPENSOCLE_TESTS_SEARCH") else "same")
