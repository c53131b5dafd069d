"""Readers of position files: pure and streaming, one fix at a time. What cannot be read is said by row and column."""
