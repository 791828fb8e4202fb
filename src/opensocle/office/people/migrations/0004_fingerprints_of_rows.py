from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_drafts_spellings_closed_files")]

    operations = [migrations.AlterField(model_name="sourcekey", name="digest", field=models.TextField())]
