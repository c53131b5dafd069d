// Marks on an image: what is drawn with the pointer or with the keys, what is marked, and what was noted before.
import { toMap, toPixels } from "casefiles/viewer/image-map.js";

const CORNERS = { rectangle: 2, measure: 2, polygon: Infinity };

export class RegionTool {
  /** `onDone(kind, points)` is called with the corners of what was drawn, in pixels. */
  constructor(ol, size, onDone) {
    this.ol = ol;
    this.size = size;
    this.onDone = onDone;
    this.kind = "";
    this.source = new ol.source.Vector();
    this.layer = new ol.layer.Vector({ source: this.source, style: (feature) => this.style(feature) });
  }

  addTo(map) {
    this.map = map;
  }

  /** Take up a tool ("rectangle", "polygon", "measure"), or put it down (""); the cross begins at `start`. */
  use(kind, start) {
    if (this.draw) this.map.removeInteraction(this.draw);
    this.draw = null;
    this.kind = kind;
    this.points = [];
    this.remove("cursor", "sketch");
    if (!kind) return;
    this.cursor = start.map(Math.round);
    this.showSketch();
    this.draw = this.pointerDrawing(kind);
    this.map.addInteraction(this.draw);
  }

  pointerDrawing(kind) {
    const { Draw } = this.ol.interaction;
    const options = {
      rectangle: { type: "Circle", geometryFunction: Draw.createBox() },
      polygon: { type: "Polygon" },
      measure: { type: "LineString", maxPoints: 2 },
    };
    const draw = new Draw({ ...options[kind], style: (feature) => this.style(feature) });
    draw.on("drawstart", () => this.remove("cursor", "sketch"));
    draw.on("drawend", (event) => this.done(cornersOf(event.feature.getGeometry())));
    return draw;
  }

  // --- With the keys ------------------------------------------------------------------------------------------------

  /** Move the cross by whole pixels, keep it on the image and in sight; returns where it is. */
  move(across, down) {
    const clamp = (value, most) => Math.min(most, Math.max(0, value));
    this.cursor = [clamp(this.cursor[0] + across, this.size.width), clamp(this.cursor[1] + down, this.size.height)];
    this.showSketch();
    const extent = this.map.getView().calculateExtent(this.map.getSize());
    if (!this.ol.extent.containsCoordinate(extent, toMap(this.cursor))) this.map.getView().setCenter(toMap(this.cursor));
    return this.cursor;
  }

  corner() {
    this.points.push([...this.cursor]);
    if (this.points.length >= CORNERS[this.kind]) this.done(this.points);
    else this.showSketch();
  }

  finish() {
    if (this.kind === "polygon" && this.points.length >= 3) this.done(this.points);
  }

  done(points) {
    const kind = this.kind;
    this.points = [];
    this.remove("sketch", "measure");
    if (kind === "measure") this.add("measure", new this.ol.geom.LineString(points.map(toMap)));
    this.onDone(kind, points);
  }

  showSketch() {
    this.remove("cursor", "sketch");
    this.add("cursor", new this.ol.geom.Point(toMap(this.cursor)));
    const points = [...this.points, this.cursor];
    if (points.length < 2) return;
    const [first, second] = points;
    const outline = this.kind === "rectangle" ? [first, [second[0], first[1]], second, [first[0], second[1]], first] : points;
    this.add("sketch", new this.ol.geom.LineString(outline.map(toMap)));
  }

  // --- What is shown ------------------------------------------------------------------------------------------------

  mark(corners) {
    this.remove("marked");
    if (corners) this.add("marked", this.polygon(corners));
  }

  addNote(number, corners) {
    this.add("note", this.polygon(corners), number);
  }

  clear() {
    this.remove("marked", "measure", "sketch", "cursor");
  }

  polygon(corners) {
    return new this.ol.geom.Polygon([[...corners, corners[0]].map(toMap)]);
  }

  add(role, geometry, label = "") {
    this.source.addFeature(new this.ol.Feature({ geometry, role, label }));
  }

  remove(...roles) {
    for (const feature of this.source.getFeatures()) {
      if (roles.includes(feature.get("role"))) this.source.removeFeature(feature);
    }
  }

  /** A line of two colours can be told from any ground. */
  style(feature) {
    const { Fill, Stroke, Style, Text, RegularShape } = this.ol.style;
    const colour = (name) => getComputedStyle(this.map.getTargetElement()).getPropertyValue(name).trim();
    const [line, ground] = [colour("--mark-line"), colour("--mark-ground")];
    const dash = feature.get("role") === "sketch" ? [6, 4] : undefined;
    const outline = [
      new Style({ stroke: new Stroke({ color: ground, width: 4 }), fill: new Fill({ color: "transparent" }) }),
      new Style({ stroke: new Stroke({ color: line, width: 2, lineDash: dash }) }),
    ];
    if (feature.get("role") === "cursor") {
      const cross = (color, width) =>
        new Style({ image: new RegularShape({ points: 4, radius: 14, radius2: 0, stroke: new Stroke({ color, width }) }) });
      return [cross(ground, 4), cross(line, 1.5)];
    }
    if (feature.get("label")) {
      const text = new Text({
        text: String(feature.get("label")), font: "600 13px sans-serif", overflow: true,
        fill: new Fill({ color: line }), stroke: new Stroke({ color: ground, width: 4 }),
      });
      outline.push(new Style({ text }));
    }
    return outline;
  }
}

function cornersOf(geometry) {
  const coordinates = geometry.getType() === "Polygon" ? geometry.getCoordinates()[0].slice(0, -1) : geometry.getCoordinates();
  const points = coordinates.map(toPixels);
  // A box comes with four corners: two that face each other say the same.
  return geometry.getType() === "Polygon" && isBox(points) ? [points[0], points[2]] : points;
}

function isBox(points) {
  return points.length === 4 && points.every(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % 4];
    return x === nextX || y === nextY;
  });
}
