"""Who may be registered twice: found in a batch, judged by an officer, never joined by the program itself. See docs/methods/duplicates.md."""

from .finding import Found, find_duplicates
from .judging import compared, judge_pair, open_pairs

__all__ = ["Found", "compared", "find_duplicates", "judge_pair", "open_pairs"]
