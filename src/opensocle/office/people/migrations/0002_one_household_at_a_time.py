from typing import ClassVar

from django.db import migrations

from opensocle.office.people.exclusions import add, remove


class Migration(migrations.Migration):
    dependencies: ClassVar = [("people", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(add, remove)]
