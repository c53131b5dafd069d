"""The floor: a bare Django project that does the same visible work over the same tables, to measure Casefiles against.

It asks nobody's permission, records nothing and translates nothing: whatever Casefiles costs beyond it is the price of
what Casefiles does.
"""
