// <track-map>: a track over the coast, by time: zoom, slider, play, and the original position at a click; all of it by keys.
// Without this script the drawing inside it and the table below say the same.
import { openLayers, pan, zoom } from "casefiles/viewer/image-map.js";
import * as layers from "casefiles/viewer/track-layers.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEPS = 200;
const PLAYED_MS = 20_000;

class TrackMap extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    this.stage = this.querySelector(".track-stage");
    this.begin().catch(() => this.tell(this.dataset.failed));
  }

  disconnectedCallback() {
    this.pause();
    this.map?.setTarget(null);
  }

  async begin() {
    this.ol = await openLayers(this.dataset.library);
    this.tracks = this.wholeTracks = await this.ask(`${this.dataset.points}&zoom=6`);
    this.beside = JSON.parse(document.getElementById("track-data").textContent);
    for (const part of this.querySelectorAll("[data-scripted]")) part.hidden = false;
    this.querySelector(".track-drawing").hidden = true;
    // The stage has a size once it was laid out.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    this.show();
  }

  async ask(address) {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    return (await response.json()).tracks;
  }

  show() {
    this.slider = this.querySelector("[data-time]");
    this.draw();
    this.setTime(Number(this.dataset.end));
    this.readAddress() || this.whole();
    this.listen();
    this.toggleAttribute("data-ready", true);
  }

  draw() {
    const { ol } = this;
    const palette = layers.colours(this);
    this.silences = layers.vectorLayer(ol, layers.lineStyle(ol, palette.sea, 1.5, [6, 6]));
    this.lines = layers.vectorLayer(ol, layers.lineStyle(ol, palette.sea, 2.5));
    this.heads = layers.vectorLayer(ol, layers.dotStyle(ol, palette.sea, palette.land, 6));
    this.places = layers.vectorLayer(ol, (feature) => this.placeStyle(feature, palette));
    this.events = layers.vectorLayer(ol, layers.dotStyle(ol, palette.land, palette.warn, 4));
    this.places.getSource().addFeatures(this.beside.places.flatMap((place) => layers.placeFeatures(ol, place)));
    this.events.getSource().addFeatures(
      this.beside.events.map((event) => new ol.Feature({ geometry: new ol.geom.Point(layers.project(ol, event.point)), event })),
    );
    const land = layers.landLayer(ol, this.dataset.land, palette);
    const all = [land, this.silences, this.lines, this.places, this.events, this.heads];
    const interactions = ol.interaction.defaults.defaults({ keyboard: false });
    this.map = new ol.Map({ target: this.stage, layers: all, controls: [], interactions, view: new ol.View({ maxZoom: 18 }) });
  }

  placeStyle(feature, palette) {
    const place = feature.get("place");
    if (!place) return layers.lineStyle(this.ol, palette.sea, 1, [2, 3]);
    return layers.dotStyle(this.ol, palette.land, palette.ink, 5, place.name, palette.ink);
  }

  listen() {
    for (const button of this.querySelectorAll("button[data-act]")) {
      button.addEventListener("click", () => this.act(button.dataset.act));
    }
    this.slider.addEventListener("input", () => this.setTime(Number(this.slider.value)));
    this.stage.addEventListener("keydown", (event) => this.press(event));
    this.map.on("click", (event) => this.pick(event.pixel));
    this.map.on("moveend", () => this.moved());
  }

  // --- Time -----------------------------------------------------------------------------------------------------------

  setTime(seconds) {
    const first = Number(this.dataset.start);
    this.time = Math.max(first, Math.min(Number(this.dataset.end), seconds));
    this.slider.value = String(this.time);
    const text = new Date(this.time * 1000).toISOString().slice(0, 16).replace("T", " ");
    this.slider.setAttribute("aria-valuetext", `${text} UTC`);
    this.querySelector("[data-clock]").textContent = `${text} UTC`;
    this.drawTracks();
  }

  drawTracks() {
    const found = layers.trackFeatures(this.ol, this.tracks, this.time);
    for (const name of ["lines", "silences", "heads"]) {
      const source = this[name].getSource();
      source.clear(true);
      source.addFeatures(found[name]);
    }
  }

  step(share) {
    const whole = Number(this.dataset.end) - Number(this.dataset.start);
    this.setTime(this.time + Math.max(60, whole / STEPS) * share);
  }

  play() {
    const [start, end] = [Number(this.dataset.start), Number(this.dataset.end)];
    if (this.time >= end) this.setTime(start);
    let before = performance.now();
    const frame = (now) => {
      this.setTime(this.time + ((now - before) / PLAYED_MS) * (end - start));
      before = now;
      if (this.time >= end) this.pause();
      else this.playing = requestAnimationFrame(frame);
    };
    this.playing = requestAnimationFrame(frame);
    this.showPlaying(true);
  }

  pause() {
    cancelAnimationFrame(this.playing);
    this.playing = null;
    this.showPlaying(false);
  }

  showPlaying(isPlaying) {
    const button = this.querySelector('[data-act="play"]');
    button?.setAttribute("aria-pressed", String(isPlaying));
    if (button) button.textContent = isPlaying ? this.dataset.pause : this.dataset.play;
  }

  // --- Keys and buttons -----------------------------------------------------------------------------------------------

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const known = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "whole", Home: "whole", ",": "back", ".": "on", " ": "play", Enter: "tell" };
    if (event.key in ARROWS) pan(this.map, ...ARROWS[event.key]);
    else if (event.key in known) this.act(known[event.key]);
    else return;
    event.preventDefault();
  }

  act(name) {
    const acts = {
      "zoom-in": () => zoom(this.map, 0.5),
      "zoom-out": () => zoom(this.map, 2),
      whole: () => this.whole(),
      back: () => this.step(-1),
      on: () => this.step(1),
      play: () => (this.playing ? this.pause() : this.play()),
      tell: () => this.tellFix(this.headAt()),
      picture: () => this.savePicture(),
    };
    acts[name]?.();
  }

  whole() {
    const points = this.wholeTracks.flatMap((track) => track.pieces.flat()).map((point) => layers.project(this.ol, point.slice(0, 2)));
    if (points.length) {
      this.map.getView().fit(this.ol.extent.boundingExtent(points), { size: this.map.getSize(), padding: [40, 40, 40, 40], maxZoom: 12 });
    }
  }

  savePicture() {
    this.map.once("rendercomplete", () => {
      const sheet = document.createElement("canvas");
      [sheet.width, sheet.height] = this.map.getSize();
      const context = sheet.getContext("2d");
      for (const canvas of this.stage.querySelectorAll("canvas")) {
        if (canvas.width) context.drawImage(canvas, 0, 0, sheet.width, sheet.height);
      }
      const link = document.createElement("a");
      link.download = "track.png";
      sheet.toBlob((blob) => {
        link.href = URL.createObjectURL(blob);
        link.click();
        URL.revokeObjectURL(link.href);
      });
    });
    this.map.render();
  }

  // --- What one comes close to ----------------------------------------------------------------------------------------

  headAt() {
    const track = this.tracks.find((one) => one.pieces.length);
    return track && { mmsi: track.mmsi, at: Math.floor(this.time) };
  }

  pick(pixel) {
    const hit = this.map.forEachFeatureAtPixel(pixel, (feature) => feature.get("event") ?? feature.get("place"), { hitTolerance: 4 });
    if (hit) return this.tell(hit.text, hit.url, hit.name);
    return this.tellFix(layers.nearestPoint(this.ol, this.map, this.tracks, pixel));
  }

  async tellFix(found) {
    if (!found) return this.tell(this.dataset.nothing);
    const response = await fetch(`${this.dataset.fix}?radio=${found.mmsi}&at=${found.at}`);
    if (!response.ok) return this.tell(this.dataset.nothing);
    const fix = await response.json();
    const speed = fix.speed_kn === null ? "" : `, ${fix.speed_kn} ${this.dataset.knots}`;
    const status = fix.status ? `, ${fix.status}` : "";
    return this.tell(`${fix.mmsi}, ${fix.at} UTC, ${fix.point}${speed}${status}`, fix.url, `${fix.file}, ${this.dataset.row} ${fix.row}`);
  }

  tell(text, url = "", label = "") {
    const told = this.querySelector("[data-told]");
    told.replaceChildren(text ?? "");
    if (!url) return;
    const link = document.createElement("a");
    link.href = url;
    link.textContent = label;
    told.append(" ", link);
  }

  /** Fetch what a closer look shows, and keep the view in the address, so that it can be sent to somebody. */
  async moved() {
    const view = this.map.getView();
    const [longitude, latitude] = this.ol.proj.toLonLat(view.getCenter());
    history.replaceState(history.state, "", `#view=${view.getZoom().toFixed(2)},${latitude.toFixed(4)},${longitude.toFixed(4)},${Math.floor(this.time)}`);
    if (this.tracks.every((track) => track.is_whole) && view.getZoom() < 6) return;
    const asked = (this.asked = Symbol("asked"));
    const tracks = await this.ask(`${this.dataset.points}&zoom=${view.getZoom().toFixed(1)}${this.box()}`).catch(() => null);
    if (!tracks || asked !== this.asked || !tracks.some((track) => track.fixes)) return;
    this.tracks = tracks;
    this.drawTracks();
  }

  /** Return what is seen, with as much again around it, where one is close enough that this leaves something out. */
  box() {
    const [west, south, east, north] = this.ol.proj.transformExtent(this.map.getView().calculateExtent(), "EPSG:3857", "EPSG:4326");
    const [across, up] = [(east - west) / 2, (north - south) / 2];
    if (east - west + 2 * across > 180) return "";
    const turn = (longitude) => (((longitude + 180) % 360) + 360) % 360 - 180;
    const sides = { west: turn(west - across), south: Math.max(-90, south - up), east: turn(east + across), north: Math.min(90, north + up) };
    return Object.entries(sides).map(([name, side]) => `&${name}=${side.toFixed(5)}`).join("");
  }

  readAddress() {
    const found = /^#view=([\d.]+),(-?[\d.]+),(-?[\d.]+),(\d+)$/.exec(location.hash);
    if (!found) return false;
    const [level, latitude, longitude, time] = found.slice(1).map(Number);
    this.map.getView().setCenter(layers.project(this.ol, [longitude, latitude]));
    this.map.getView().setZoom(level);
    this.setTime(time);
    return true;
  }
}

customElements.define("track-map", TrackMap);
