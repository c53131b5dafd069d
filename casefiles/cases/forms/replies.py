"""What people type about requests for comment."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from casefiles.cases.forms.fields import OfCase, area, line
from casefiles.cases.models import AttemptOutcome, CaseStatement, Channel, Claim
from casefiles.core.forms import Form, RecordField
from casefiles.core.zones import UnknownZone, meant_in, on_the_clock
from casefiles.registry.models import Organisation, Person

_ZONED = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d)$")


class ClockField(forms.DateTimeField):
    """A day and a time of day; the zone they are meant in stands in a field of its own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and _ZONED.search(value.strip()):
            raise ValidationError(now("Leave the zone to its own field."), code="invalid")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return value


class Clocked(Form):
    """A form whose times are meant in its zone. `clocks` names them."""

    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        initial="UTC",
        widget=line(autocomplete="off", spellcheck="false"),
        help_text=_("As in “UTC”, “Europe/London”, “Asia/Vladivostok”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if isinstance(field, ClockField) and cleaned.get(name) and cleaned.get("zone"):
                self._place(cleaned, name)
        return cleaned

    def _place(self, cleaned: dict[str, Any], name: str) -> None:
        try:
            cleaned[name] = meant_in(cleaned[name], cleaned["zone"])
        except UnknownZone:
            self.add_error("zone", now("There is no time zone “%(zone)s”.") % {"zone": cleaned["zone"]})


def clock(at: datetime | None, zone: str) -> str:
    """Return an instant as a field of time shows it, on the clocks of a zone."""
    return f"{on_the_clock(at, zone):%Y-%m-%dT%H:%M}" if at else ""


class RequestForm(Clocked, OfCase):
    """Whom to ask, about which claims, and until when. `claims` are those that may be put, by key."""

    organisation = RecordField(
        model=Organisation,
        label=_("Organisation"),
        suggest_url="registry:organisation_suggest",
        create_url="registry:organisation_add",
        required=False,
        help_text=_("Or a person, or the party as it is named: one of the three."),
    )
    person = RecordField(
        model=Person,
        label=_("Person"),
        suggest_url="registry:person_suggest",
        create_url="registry:person_add",
        required=False,
    )
    party_text = forms.CharField(label=_("Party as named"), required=False, max_length=300, widget=line())
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    deadline_at = ClockField(
        label=_("Deadline"), required=False, help_text=_("What the letter states; needed before it is sent.")
    )
    claims = forms.MultipleChoiceField(
        label=_("Claims that are put"), required=False, widget=forms.CheckboxSelectMultiple
    )
    introduction = forms.CharField(
        label=_("How the letter begins"),
        required=False,
        max_length=5000,
        widget=area(),
        help_text=_("Empty for a plain sentence. The letter never names the case, its exhibits or its sources."),
    )
    signature = forms.CharField(
        label=_("Signed"),
        required=False,
        max_length=300,
        widget=line(),
        help_text=_("Who asks, and where to reach them."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=5000, widget=area(), help_text=_("For the team; not in the letter.")
    )

    field_order = (
        "organisation", "person", "party_text", "claims", "channel", "deadline_at", "zone", "introduction", "signature",
        "note",
    )  # fmt: skip

    def __init__(self, *args: Any, claims: Mapping[str, Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.citable = claims
        self.fields["claims"].choices = [  # type: ignore[attr-defined]
            (key, f"{claim.label} {claim.text}") for key, claim in claims.items()
        ]
        if not claims:
            self.fields["claims"].help_text = now("The case has no claim yet that could be put.")

    def clean_claims(self) -> list[Claim]:
        return [self.citable[key] for key in self.cleaned_data["claims"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = {"organisation", "person", "party_text"}
        if not names & set(self.errors) and sum(bool(cleaned.get(name)) for name in names) != 1:
            self.add_error("organisation", now("Name one party: an organisation, a person, or as it is named."))
        return cleaned


class SentRequestForm(Clocked):
    """What still may change of a request that was sent."""

    deadline_at = ClockField(label=_("Deadline"), help_text=_("It can only be put off."))
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    field_order = ("deadline_at", "zone", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the party was told stays; the field is there to say what the time means.
        self.fields["zone"].disabled = True


class SendForm(Clocked):
    """When and how the letter went out, and until when an answer is asked for."""

    sent_at = ClockField(label=_("Sent"))
    deadline_at = ClockField(label=_("Deadline"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    outcome = forms.ChoiceField(label=_("What came of it"), initial=AttemptOutcome.SENT)
    note = forms.CharField(
        label=_("Note on this attempt"),
        required=False,
        max_length=5000,
        widget=area(),
        help_text=_("Such as the address it went to."),
    )

    field_order = ("sent_at", "deadline_at", "zone", "channel", "outcome", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = AttemptOutcome.choices[:4]
        self.fields["outcome"].choices = reached  # type: ignore[attr-defined]


class AttemptForm(Clocked):
    """An attempt to reach the party. `members` are those who may have made it, by key."""

    made_at = ClockField(label=_("When"))
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    made_by = forms.ChoiceField(label=_("By whom"))
    outcome = forms.ChoiceField(label=_("What came of it"), choices=AttemptOutcome.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())

    field_order = ("made_at", "zone", "channel", "made_by", "outcome", "note")

    def __init__(self, *args: Any, members: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        self.fields["made_by"].choices = [(key, str(one)) for key, one in members.items()]  # type: ignore[attr-defined]

    def clean_made_by(self) -> Any:
        return self.members[self.cleaned_data["made_by"]]


class AttemptOutcomeForm(Form):
    """What came of an attempt after all."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=AttemptOutcome.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=5000, widget=area())


class ResponseForm(Form):
    """Which statement in the case is the answer. `statements` are those that may be, by key."""

    response = forms.ChoiceField(label=_("Statement"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, statements: Mapping[str, CaseStatement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = statements
        self.fields["response"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.label} {one.statement.speaker_name}: {one.statement.text[:160]}")
            for key, one in statements.items()
        ]
        if not statements:
            self.fields["response"].help_text = now("The case holds no statement yet: record the reply first.")

    def clean_response(self) -> CaseStatement:
        return self.statements[self.cleaned_data["response"]]
