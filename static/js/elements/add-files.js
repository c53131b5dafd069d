// <add-files>: many files at once, each with its progress and what became of it. The form around it works without.
import { fileSize, make } from "casefiles/lib/dom.js";
import { Sender } from "casefiles/sending/sender.js";

const BUSY = ["begun", "checking", "sending", "finishing"];

class AddFiles extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.form = this.closest("form");
    this.input = this.querySelector("input[name=file]");
    this.folder = this.querySelector("[webkitdirectory]");
    this.zone = this.querySelector(".drop-zone");
    this.list = this.querySelector(".chosen");
    this.summary = this.querySelector(".summary");
    this.entries = [];
    const choice = this.querySelector(".folder-choice");
    choice.hidden = false;
    choice.querySelector("button").addEventListener("click", () => this.folder.click());
    for (const input of [this.input, this.folder]) input.addEventListener("change", () => this.takeChosen(input));
    this.zone.addEventListener("dragover", (event) => this.hover(event, true));
    this.zone.addEventListener("dragleave", (event) => this.hover(event, false));
    this.zone.addEventListener("drop", (event) => this.drop(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.list.addEventListener("click", (event) => this.addAnyway(event));
    this.list.addEventListener("htmx:afterSettle", () => this.readAnswers());
    this.paste = (event) => this.takePasted(event);
    this.leave = (event) => this.ask(event);
    document.addEventListener("paste", this.paste);
    window.addEventListener("beforeunload", this.leave);
    if (this.input.files.length) this.takeChosen(this.input);
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.paste);
    window.removeEventListener("beforeunload", this.leave);
  }

  // --- Choosing -----------------------------------------------------------------------------------------------------

  hover(event, isOver) {
    event.preventDefault();
    this.zone.classList.toggle("is-over", isOver);
  }

  async drop(event) {
    this.hover(event, false);
    const roots = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!roots.length) this.take([...event.dataTransfer.files].map((file) => [file, ""]));
    for (const root of roots) this.take(await filesBelow(root));
  }

  takePasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.take(files.map((file) => [file, ""]));
  }

  takeChosen(input) {
    this.take([...input.files].map((file) => [file, file.webkitRelativePath]));
    // The list below holds them now: the same ones can be chosen again, and the form does not send them twice.
    input.value = "";
  }

  take(chosen) {
    const known = new Set(this.entries.map((entry) => entry.key));
    const fresh = chosen.map(([file, path]) => new Entry(this, file, path)).filter((entry) => !known.has(entry.key));
    this.entries.push(...fresh);
    this.list.append(...fresh.map((entry) => entry.row));
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  remove(entry) {
    const next = entry.row.nextElementSibling ?? entry.row.previousElementSibling;
    this.entries = this.entries.filter((other) => other !== entry);
    entry.row.remove();
    (next?.querySelector("button") ?? this.input).focus();
    this.count();
  }

  // --- Sending ------------------------------------------------------------------------------------------------------

  submit(event) {
    const waiting = this.entries.filter((entry) => entry.state === "waiting");
    if (!waiting.length) return;
    event.preventDefault();
    const { circle } = this.form.elements;
    if (circle && !circle.reportValidity()) return;
    // What was chosen goes to where the form said at this moment, also where somebody changes it later.
    const named = [...new FormData(this.form)].filter(([name]) => name === "circle");
    const sender = new Sender({
      addresses: {
        add: this.form.getAttribute("action") || location.href,
        known: this.dataset.knownUrl,
        part: this.dataset.partUrl,
      },
      fields: () => named,
      token: this.form.elements.csrfmiddlewaretoken.value,
      maxBytes: Number(this.dataset.maxBytes),
      pieceBytes: Number(this.dataset.pieceBytes),
    });
    this.send(waiting, sender);
    this.say();
    this.summary.setAttribute("tabindex", "-1");
    this.summary.focus();
  }

  async send(entries, sender) {
    for (const entry of entries) entry.begin(sender);
    this.count();
    await sender.send(entries);
    this.count();
    if (this.isBusy) return;
    if (entries.some((entry) => entry.state === "added")) this.showTable();
    if (!this.entries.some((entry) => entry.state === "waiting")) this.dispatchEvent(new CustomEvent("saved", { bubbles: true }));
  }

  addAnyway(event) {
    const button = event.target.closest("[data-add-anyway]");
    const entry = button && this.entries.find((one) => one.row.contains(button));
    if (!entry) return;
    entry.isWanted = true;
    entry.showAgain();
    this.send([entry], entry.sender);
  }

  /** The server has put new rows in the place of those with a question: take over what they say. */
  readAnswers() {
    this.entries.forEach((entry, place) => {
      const row = this.list.children[place];
      if (row === entry.row) return;
      entry.row = row;
      entry.state = row.dataset.state;
      if (document.activeElement === document.body) (row.querySelector("button, a") ?? row).focus();
    });
    this.count();
    this.showTable();
  }

  /** Bring the quick table up to date, unless somebody is typing in it: saving it shows the others too. */
  showTable() {
    const typed = [...document.querySelectorAll("#just-added :is(input, select)")].some(isTouched);
    if (!typed) this.dispatchEvent(new CustomEvent("files-added", { bubbles: true }));
  }

  get isBusy() {
    return this.entries.some((entry) => entry.isBusy);
  }

  ask(event) {
    if (this.isBusy) event.preventDefault();
  }

  /** Say how far it is. Once a change, not once a file: a screen reader would read all of them. */
  count() {
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.say(), 200);
  }

  say() {
    const states = this.entries.map((entry) => entry.state).filter((state) => state !== "waiting");
    const of = (...names) => states.filter((state) => names.includes(state)).length;
    const values = {
      all: states.length,
      done: states.length - of(...BUSY),
      added: of("added"),
      asked: of("held", "empty"),
      refused: of("refused", "failed", "cancelled"),
    };
    const text = this.dataset.summary.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
    this.summary.textContent = states.length ? text : "";
  }
}

/** One file that was chosen, and its row. */
class Entry {
  constructor(owner, file, path) {
    Object.assign(this, { owner, file, path, state: "waiting", isWanted: false });
    this.key = JSON.stringify([path || file.name, file.size, file.lastModified]);
    this.row = make("li", { class: "outcome" });
    this.stopper = new AbortController();
    this.showAgain();
  }

  get signal() {
    return this.stopper.signal;
  }

  get isBusy() {
    return BUSY.includes(this.state);
  }

  showAgain() {
    const { dataset } = this.owner;
    const label = dataset.progress.replace("%s", this.file.name);
    this.bar = make("progress", { max: "1", value: "0", "aria-label": label, hidden: true });
    this.words = make("span", { class: "small muted outcome-text" }, dataset.waiting);
    this.button = make("button", { type: "button", class: "link-button small" });
    this.call(dataset.remove, () => this.owner.remove(this));
    const name = make("span", { class: "outcome-name" }, make("span", { class: "id", dir: "auto" }, this.file.name));
    const folder = this.path.slice(0, -this.file.name.length);
    if (folder) name.append(" ", make("span", { class: "small muted", dir: "auto" }, folder));
    const size = make("span", { class: "small muted number" }, fileSize(this.file.size));
    this.row.className = "outcome";
    this.row.replaceChildren(name, size, this.bar, this.words, this.button);
  }

  call(word, action) {
    this.button.textContent = word;
    this.button.setAttribute("aria-label", `${word}: ${this.file.name}`);
    this.button.onclick = action;
    this.button.hidden = false;
  }

  // --- What the sender tells ----------------------------------------------------------------------------------------

  begin(sender) {
    this.sender = sender;
    this.state = "begun";
    this.call(this.owner.dataset.cancel, () => this.cancel());
  }

  is(state) {
    if (this.signal.aborted || this.state === state) return;
    this.state = state;
    this.bar.hidden = state === "checking";
    this.words.textContent = this.owner.dataset[state];
    if (state === "finishing") this.button.hidden = true;
    this.owner.count();
  }

  at(part) {
    if (this.signal.aborted) return;
    this.bar.value = part;
    if (part < 1) this.words.textContent = `${Math.floor(part * 100)} %`;
  }

  became(item) {
    const hadFocus = this.row.contains(document.activeElement);
    const adopted = document.adoptNode(item);
    this.row.replaceWith(adopted);
    this.row = adopted;
    this.state = adopted.dataset.state;
    window.htmx?.process(adopted);
    if (hadFocus) (adopted.querySelector("button, a") ?? adopted).focus();
    this.owner.count();
  }

  failed(reason) {
    const name = reason.replace(/-(\w)/g, (_whole, letter) => letter.toUpperCase());
    this.state = "failed";
    this.bar.hidden = true;
    this.words.textContent = this.owner.dataset[name] ?? reason;
    this.row.classList.add("is-refused");
    if (reason !== "too-large") this.offerAgain();
    else this.button.hidden = true;
    this.owner.count();
  }

  cancel() {
    this.stopper.abort();
    this.state = "cancelled";
    this.bar.hidden = true;
    this.words.textContent = this.owner.dataset.cancelled;
    this.offerAgain();
    this.button.focus();
    this.owner.count();
  }

  offerAgain() {
    this.call(this.owner.dataset.retry, () => {
      this.stopper = new AbortController();
      this.showAgain();
      this.owner.send([this], this.sender);
      this.button.focus();
    });
  }
}

function isTouched(control) {
  if (control.type === "hidden") return false;
  if (control.options) {
    const usual = [...control.options].findIndex((option) => option.defaultSelected);
    return control.selectedIndex !== Math.max(0, usual);
  }
  return control.value !== control.defaultValue;
}

/** Return the files below what was dropped, with the folders that they lie in. */
async function filesBelow(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    return file ? [[file, path === file.name ? "" : path]] : [];
  }
  const found = [];
  const reader = entry.createReader();
  for (let some = await next(reader); some.length; some = await next(reader)) {
    for (const one of some) found.push(...(await filesBelow(one)));
  }
  return found;
}

function next(reader) {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
}

customElements.define("add-files", AddFiles);
