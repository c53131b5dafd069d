"""Exact values of what evidence is and how it is graded."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemKind(models.TextChoices):
    SATELLITE_IMAGE = "satellite image", _("satellite image")
    PHOTOGRAPH = "photograph", _("photograph")
    VIDEO = "video", _("video")
    NEWS_REPORT = "news report", _("news report")
    DOCUMENT = "document", _("document")
    WEB_PAGE = "web page", _("web page")
    SOCIAL_MEDIA = "social media post", _("social media post")
    AIS_EXTRACT = "ais extract", _("AIS extract")
    OFFICIAL_RECORD = "official record", _("official record")
    TESTIMONY = "testimony", _("testimony")
    DRAWING = "drawing", _("drawing")


class SourceKind(models.TextChoices):
    AGENCY = "agency", _("news agency")
    OUTLET = "outlet", _("news outlet")
    IMAGERY = "imagery provider", _("imagery provider")
    INSTITUTE = "institute", _("research institute")
    MINISTRY = "ministry", _("ministry or public body")
    LIST = "list publisher", _("publisher of a sanctions list")
    REGISTER = "register", _("ship register or database")
    SOCIAL = "social media account", _("social media account")
    WITNESS = "witness", _("witness")
    OWN = "own work", _("our own work")


class Reliability(models.TextChoices):
    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: reliability cannot be judged")


class Credibility(models.TextChoices):
    ONE = "1", _("1: confirmed by other sources")
    TWO = "2", _("2: probably true")
    THREE = "3", _("3: possibly true")
    FOUR = "4", _("4: doubtful")
    FIVE = "5", _("5: improbable")
    SIX = "6", _("6: truth cannot be judged")


class Lineage(models.TextChoices):
    NOT_RECORDED = "not recorded", _("not recorded")
    ORIGIN = "origin", _("origin")
    DERIVED = "derived", _("derived")


class ItemStatus(models.TextChoices):
    CURRENT = "current", _("current")
    CORRECTED = "corrected", _("corrected")
    RETRACTED = "retracted", _("retracted")
    DISPUTED = "disputed", _("disputed by its publisher")
    SUPERSEDED = "superseded", _("superseded")


class Tlp(models.TextChoices):
    RED = "TLP:RED", "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT", "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER", "TLP:AMBER"
    GREEN = "TLP:GREEN", "TLP:GREEN"
    CLEAR = "TLP:CLEAR", "TLP:CLEAR"


# How the making of a derivative begins whose words a program recognised in a picture.
READ_BY_OCR = "read by OCR"


class FileRole(models.TextChoices):
    ORIGINAL = "original", _("original")
    CAPTURE = "capture", _("capture")
    DERIVATIVE = "derivative", _("derivative")
    TRANSLATION = "translation", _("translation")


class CustodyAct(models.TextChoices):
    RECEIVED = "received", _("received")
    COLLECTED = "collected", _("collected")
    ACCESSED = "accessed", _("accessed")
    COPIED = "copied", _("copied")
    DERIVED = "derived", _("derived")
    TRANSFERRED = "transferred", _("transferred")
    EXPORTED = "exported", _("exported")
    VERIFIED = "verified", _("verified")
    FAILED = "failed check", _("failed its check")
    RELEASED = "released", _("released")
    VOIDED = "voided", _("voided")
    RESTORED = "restored", _("restored")
    HELD = "put on hold", _("put on hold")
    HOLD_LIFTED = "hold lifted", _("hold lifted")


class HoldKind(models.TextChoices):
    LEGAL_HOLD = "legal hold", _("legal hold")
    RETENTION = "retention", _("kept until")


class DerivationKind(models.TextChoices):
    QUOTES = "quotes", _("quotes")
    REWRITES = "rewrites", _("rewrites")
    TRANSLATES = "translates", _("translates")
    SYNDICATES = "syndicates", _("syndicates")
    REPUBLISHES_IMAGE = "republishes image", _("republishes the image of")
    SHARES_DATASET = "shares dataset", _("shares the dataset of")
    SAME_WITNESS = "same witness", _("has the same witness as")


class CitationStance(models.TextChoices):
    SUPPORTS = "supports", _("supports")
    CONTRADICTS = "contradicts", _("contradicts")
    CONTEXT = "context", _("context")


class LocatorKind(models.TextChoices):
    WHOLE = "whole", _("whole item")
    PAGE = "page", _("page")
    PARAGRAPH = "paragraph", _("paragraph")
    TIMECODE = "timecode", _("timecode")
    REGION = "region", _("image region")
    CELL = "cell", _("table cell")
    ROWS = "rows", _("row range")
    FRAGMENT = "fragment", _("part of a page")


class QuoteCheck(models.TextChoices):
    NO_QUOTE = "no quote", _("no quote")
    FOUND = "found", _("quote found in the stored copy")
    FOUND_IN_OCR = "found in OCR", _("quote found only in words read by OCR, which may be wrong")
    NOT_FOUND = "not found", _("quote not found in the stored copy")
    NO_TEXT = "no text", _("no stored text to check the quote against")


class Basis(models.TextChoices):
    REGISTRY = "registry", _("registry")
    SELF_REPORTED = "self-reported", _("self-reported by AIS")
    IMAGERY = "imagery", _("imagery")
    DOCUMENT = "document", _("document")
    STATEMENT = "statement", _("statement")
    INFERENCE = "inference", _("inference")


class ReadingState(models.TextChoices):
    READ = "read", _("read")
    NOT_PARSED = "not parsed", _("not parsed")
    OPAQUE = "opaque", _("kept as it is: no reader for this kind of file")


class Likeness(models.TextChoices):
    PICTURE = "picture", _("the same picture")
    TEXT = "text", _("the same passage")
    ADDRESS = "address", _("the same address")


class PreservedPart(models.TextChoices):
    """The parts of `completeness.Part`, for people."""

    ADDRESS = "address", _("web address")
    SOURCE_CODE = "source code", _("source code of the page")
    FULL_PAGE = "full-page capture", _("capture of the full page")
    EMBEDDED_MEDIA = "embedded media", _("embedded media")
    EMBEDDED_METADATA = "embedded metadata", _("embedded metadata")
    CONTEXT = "context", _("context")
    COLLECTION_DATA = "collection data", _("who collected it, when and how")
    HASH = "hash", _("hash")


class PreservedState(models.TextChoices):
    """What a person may say of a part that the files do not show."""

    SAID = "said to be present", _("present, but held elsewhere or in another form")
    NOT_APPLICABLE = "not applicable", _("not applicable")


class SelectorKind(models.TextChoices):
    """Values are the types of the W3C Web Annotation model."""

    RECTANGLE = "FragmentSelector", _("rectangle")
    POLYGON = "SvgSelector", _("polygon")
    PASSAGE = "TextQuoteSelector", _("passage")


class AnnotationPurpose(models.TextChoices):
    """Motivations of the W3C Web Annotation model. Identifying is left out: it has a sheet and a guard of its own."""

    COMMENTING = "commenting", _("comment")
    DESCRIBING = "describing", _("description")
    HIGHLIGHTING = "highlighting", _("highlight")
    QUESTIONING = "questioning", _("question")


class SeenLevel(models.TextChoices):
    DETECT = "detect", _("detect: something is there")
    CLASSIFY = "classify", _("classify: what kind of ship")
    IDENTIFY = "identify", _("identify: which ship")
