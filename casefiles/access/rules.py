"""Who may do what, as data: acts, roles, and which role each act needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VIEWER = "viewer", _("viewer")
    RESEARCHER = "researcher", _("researcher")
    EDITOR = "editor", _("editor")
    LEAD = "lead", _("lead")


class Act(models.TextChoices):
    READ = "read", _("read")
    COMMENT = "comment", _("comment")
    EDIT = "edit", _("edit")
    REVIEW = "review", _("review")
    RELEASE = "release", _("release")
    MANAGE = "manage", _("manage the team")


class Visibility(models.TextChoices):
    RESTRICTED = "restricted", _("restricted")
    OPEN = "open", _("open to every member")


_EVERY_ROLE = (Role.VIEWER, Role.RESEARCHER, Role.EDITOR, Role.LEAD)

ROLES_FOR: dict[Act, tuple[Role, ...]] = {
    Act.READ: _EVERY_ROLE,
    Act.COMMENT: _EVERY_ROLE,
    Act.EDIT: (Role.RESEARCHER, Role.EDITOR, Role.LEAD),
    Act.REVIEW: (Role.EDITOR, Role.LEAD),
    Act.RELEASE: (Role.EDITOR, Role.LEAD),
    Act.MANAGE: (Role.LEAD,),
}
