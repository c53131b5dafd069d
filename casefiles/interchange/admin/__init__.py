"""Registers what lies below the bases of the admin (accounts, audit, access), and what is imported and exported."""

from casefiles.interchange.admin import chain, exchange, people

__all__ = ["chain", "exchange", "people"]
