"""The reference page."""

import subprocess
import sys
from pathlib import Path

from opensocle.vocabulary import LABELS, TABLES, labels, page, vocabulary

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "vocabulary.md"


def test_the_page_is_current() -> None:
    hint = "run: python -m opensocle.vocabulary > docs/reference/vocabulary.md"
    assert PAGE.read_text(encoding="utf-8") == page(), hint


def test_the_command_prints_the_page() -> None:
    done = subprocess.run([sys.executable, "-m", "opensocle.vocabulary"], check=True, capture_output=True)
    assert done.stdout.decode() == page()


def test_every_word_is_on_the_page() -> None:
    text = page()
    for table in TABLES:
        assert all(f"| `{name}` |" in text for name in vocabulary().tables[table])
    assert all(f"### {name}\n" in text for name in vocabulary().codes)
    assert all(f"| `{name}` |" in text for kind in LABELS for name in labels(kind))
