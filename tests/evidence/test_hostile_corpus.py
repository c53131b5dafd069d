"""The corpus of the battery's part E is whole: what `python -m benchmarks.corpus` sends has files of every class."""

from collections import Counter

from tests.evidence.hostile import corpus


def test_every_class_of_the_battery_has_a_file_and_no_file_is_of_another_class() -> None:
    """Breaks where a family of hostile files falls out of the list, or a class is named that the battery has not."""
    found = Counter(number for number, _name, _content in corpus.cases())

    assert sorted(found) == sorted(corpus.CLASSES)
    assert len(corpus.CLASSES) == 39
