// <image-viewer>: an image tile by tile: zoom, turn, brighten, measure, mark a region; all of it by keys too.
// Without this script the picture inside it and the form below do the same work with less comfort.
import * as measuring from "casefiles/viewer/measuring.js";
import * as images from "casefiles/viewer/image-map.js";
import { RegionTool } from "casefiles/viewer/region-tool.js";

const TURN = Math.PI / 2;
const STEP_PX = 10;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class ImageViewer extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.stage = this.querySelector(".viewer-stage");
    this.begin().catch(() => this.tell(this.dataset.failed));
  }

  disconnectedCallback() {
    this.map?.setTarget(null);
  }

  async begin() {
    const waiting = () => this.tell(this.dataset.preparing);
    this.state = await images.readyTiles(this.dataset.state, waiting, () => !this.isConnected);
    if (this.state.state !== "ready") {
      this.tell(this.state.state === "damaged" ? this.dataset.damaged : (this.state.reason ?? ""));
      return;
    }
    this.ol = await images.openLayers(this.dataset.library);
    this.show();
    await this.fillUp();
  }

  show() {
    const { ol, state, stage } = this;
    this.tell("");
    this.querySelector(".viewer-notes").textContent = state.notes.join(" ");
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    this.querySelector(".file-picture").hidden = true;
    this.projection = images.pixelProjection(ol, state);
    this.layer = images.tileLayer(ol, this.projection, state, this.dataset.tiles);
    this.tool = new RegionTool(ol, this.state, (kind, points) => this.take(kind, points));
    const view = images.imageView(ol, this.projection, state, stage);
    this.map = images.imageMap(ol, stage, view, [this.layer, this.tool.layer]);
    this.tool.addTo(this.map);
    this.listen();
    this.readNotes();
    this.mark(this.dataset.region);
    this.drawScale();
    this.toggleAttribute("data-ready", true);
  }

  /** Put in what was not made yet when the image was first shown. */
  async fillUp() {
    while (this.state.shown < this.state.levels && this.isConnected) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const state = await images.tileState(this.dataset.state);
      if (state.shown > this.state.shown) {
        this.state = state;
        const layer = images.tileLayer(this.ol, this.projection, state, this.dataset.tiles);
        this.map.getLayers().setAt(0, layer);
      }
    }
  }

  listen() {
    for (const button of this.querySelectorAll("button[data-act]")) {
      button.addEventListener("click", () => this.act(button.dataset.act));
    }
    for (const input of this.querySelectorAll("input[data-light]")) {
      input.addEventListener("input", () => this.lighten());
    }
    this.querySelector("[data-error]")?.addEventListener("input", () => this.measureAgain());
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.map.on("pointermove", (event) => this.showPosition(images.toPixels(event.coordinate)));
    this.map.on("moveend", () => this.drawScale());
    this.form?.addEventListener("change", () => this.mark(this.typedRegion()));
    for (const link of document.querySelectorAll("a[data-look-at]")) {
      link.addEventListener("click", (event) => this.follow(event, link));
    }
  }

  get form() {
    return document.querySelector("form[data-region-form]");
  }

  // --- Keys and buttons ---------------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey) return;
    const isTaken = event.key in ARROWS ? this.arrow(event) : this.shortcut(event.key);
    if (isTaken) event.preventDefault();
  }

  arrow(event) {
    const [across, down] = ARROWS[event.key];
    if (!this.tool.kind) {
      images.pan(this.map, across, down, event.shiftKey ? 0.02 : 0.125);
      return true;
    }
    const step = event.shiftKey || event.altKey ? 1 : Math.max(1, Math.round(STEP_PX * this.map.getView().getResolution()));
    this.showPosition(this.tool.move(across * step, down * step));
    return true;
  }

  shortcut(key) {
    const known = {
      "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "whole", Home: "whole", 1: "actual", "]": "turn", "[": "turn-back",
      r: "rectangle", p: "polygon", m: "measure", Escape: "look", Enter: "corner", " ": "corner", f: "finish",
    };
    if (!(key in known)) return false;
    const act = known[key];
    if ((act === "corner" || act === "finish") && !this.tool.kind) return false;
    this.act(act);
    return true;
  }

  act(name) {
    const view = this.map.getView();
    const acts = {
      "zoom-in": () => images.zoom(this.map, 0.5),
      "zoom-out": () => images.zoom(this.map, 2),
      whole: () => view.fit(this.projection.getExtent(), { padding: [8, 8, 8, 8] }),
      actual: () => view.setResolution(1),
      turn: () => view.setRotation(view.getRotation() + TURN),
      "turn-back": () => view.setRotation(view.getRotation() - TURN),
      reset: () => this.reset(),
      corner: () => this.tool.corner(),
      finish: () => this.tool.finish(),
    };
    (acts[name] ?? (() => this.choose(name)))();
  }

  choose(kind) {
    const wanted = kind === "look" || this.tool.kind === kind ? "" : kind;
    this.tool.use(wanted, images.toPixels(this.map.getView().getCenter()));
    for (const button of this.querySelectorAll("button[aria-pressed]")) {
      button.setAttribute("aria-pressed", String(button.dataset.act === wanted));
    }
    this.tell(wanted ? this.dataset[`how${wanted[0].toUpperCase()}${wanted.slice(1)}`] : "");
    if (wanted) this.stage.focus();
  }

  reset() {
    for (const input of this.querySelectorAll("input[data-light]")) input.value = "100";
    this.lighten();
    this.choose("look");
    this.tool.clear();
    this.map.getView().setRotation(0);
    this.act("whole");
  }

  lighten() {
    for (const input of this.querySelectorAll("input[data-light]")) {
      this.stage.style.setProperty(`--${input.dataset.light}`, `${input.value}%`);
    }
  }

  // --- What was drawn -----------------------------------------------------------------------------------------------

  take(kind, points) {
    if (kind === "measure") {
      this.measured = points;
      this.measureAgain();
      return;
    }
    const box = kind === "rectangle" ? measuring.rectangleBetween(points[0], points[1], this.state) : null;
    const corners = points.map(([x, y]) => [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))]);
    const text = box ? `${box.x},${box.y},${box.width},${box.height}` : corners.map((pair) => pair.join(",")).join(" ");
    if (kind === "rectangle" && !box) return;
    this.mark(text);
    this.fillForm(box, text);
    this.pointLinks(box ?? boxAround(corners));
    this.tell(this.dataset.marked.replace("%s", text));
  }

  measureAgain() {
    if (!this.measured) return;
    const [start, end] = this.measured;
    const errorPx = Math.max(0, Number(this.querySelector("[data-error]")?.value ?? 2)) || 0;
    const pixels = `${measuring.lengthInPixels(start, end).toFixed(1)} px ± ${errorPx} px`;
    const ground = this.scale ? measuring.shownLength(measuring.lengthOnGround(start, end, this.scale, errorPx)) : "";
    this.tell([pixels, ground].filter(Boolean).join(" = "));
  }

  get scale() {
    const [across, along, basis] = (this.dataset.scale ?? "").split(" ");
    return across ? { across: Number(across), along: Number(along), basis } : null;
  }

  get corners() {
    return this.dataset.corners ? this.dataset.corners.split(" ").map((pair) => pair.split(",").map(Number)) : null;
  }

  typedRegion() {
    const value = (name) => this.form.elements[name]?.value.trim() ?? "";
    return value("points") || ["x", "y", "width", "height"].map(value).join(",");
  }

  fillForm(box, text) {
    if (!this.form) return;
    for (const name of ["x", "y", "width", "height"]) this.form.elements[name].value = box?.[name] ?? "";
    this.form.elements.points.value = box ? "" : text;
    this.form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Let the links that cite or share a region name the one just drawn. */
  pointLinks({ x, y, width, height }) {
    for (const link of document.querySelectorAll("a[data-with-region]")) {
      const address = new URL(link.href, location.href);
      const region = `${x},${y},${width},${height}`;
      const isLocator = link.dataset.withRegion === "locator";
      address.searchParams.set(link.dataset.withRegion, isLocator ? `xywh=${region}${link.dataset.suffix}` : region);
      link.href = address.pathname + address.search;
      link.hidden = false;
    }
  }

  mark(text) {
    const corners = measuring.cornersOf(text ?? "");
    this.tool.mark(corners);
    if (corners && text === this.dataset.region) this.goTo(corners);
  }

  readNotes() {
    for (const row of document.querySelectorAll("[data-annotation]")) {
      const corners = measuring.cornersOf(row.dataset.annotation);
      if (corners) this.tool.addNote(row.dataset.number, corners);
    }
  }

  follow(event, link) {
    const corners = measuring.cornersOf(link.dataset.lookAt);
    if (!corners) return;
    event.preventDefault();
    this.goTo(corners);
    this.stage.scrollIntoView({ block: "nearest" });
    this.stage.focus();
  }

  goTo(corners) {
    const extent = this.ol.extent.boundingExtent(corners.map(images.toMap));
    this.map.getView().fit(extent, { padding: [60, 60, 60, 60], maxZoom: undefined, minResolution: 0.5 });
  }

  // --- What is told -------------------------------------------------------------------------------------------------

  showPosition([x, y]) {
    const zoom = Math.round(100 / this.map.getView().getResolution());
    const parts = [`x ${Math.floor(x)}, y ${Math.floor(y)} px`, `${zoom} %`];
    if (this.corners) {
      const [longitude, latitude] = measuring.placeOf([x, y], this.state, this.corners);
      parts.push(`${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
    }
    this.querySelector(".viewer-position").textContent = parts.join(" · ");
  }

  drawScale() {
    const bar = this.querySelector(".viewer-scale");
    const resolution = this.map.getView().getResolution();
    const size = this.scale ? this.scale.across : 1;
    const length = measuring.roundLength(120 * resolution * size);
    bar.style.setProperty("inline-size", `${length / (resolution * size)}px`);
    bar.textContent = this.scale ? (length >= 1000 ? `${length / 1000} km` : `${length} m`) : `${length} px`;
  }

  tell(words) {
    this.querySelector(".viewer-result").textContent = words ?? "";
  }
}

function boxAround(corners) {
  const [across, down] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...across), Math.min(...down)];
  return { x, y, width: Math.max(...across) - x || 1, height: Math.max(...down) - y || 1 };
}

customElements.define("image-viewer", ImageViewer);
