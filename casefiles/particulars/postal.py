"""Comparing postal addresses: what two spellings of one address share."""

import re

from casefiles.core.folding import fold

# What stands between the parts of an address, and differs from one register to the next.
_BETWEEN = re.compile(r"[\W_]+")


def address_key(address: str) -> str:
    """Return what two writings of an address share: its words and numbers, folded, in their order.

    Case, accents, punctuation and line ends go; nothing is translated, abbreviated or put in another order, so that two
    keys that are equal stand for one text, and one address in two languages has two keys.
    """
    return " ".join(_BETWEEN.sub(" ", fold(address)).split())
