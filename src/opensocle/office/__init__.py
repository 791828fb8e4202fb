"""The office: one counter for every scheme, driven by the text of the law. Only this room knows Django. See docs/decisions/0007-the-office.md."""
