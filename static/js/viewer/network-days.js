// Whether a link held in a window of days; the same rule as `core.network.held` on the server.
const DAY_MS = 86_400_000;
const RANK = ["impossible", "possible", "certain"];

/** Days are counted from 1970; `days` are the earliest, the latest, and between which it certainly held, or null. */
export function certainty(link, since, until, today) {
  const [earliest, latestKnown, certainFrom, certainKnown] = link.days;
  const known = link.days.filter((day) => day !== null);
  if (!known.length) return since !== null || until !== null ? "possible" : "certain";
  const first = since ?? -Infinity;
  const last = until ?? Infinity;
  const latest = link.ongoing ? Math.max(today, ...known) : latestKnown;
  if ((earliest !== null && earliest > last) || (latest !== null && latest < first)) return "impossible";
  const certainTo = link.ongoing && certainKnown !== null ? Math.max(today, certainKnown) : certainKnown;
  if (certainFrom !== null && certainTo !== null && certainFrom <= last && certainTo >= first) return "certain";
  return earliest !== null && latest !== null && earliest >= first && latest <= last ? "certain" : "possible";
}

export function strongest(found) {
  return RANK[Math.max(...found.map((one) => RANK.indexOf(one)))];
}

/** Return one day, or two as a range; `allTime` where neither is given. */
export function rangeText(since, until, allTime = "") {
  const text = (day) => (day === null || day === undefined ? "" : new Date(day * DAY_MS).toISOString().slice(0, 10));
  if (until === undefined) return text(since);
  return since === null && until === null ? allTime : `${text(since) || "…"} – ${text(until) || "…"}`;
}
