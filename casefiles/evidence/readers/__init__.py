"""Reading files that the other side may have written. Pure modules that run inside the cage: no Django, no network.

Each module has `frames(file)`, which yields `Frame`s, and may have `prepare()`, which loads what it needs while files
may still be opened. What one finds is said in the terms of `findings`.
"""
