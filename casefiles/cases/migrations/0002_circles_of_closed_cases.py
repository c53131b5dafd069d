"""Shut the circles of the cases that are closed already."""

from django.db import migrations
from django.utils import timezone

CLOSED = ("closed", "archived")


def shut(apps, schema_editor):
    closed = apps.get_model("cases", "Case").objects.filter(status__in=CLOSED)
    circles = apps.get_model("access", "Compartment").objects
    circles.filter(pk__in=closed.values("compartment_id"), closed_at=None).update(closed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0001_initial"),
        ("access", "0003_a_circle_closes_with_its_case"),
    ]

    operations = [migrations.RunPython(shut, migrations.RunPython.noop)]
