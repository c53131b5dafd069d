"""Measurements of Casefiles, run by `make bench`. Nothing here is a test: a figure never fails a build."""
