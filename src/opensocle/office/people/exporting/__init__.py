"""What a user may see of the registry as a file: with names, or for an analyst without. See docs/howto/import-people.md."""

from .running import Exported, columns_for, export_people

__all__ = ["Exported", "columns_for", "export_people"]
