"""Questions about accounts."""

from django.contrib.auth.models import UserManager as DjangoUserManager


class UserManager(DjangoUserManager):
    """Django's manager: creates accounts with hashed passwords and normalised names."""

    use_in_migrations = False
