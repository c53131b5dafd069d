// <image-compare>: two images over the same ground, side by side or one under a slider, moved as one.
// Without this script both pictures stand beside each other.
import * as images from "casefiles/viewer/image-map.js";
import { placed } from "casefiles/viewer/alignment.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class ImageCompare extends HTMLElement {
  connectedCallback() {
    if (this.maps) return;
    this.maps = [];
    this.begin().catch(() => this.tell(this.dataset.failed));
  }

  disconnectedCallback() {
    for (const map of this.maps) map.setTarget(null);
  }

  async begin() {
    const waiting = () => this.tell(this.dataset.preparing);
    const sides = ["a", "b"].map((side) => images.readyTiles(this.dataset[`${side}State`], waiting, () => !this.isConnected));
    const states = await Promise.all(sides);
    if (states.some((state) => state.state !== "ready")) {
      this.tell(states.map((state) => state.reason ?? "").filter(Boolean).join("; ") || this.dataset.failed);
      return;
    }
    this.ol = await images.openLayers(this.dataset.library);
    this.show(states);
  }

  show([first, second]) {
    const { ol } = this;
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    for (const part of this.querySelectorAll("[data-unscripted]")) part.hidden = true;
    const place = placed({ ...first, corners: this.corners("a") }, { ...second, corners: this.corners("b") });
    const projection = images.pixelProjection(ol, first);
    const [below, above] = [
      images.tileLayer(ol, projection, first, this.dataset.aTiles),
      images.tileLayer(ol, projection, second, this.dataset.bTiles, place),
    ];
    const stages = [...this.querySelectorAll(".viewer-stage")];
    const view = images.imageView(ol, projection, first, stages[0]);
    this.extent = projection.getExtent();
    this.maps = this.isSlider
      ? [images.imageMap(ol, stages[0], view, [below, above])]
      : [images.imageMap(ol, stages[0], view, [below]), images.imageMap(ol, stages[1], view, [above])];
    if (this.isSlider) this.slide(above);
    for (const stage of stages) stage.addEventListener("keydown", (event) => this.press(event));
    for (const button of this.querySelectorAll("button[data-act]")) {
      button.addEventListener("click", () => this.act(button.dataset.act));
    }
    this.tell(this.told(place));
    this.toggleAttribute("data-ready", true);
  }

  get isSlider() {
    return this.dataset.mode === "slider";
  }

  corners(side) {
    const text = this.dataset[`${side}Corners`];
    return text ? text.split(" ").map((pair) => pair.split(",").map(Number)) : null;
  }

  told({ basis, turn }) {
    if (basis === "fit") return this.dataset.fitted;
    return Math.abs(turn) < 0.5 ? this.dataset.aligned : this.dataset.turned.replace("%s", turn.toFixed(1));
  }

  /** Show the second image to the left of the slider only. */
  slide(layer) {
    const slider = this.querySelector("input[type=range]");
    const [map] = this.maps;
    layer.on("prerender", (event) => {
      const context = event.context;
      const [width, height] = [context.canvas.width, context.canvas.height];
      context.save();
      context.beginPath();
      context.rect(0, 0, (width * Number(slider.value)) / 100, height);
      context.clip();
    });
    layer.on("postrender", (event) => event.context.restore());
    slider.addEventListener("input", () => map.render());
  }

  press(event) {
    if (event.ctrlKey || event.metaKey) return;
    const acts = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "whole", Home: "whole" };
    if (event.key in ARROWS) images.pan(this.maps[0], ...ARROWS[event.key], event.shiftKey ? 0.02 : 0.125);
    else if (event.key in acts) this.act(acts[event.key]);
    else return;
    event.preventDefault();
  }

  act(name) {
    const [map] = this.maps;
    const acts = {
      "zoom-in": () => images.zoom(map, 0.5),
      "zoom-out": () => images.zoom(map, 2),
      whole: () => map.getView().fit(this.extent, { padding: [8, 8, 8, 8] }),
    };
    acts[name]?.();
  }

  tell(words) {
    this.querySelector(".viewer-result").textContent = words ?? "";
  }
}

customElements.define("image-compare", ImageCompare);
