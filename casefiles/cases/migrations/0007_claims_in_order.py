"""Claims stood in the order of their numbers: that is the order they begin with."""

from django.db import migrations
from django.db.models import F


def by_number(apps, schema_editor):
    apps.get_model("cases", "Claim").objects.using(schema_editor.connection.alias).update(position=F("number"))


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_claims_ledger")]

    operations = [migrations.RunPython(by_number, migrations.RunPython.noop)]
