"""The columns that the pages show, over the tables that Casefiles made."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class User(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    username = models.CharField(max_length=150, unique=True)

    USERNAME_FIELD = "username"

    class Meta:
        managed = False
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.username


class Source(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=300)

    class Meta:
        managed = False
        db_table = "evidence_source"

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=500)
    title_key = models.CharField(max_length=600)
    created_at = models.DateTimeField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True)
    published_wording = models.CharField(max_length=200)
    lineage = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "evidence_item"

    def __str__(self) -> str:
        return self.title


class Vessel(models.Model):
    id = models.UUIDField(primary_key=True)
    display_name = models.CharField(max_length=300)
    display_name_key = models.CharField(max_length=600)
    imo_number = models.CharField(max_length=7, null=True)  # noqa: DJ001  as Casefiles made it
    vessel_type = models.CharField(max_length=24)
    note = models.TextField()

    class Meta:
        managed = False
        db_table = "registry_vessel"

    def __str__(self) -> str:
        return self.display_name


class Place(models.Model):
    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=300)

    class Meta:
        managed = False
        db_table = "registry_place"

    def __str__(self) -> str:
        return self.name


class PortCall(models.Model):
    assertion_id = models.UUIDField(primary_key=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT)
    arrived_wording = models.CharField(max_length=200)
    departed_wording = models.CharField(max_length=200)
    activity = models.CharField(max_length=12)
    when_key = models.CharField(max_length=10)
    vessels: ClassVar = models.ManyToManyField(Vessel, through="Candidate", related_name="port_calls")

    class Meta:
        managed = False
        db_table = "voyages_portcall"

    def __str__(self) -> str:
        return self.when_key


class Candidate(models.Model):
    port_call = models.ForeignKey(PortCall, on_delete=models.PROTECT)
    vessel = models.ForeignKey(Vessel, on_delete=models.PROTECT)

    class Meta:
        managed = False
        db_table = "voyages_candidate"

    def __str__(self) -> str:
        return str(self.pk)


class Entry(models.Model):
    label = models.CharField(max_length=600)
    detail = models.CharField(max_length=600)
    terms = models.TextField()

    class Meta:
        managed = False
        db_table = "search_searchentry"

    def __str__(self) -> str:
        return self.label
