"""The figures as tables on the terminal."""

from typing import Any

HEAD = (
    f"{'page':32}{'queries':>8}{'CPU ms':>8}{'floor':>7}{'ratio':>7}{'budget':>8}"
    f"{'median':>8}{'floor':>7}{'ratio':>7}{'p95/50':>8}{'kB':>7}{'gz':>6}"
)


def show(name: str, figures: dict[str, Any]) -> None:
    """Print one database's figures; a page over its budget is marked."""
    seeded = figures["seeded"]
    print(f"\n{name}: {seeded['items']:,} items, filled in {seeded['seconds']} s\n{HEAD}")
    for page in figures["pages"]:
        print(line_of(page))
    ours, floor = figures["process"]["casefiles"], figures["process"]["floor"]
    print(f"memory of a worker {ours['memory_mb']} MB, floor {floor['memory_mb']} MB")
    print(f"first request after start {ours['first_ms']} ms, floor {floor['first_ms']} ms")
    taken = figures["ingest"]
    ratio = taken["casefiles_s"] / taken["floor_s"]
    print(
        f"taking in {taken['megabytes']} MB: {taken['casefiles_s']} s, floor {taken['floor_s']} s, "
        f"{ratio:.2f} x (budget 1.5); memory grew by {taken['grown_mb']} MB"
    )
    read = figures["positions"]
    print(
        f"reading {read['rows']:,} positions: {read['casefiles_rows_s']:,} a second, floor {read['floor_rows_s']:,}, "
        f"{read['ratio']} x (budget 5); memory peaked at {read['peak_mb']} MB"
    )


def line_of(page: dict[str, Any]) -> str:
    """Return one page's figures, marked at the end where they are over its budget."""
    own, beside, at_most = page["cost"], page["beside"], page["at_most"]
    cpu_ratio = own["cpu_ms"] / beside["cpu_ms"] if beside else None
    measured = cpu_ratio if beside else own["cpu_ms"]
    budget = "" if at_most is None else f"{at_most} {'x' if beside else 'ms'}"
    mark = "  over" if at_most is not None and measured > at_most else ""
    return (
        f"{page['name']:32}{page['queries']:>8}{own['cpu_ms']:>8}{_beside(beside, 'cpu_ms'):>7}{_ratio(cpu_ratio):>7}"
        f"{budget:>8}{own['median_ms']:>8}{_beside(beside, 'median_ms'):>7}"
        f"{_ratio(own['median_ms'] / beside['median_ms'] if beside else None):>7}"
        f"{own['p95_ms'] / own['median_ms']:>8.1f}{own['bytes'] / 1000:>7.1f}{own['compressed'] / 1000:>6.1f}{mark}"
    )


def _beside(beside: dict[str, Any] | None, name: str) -> str:
    return f"{beside[name]}" if beside else ""


def _ratio(value: float | None) -> str:
    return f"{value:.1f}" if value is not None else ""
