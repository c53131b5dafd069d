from django.db import migrations


def read_anew(apps, schema_editor):
    """Have the record of what was done read again from its beginning: more kinds of records are looked up now."""
    apps.get_model("search", "IndexState").objects.update(seq=0)


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0002_words'),
    ]

    operations = [migrations.RunPython(read_anew, migrations.RunPython.noop)]
