// How a network looks when it moves: colours of the page, a shape for each kind of thing, and the way from one to the next.
const SHAPES = {
  vessel: "polygon",
  organisation: "rectangle",
  person: "ellipse",
  place: "diamond",
  authority: "pentagon",
  claim: "hexagon",
  evidence: "round-rectangle",
};
const TONES = { place: "ok", authority: "warn", claim: "plain", evidence: "plain" };
// A hull, seen from the side, in the library's square from -1 to 1.
const HULL = "-1 -0.4 1 -0.4 0.6 0.8 -0.7 0.8";

/** A canvas knows no light-dark() and no var(): let the browser say what they come to. */
function colour(element, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function styleOf(element) {
  const read = (name) => colour(element, name);
  const [ink, quiet, line, sheet, bad, sea] = ["--ink", "--ink-2", "--edge", "--sheet", "--bad", "--sea"].map(read);
  const font = getComputedStyle(element).getPropertyValue("--sans").trim() || "sans-serif";
  const tones = { sea: [read("--sea-soft"), sea], ok: [read("--ok-soft"), read("--ok")], warn: [read("--warn-soft"), read("--warn")], plain: [sheet, quiet] };
  const text = { "font-family": font, color: ink, "text-outline-color": sheet, "text-outline-width": 2 };
  const kinds = Object.entries(SHAPES).map(([kind, shape]) => {
    const [ground, edge] = tones[TONES[kind] ?? "sea"];
    const hull = shape === "polygon" ? { "shape-polygon-points": HULL, width: 22 } : {};
    return { selector: `node[kind="${kind}"]`, style: { shape, ...hull, "background-color": ground, "border-color": edge } };
  });
  return [
    { selector: "node", style: { ...text, label: "data(name)", "font-size": 12, width: 16, height: 16, "border-width": 1.5, "text-valign": "bottom", "text-margin-y": 4, "overlay-opacity": 0 } },
    ...kinds,
    { selector: 'node[side="left"]', style: { "text-halign": "left", "text-valign": "center", "text-margin-x": -5, "text-margin-y": 0 } },
    { selector: 'node[side="right"]', style: { "text-halign": "right", "text-valign": "center", "text-margin-x": 5, "text-margin-y": 0 } },
    { selector: "node[?start]", style: { "font-weight": "bold", "font-size": 13 } },
    { selector: "node[?open]", style: { "border-width": 3 } },
    { selector: "edge", style: { ...text, color: quiet, label: "data(words)", "font-size": 10, "min-zoomed-font-size": 13, "text-rotation": "autorotate", width: 1.4, "line-color": line, "curve-style": "bezier", "overlay-opacity": 0 } },
    { selector: "edge.dashed", style: { "line-style": "dashed", "line-dash-pattern": [5, 4] } },
    { selector: "edge.told", style: { "min-zoomed-font-size": 0, "line-color": sea, width: 2, "z-index": 9, color: ink } },
    { selector: "edge[?path]", style: { "line-color": bad, width: 2.5 } },
    { selector: "node[?path]", style: { "border-color": bad } },
    { selector: "node.chosen", style: { "border-color": ink, "border-width": 4, "z-index": 10 } },
    { selector: "edge.chosen", style: { "min-zoomed-font-size": 0, "line-color": ink, width: 2.5 } },
    { selector: ".gone", style: { display: "none" } },
  ];
}

/** Return the library's elements for what the server sent. */
export function elementsOf(data) {
  const nodes = data.nodes.map(({ x, y, key, ...rest }) => ({ group: "nodes", data: { id: key, ...rest }, position: { x, y } }));
  const edges = data.edges.map((edge, number) => ({ group: "edges", data: { id: `edge-${number}`, ...edge } }));
  return [...nodes, ...edges];
}

/** Return the nearest thing that lies that way; what lies far aside counts as farther. */
export function nearestInDirection(nodes, from, [dx, dy]) {
  const here = from.position();
  let best = null;
  nodes.forEach((node) => {
    const { x, y } = node.position();
    const along = (x - here.x) * dx + (y - here.y) * dy;
    const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx);
    if (along > 1 && (!best || along + 2 * aside < best.far)) best = { node, far: along + 2 * aside };
  });
  return best?.node;
}
