"""The pages of a case."""
