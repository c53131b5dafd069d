// <file-drop>: drop, paste or choose files; shows them, and how much has really been sent.
// Without this script the browser's own file input does the same work, without the picture.
import { fileSize, make } from "casefiles/lib/dom.js";
import { showPage } from "casefiles/lib/page.js";

class FileDrop extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input[type=file]");
    this.zone = this.querySelector(".drop-zone");
    this.list = this.querySelector(".file-list");
    this.form = this.closest("form");
    this.input.addEventListener("change", () => this.show());
    this.zone.addEventListener("dragover", (event) => this.hover(event, true));
    this.zone.addEventListener("dragleave", (event) => this.hover(event, false));
    this.zone.addEventListener("drop", (event) => this.drop(event));
    this.paste = (event) => this.takePasted(event);
    this.submit = (event) => this.send(event);
    document.addEventListener("paste", this.paste);
    this.form?.addEventListener("submit", this.submit);
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("paste", this.paste);
    this.form?.removeEventListener("submit", this.submit);
  }

  hover(event, isOver) {
    event.preventDefault();
    this.zone.classList.toggle("is-over", isOver);
  }

  drop(event) {
    this.hover(event, false);
    this.add(event.dataTransfer.files);
  }

  takePasted(event) {
    const files = event.clipboardData?.files ?? [];
    if (!files.length) return;
    event.preventDefault();
    this.add([...files].map(named));
  }

  add(files) {
    const kept = this.input.multiple ? this.input.files : [];
    this.keep([...kept, ...files].slice(this.input.multiple ? 0 : -1));
  }

  keep(files) {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    this.input.files = transfer.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  show() {
    this.list.replaceChildren(...[...this.input.files].map((file) => this.row(file)));
  }

  row(file) {
    const remove = make("button", { type: "button", class: "link-button small" }, this.dataset.remove);
    remove.setAttribute("aria-label", `${this.dataset.remove}: ${file.name}`);
    remove.addEventListener("click", () => {
      this.keep([...this.input.files].filter((other) => other !== file));
      this.input.focus();
    });
    const name = make("span", { class: "id", dir: "auto" }, file.name);
    const size = make("span", { class: "muted small" }, fileSize(file.size));
    return make("li", { class: "file-row" }, name, size, remove);
  }

  // --- Sending ------------------------------------------------------------------------------------------------------

  send(event) {
    if (event.defaultPrevented || !this.input.files.length || this.form.matches("[hx-post]")) return;
    event.preventDefault();
    const request = new XMLHttpRequest();
    const bar = this.progress();
    request.open("POST", event.submitter?.formAction || this.form.action);
    request.setRequestHeader("X-Requested-With", "upload");
    request.upload.addEventListener("progress", (sent) => bar.at(sent.loaded / sent.total));
    request.addEventListener("load", () => this.answer(request));
    request.addEventListener("error", () => this.fail());
    request.send(new FormData(this.form, event.submitter));
    for (const button of this.form.querySelectorAll("button")) button.disabled = true;
  }

  progress() {
    const label = this.list.querySelector(".id")?.textContent ?? "";
    const bar = make("progress", { max: "1", value: "0", "aria-label": label });
    const words = make("span", { class: "number" }, "0 %");
    this.list.append(make("li", { class: "file-row" }, bar, words));
    return {
      at: (part) => {
        bar.value = part;
        words.textContent = part < 1 ? `${Math.floor(part * 100)} %` : this.dataset.done;
      },
    };
  }

  answer(request) {
    const next = request.getResponseHeader("X-Location");
    if (next) {
      goTo(next);
      return;
    }
    const files = [...this.input.files];
    const { name } = this.input;
    showPage(request.responseText, request.responseURL);
    // The form came back with a question: its files are still at hand, so nobody chooses them twice.
    const again = document.querySelector(`file-drop input[name="${CSS.escape(name)}"]`);
    if (!again) return;
    document.querySelector(".files-again")?.remove();
    again.closest("file-drop").keep(files);
  }

  fail() {
    for (const button of this.form.querySelectorAll("button")) button.disabled = false;
    // Nothing was saved: the list is drawn anew and the guard asks again.
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    document.dispatchEvent(new CustomEvent("htmx:sendError"));
  }
}

/** Open an address anew, also where only its fragment differs from here. */
function goTo(address) {
  const next = new URL(address, location.href);
  const isHere = next.pathname + next.search === location.pathname + location.search;
  location.assign(next);
  if (isHere) location.reload();
}

/** A pasted screenshot is called image.png on every machine: the time tells one from the next. */
function named(file) {
  if (file.name !== "image.png") return file;
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  return new File([file], `screenshot-${time}Z.png`, { type: file.type });
}

customElements.define("file-drop", FileDrop);
