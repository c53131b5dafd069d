"""What people type on pages that span apps."""

from django.utils.translation import gettext_lazy as _

from casefiles.core.forms import Form, MomentField


class AsAtForm(Form):
    """The day, month or other moment for which a page answers."""

    as_at = MomentField(label=_("As at"), required=False, help_text="")
