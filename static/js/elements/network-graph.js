// <network-graph>: the network that moves: zoom, drag, steps without a new page, days by two sliders; all of it by keys.
// Without this script the drawing inside it and the tables below say the same, and every step is a link.
import { make, whenQuiet } from "casefiles/lib/dom.js";
import { certainty, rangeText, strongest } from "casefiles/viewer/network-days.js";
import { elementsOf, nearestInDirection, styleOf } from "casefiles/viewer/network-look.js";

// The library writes a style element into the page unless it finds one by this name; our policy refuses it, and our own
// style sheet says what it would say.
const STYLE_OF_LIBRARY = "__________cytoscape_stylesheet";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "whole", Home: "whole", Enter: "step", o: "record", m: "more", Escape: "leave" };
// A network of two things would fill the stage with them.
const LARGEST_AT_FIRST = 1.2;
const PARTS = ["asked", "picture", "out", "tables"];

class NetworkGraph extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.stage = this.querySelector(".network-stage");
    this.told = this.querySelector("[data-told]");
    this.begin().catch(() => {
      this.told.hidden = false;
      this.told.replaceChildren(this.dataset.failed);
    });
  }

  disconnectedCallback() {
    this.cy?.destroy();
  }

  async begin() {
    if (!document.getElementById(STYLE_OF_LIBRARY)) document.body.append(make("span", { id: STYLE_OF_LIBRARY, hidden: true }));
    const { default: cytoscape } = await import(this.dataset.library);
    this.data = this.read(document);
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    this.cy = cytoscape({ container: this.stage, style: styleOf(this), boxSelectionEnabled: false, minZoom: 0.1, maxZoom: 4 });
    this.moved = new Set();
    this.settle();
    this.listen();
    this.whole();
    this.toggleAttribute("data-ready", true);
  }

  read(page) {
    return JSON.parse(page.getElementById("network-data").textContent);
  }

  // --- What is drawn --------------------------------------------------------------------------------------------------

  /** Draw the data at hand; what somebody dragged stays where it was put. */
  settle() {
    const kept = new Map([...this.moved].map((key) => [key, { ...this.cy.getElementById(key).position() }]));
    this.cy.elements().remove();
    this.cy.add(elementsOf(this.data));
    for (const [key, position] of kept) this.cy.getElementById(key).position(position);
    this.querySelector(".network-picture").hidden = true;
    this.querySelector("[data-keep]").hidden = false;
    this.setRange();
    this.listenToParts();
  }

  listen() {
    for (const button of this.querySelectorAll("button[data-act]")) {
      button.addEventListener("click", () => this.act(button.dataset.act));
    }
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.cy.on("tap", "node", (event) => this.choose(event.target));
    this.cy.on("dbltap", "node", (event) => this.step(event.target));
    this.cy.on("tap", "edge", (event) => this.chooseEdge(event.target));
    this.cy.on("tap", (event) => event.target === this.cy && this.leave());
    this.cy.on("resize", () => this.whole());
    this.cy.on("dragfree", "node", (event) => this.moved.add(event.target.id()));
    for (const slider of this.querySelectorAll("[data-since], [data-until]")) {
      slider.addEventListener("input", () => this.showDays());
      slider.addEventListener("change", whenQuiet(() => this.askDays(), 400));
    }
    const restyle = () => this.cy.style(styleOf(this));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);
    new MutationObserver(restyle).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /** Links and forms that came with the last answer. */
  listenToParts() {
    for (const link of this.querySelectorAll("a[data-step]")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.go(link.getAttribute("href"));
      });
    }
    this.querySelector("[data-keep]").addEventListener("submit", (event) => this.putPlaces(event.target));
  }

  putPlaces(form) {
    const places = this.cy.nodes().map((node) => [node.id(), [node.position("x"), node.position("y")]]);
    form.elements.places.value = JSON.stringify(Object.fromEntries(places));
  }

  // --- Steps ----------------------------------------------------------------------------------------------------------

  /** Show what another address of this page asks for, in place. */
  async go(address) {
    const url = new URL(address, location.href);
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("network-graph");
    if (!response.ok || response.redirected || !fresh) return location.assign(url);
    for (const name of PARTS) {
      const part = fresh.querySelector(`[data-part="${name}"]`);
      this.querySelector(`[data-part="${name}"]`).replaceWith(document.adoptNode(part));
    }
    history.replaceState(history.state, "", url);
    this.data = this.read(document);
    const chosen = this.chosen?.id();
    this.settle();
    this.chosen = null;
    const again = chosen && this.cy.getElementById(chosen);
    if (again?.nonempty()) this.choose(again);
    else this.leave();
    if (!this.moved.size) this.whole();
  }

  step(node) {
    const { openUrl, closeUrl } = node.data();
    if (openUrl ?? closeUrl) this.go(openUrl ?? closeUrl);
  }

  // --- Keys and buttons -----------------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.stage) return;
    if (event.key in ARROWS) this.walk(ARROWS[event.key]);
    else if (event.key in KEYS) this.act(KEYS[event.key]);
    else return;
    event.preventDefault();
  }

  act(name) {
    const chosen = this.chosen;
    const acts = {
      "zoom-in": () => this.zoom(1.3),
      "zoom-out": () => this.zoom(1 / 1.3),
      whole: () => this.whole(),
      arrange: () => this.arrange(),
      picture: () => this.savePicture(),
      step: () => chosen && this.step(chosen),
      record: () => chosen && location.assign(chosen.data("url")),
      more: () => chosen?.data("moreUrl") && this.go(chosen.data("moreUrl")),
      leave: () => this.leave(),
    };
    acts[name]?.();
  }

  walk(direction) {
    const nodes = this.cy.nodes(":visible");
    const next = this.chosen ? nearestInDirection(nodes, this.chosen, direction) : nodes[0];
    if (next) this.choose(next);
  }

  zoom(factor) {
    const { x1, y1, w, h } = this.cy.extent();
    const position = this.chosen?.position() ?? { x: x1 + w / 2, y: y1 + h / 2 };
    this.cy.zoom({ level: this.cy.zoom() * factor, position });
  }

  whole() {
    this.cy.fit(this.cy.elements(":visible"), 24);
    if (this.cy.zoom() > LARGEST_AT_FIRST) this.cy.zoom(LARGEST_AT_FIRST).center(this.cy.elements(":visible"));
  }

  arrange() {
    const quiet = { animate: false, randomize: false, nodeDimensionsIncludeLabels: true };
    this.cy.elements(":visible").layout({ name: "cose", ...quiet, idealEdgeLength: () => 120, nodeRepulsion: () => 60000 }).run();
    this.cy.nodes().forEach((node) => this.moved.add(node.id()));
    this.whole();
  }

  async savePicture() {
    const ground = getComputedStyle(this.closest(".card") ?? document.body).backgroundColor;
    const blob = await this.cy.png({ output: "blob-promise", full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: ground });
    const link = make("a", { download: "network.png", href: URL.createObjectURL(blob) });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // --- What one comes to ----------------------------------------------------------------------------------------------

  choose(node) {
    this.mark(node);
    this.chosen = node;
    const { label, kindLabel, detail, url, openUrl, closeUrl, moreUrl } = node.data();
    const keys = [openUrl && this.dataset.opens, closeUrl && this.dataset.closes, moreUrl && this.dataset.showsMore, this.dataset.record];
    const head = make("p", {}, make("a", { href: url, dir: "auto", class: "strong" }, label));
    head.append(` ${[kindLabel, detail].filter(Boolean).join(", ")}. ${keys.filter(Boolean).join("; ")}.`);
    this.told.replaceChildren(head, this.listOf(node.connectedEdges(":visible"), node));
    this.bringIntoView(node);
  }

  chooseEdge(edge) {
    this.mark(edge);
    this.chosen = null;
    this.told.replaceChildren(this.listOf(edge));
  }

  leave() {
    this.mark(null);
    this.chosen = null;
    this.told.replaceChildren();
  }

  mark(element) {
    this.cy.elements().removeClass("chosen told");
    element?.addClass("chosen");
    element?.connectedEdges?.().addClass("told");
  }

  bringIntoView(node) {
    const { x, y } = node.renderedPosition();
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (x < 40 || y < 40 || x > width - 40 || y > height - 40) this.cy.center(node);
  }

  listOf(edges, from) {
    const list = make("ul");
    for (const edge of edges) {
      const ends = from ? [edge.source().same(from) ? edge.target() : edge.source()] : [edge.source(), edge.target()];
      for (const link of edge.data("links")) {
        const names = ends.map((node) => node.data("name")).join(" – ");
        const item = make("li", { dir: "auto" }, make("a", { href: link.url }, link.words), ` · ${names} `);
        for (const [label, url] of link.cited) item.append(make("a", { class: "citation-chip", href: url }, label), " ");
        list.append(item);
      }
    }
    return list;
  }

  // --- Days -----------------------------------------------------------------------------------------------------------

  get sliders() {
    return [this.querySelector("[data-since]"), this.querySelector("[data-until]")];
  }

  setRange() {
    const { first, last, since, until } = this.data;
    for (const slider of this.sliders) {
      slider.disabled = first === null;
      slider.min = String(first ?? 0);
      slider.max = String(Math.max(last ?? 1, (first ?? 0) + 1));
    }
    const [one, other] = this.sliders;
    one.value = String(since ?? first ?? 0);
    other.value = String(until ?? last ?? 1);
    this.showDays();
  }

  /** The days chosen, with nothing where a slider stands at its end. */
  get days() {
    const [since, until] = this.sliders;
    return [Number(since.value) > Number(since.min) ? Number(since.value) : null, Number(until.value) < Number(until.max) ? Number(until.value) : null];
  }

  showDays() {
    const [since, until] = this.days;
    const counts = { certain: 0, possible: 0, impossible: 0 };
    this.cy.batch(() => {
      this.cy.edges().forEach((edge) => {
        const found = strongest(edge.data("links").map((link) => certainty(link, since, until, this.data.today)));
        counts[found] += 1;
        edge.toggleClass("gone", found === "impossible");
        edge.toggleClass("dashed", found === "possible");
      });
      this.cy.nodes().forEach((node) => {
        const isHeld = node.data("start") || node.data("open") || node.connectedEdges().some((edge) => !edge.hasClass("gone"));
        node.toggleClass("gone", !isHeld);
      });
    });
    const text = rangeText(since, until, this.dataset.allTime);
    for (const slider of this.sliders) slider.setAttribute("aria-valuetext", text);
    const { certain, possible, apart } = this.dataset;
    const numbers = `${counts.certain} ${certain}, ${counts.possible} ${possible}`;
    this.querySelector("[data-clock]").textContent = `${text}: ${numbers}${counts.impossible ? `, ${counts.impossible} ${apart}` : ""}`;
  }

  /** The tables, the files and the address follow the sliders once they rest. */
  askDays() {
    const url = new URL(location.href);
    for (const [name, day] of [["since", this.days[0]], ["until", this.days[1]]]) {
      if (day === null) url.searchParams.delete(name);
      else url.searchParams.set(name, rangeText(day));
    }
    this.go(url);
  }
}

customElements.define("network-graph", NetworkGraph);
