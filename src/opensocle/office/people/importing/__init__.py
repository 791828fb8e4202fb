"""Files of other systems read into the registry: looked at first (`preview_people`), then taken over (`import_people`). See docs/howto/import-people.md."""

from .running import Done, Preview, import_people, preview_people

__all__ = ["Done", "Preview", "import_people", "preview_people"]
