"""Names alike to one among very many, without comparing it with each.

Likeness is the normalised Indel similarity of rapidfuzz, in percent: names of n and m letters are at least s % alike
where at most (1 - s/100)(n + m) letters were put in or taken out. Each such letter breaks at most two pairs of
neighbours of the name asked. So of any 2d + 1 of its pairs, one also stands in every name within d letters: only names
that share one of the rarest are compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

MOST = 50


class AlikeNames:
    """Names, by their length and pairs of neighbouring letters."""

    def __init__(self, names: Iterable[str]) -> None:
        self._of_length: dict[int, list[str]] = defaultdict(list)
        self._with_pair: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name in names:
            self._of_length[len(name)].append(name)
            for pair in set(_pairs(name)):
                self._with_pair[len(name)][pair].append(name)

    def of(self, asked: str, *, least: int) -> Iterator[tuple[str, int]]:
        """Yield names that are at least `least` % alike, with the likeness in whole percent, the most alike first."""
        found = process.extract(
            asked, list(self._candidates(asked, least)), scorer=fuzz.ratio, score_cutoff=least, limit=MOST
        )
        return ((name, int(score)) for name, score, _place in found)

    def _candidates(self, asked: str, least: int) -> Iterator[str]:
        pairs, count = _pairs(asked), len(asked)
        for length, names in self._of_length.items():
            apart = (100 - least) * (count + length) // 100
            if abs(count - length) > apart:
                continue
            needed = 2 * apart + 1
            if needed > len(pairs):
                yield from names
                continue
            having = self._with_pair[length]
            rarest = sorted(pairs, key=lambda pair: len(having.get(pair, ())))[:needed]
            yield from {name for pair in set(rarest) for name in having.get(pair, ())}


def _pairs(name: str) -> list[str]:
    return [name[place : place + 2] for place in range(len(name) - 1)]
