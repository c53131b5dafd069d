"""The pages of one dated value, and the forms that record, correct, cite and void it."""
