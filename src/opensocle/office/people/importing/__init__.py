"""Files of other systems read into the registry: looked at first, then taken over. See docs/howto/import-people.md."""

from .running import Done, Preview, import_people, preview_people

__all__ = ["Done", "Preview", "import_people", "preview_people"]
