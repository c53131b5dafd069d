"""What is imported and exported in the admin."""

from django.contrib import admin

from casefiles.evidence.admin import ItemAdmin
from casefiles.evidence.models import Item
from casefiles.registry.admin import VesselAdmin
from casefiles.registry.models import Vessel

admin.site.register(Vessel, VesselAdmin)
admin.site.register(Item, ItemAdmin)
