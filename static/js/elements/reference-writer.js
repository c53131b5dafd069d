// <reference-writer data-offer-url data-check-url>: a form with a summary that cites by number.
//
// Behind "[[" it offers the numbers of the case while one types, and it says what cites nothing or leads nowhere.
import { freshId, make, whenQuiet } from "casefiles/lib/dom.js";

const OPEN = /\[\[([^\[\]\n]{0,60})$/;

class ReferenceWriter extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea[name=summary]");
    if (this.list || !this.area) return;
    this.build();
    const offer = whenQuiet(() => this.offer(), 120);
    const check = whenQuiet(() => this.check(), 700);
    this.area.addEventListener("input", () => {
      offer();
      check();
    });
    this.area.addEventListener("keydown", (event) => this.press(event));
    this.area.addEventListener("click", offer);
    this.area.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  build() {
    const id = freshId("references");
    this.list = make("div", { class: "picker-list", role: "listbox", id, hidden: true });
    this.list.setAttribute("aria-label", this.dataset.offered ?? "");
    this.live = make("div", { class: "visually-hidden", role: "status" });
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", id);
    this.area.setAttribute("aria-haspopup", "listbox");
    const place = make("div", { class: "offers" });
    this.area.after(place);
    place.append(this.list, this.live);
    // Beside the words that it is about.
    const note = document.getElementById("summary-note");
    if (note) place.after(note);
  }

  /** What stands between "[[" and the caret; null where no reference is being written. */
  get typed() {
    const { value, selectionStart, selectionEnd } = this.area;
    if (selectionStart !== selectionEnd) return null;
    return OPEN.exec(value.slice(0, selectionStart))?.[1] ?? null;
  }

  async offer() {
    const text = this.typed;
    this.asked = text;
    // Behind the label stands a place in the exhibit, which is the writer's to type.
    if (text === null || /^[CES]-\d{2,} /i.test(text)) {
      this.close();
      return;
    }
    try {
      const response = await fetch(`${this.dataset.offerUrl}?${new URLSearchParams({ q: text })}`, {
        headers: { Accept: "application/json" },
      });
      if (!response.ok || response.redirected || this.asked !== text || this.typed !== text) return;
      this.show((await response.json()).results);
    } catch {
      this.close();
    }
  }

  show(results) {
    const options = results.map((result) => this.option(result));
    if (!options.length) options.push(make("div", { class: "picker-empty" }, this.dataset.nothing ?? ""));
    this.list.replaceChildren(...options);
    this.live.textContent = (this.dataset.found ?? "%s").replace("%s", results.length);
    this.list.hidden = false;
    this.move(results.length ? options[0] : null);
  }

  option({ label, text, detail }) {
    const option = make("div", { role: "option", id: freshId("option"), "aria-selected": "false" });
    const words = make("span", { dir: "auto" }, make("span", { class: "id" }, label), ` ${text}`);
    option.append(words);
    if (detail) option.append(make("span", { class: "detail", dir: "auto" }, detail));
    option.dataset.label = label;
    return option;
  }

  // --- Keys and choice ----------------------------------------------------------------------------------------------

  press(event) {
    if (this.list.hidden) return;
    const options = [...this.list.querySelectorAll("[role=option]")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      this.move(options[(options.indexOf(this.active) + step + options.length) % options.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && this.active) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  move(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.area.setAttribute("aria-activedescendant", option.id);
    else this.area.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    const text = this.typed;
    if (!option || text === null) return;
    const end = this.area.selectionStart;
    // What closes the reference may be there already.
    const closing = /^\]{0,2}/.exec(this.area.value.slice(end))[0].length;
    this.area.setRangeText(`${option.dataset.label}]]`, end - text.length, end + closing, "end");
    this.close();
    this.area.focus();
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    this.asked = null;
    this.list.hidden = true;
    this.move(null);
  }

  // --- What to look at ----------------------------------------------------------------------------------------------

  async check() {
    const text = this.area.value;
    const body = new FormData();
    body.set("summary", text);
    body.set("csrfmiddlewaretoken", this.area.form.elements.csrfmiddlewaretoken.value);
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(this.dataset.checkUrl, { method: "POST", body, headers });
      // It is read again on saving.
      if (response.ok && !response.redirected && this.area.value === text) this.tell(await response.json());
    } catch {
      return;
    }
  }

  tell({ sentence, lines }) {
    const place = document.getElementById("summary-note");
    if (!lines.length) {
      place?.replaceChildren();
      return;
    }
    const items = lines.map((words) => make("li", { dir: "auto" }, words));
    const head = make("p", { class: "strong" }, `${this.dataset.title ?? ""} ${sentence}`);
    const text = make("div", { class: "note-text" }, head, make("ul", { class: "plain" }, ...items));
    place?.replaceChildren(make("div", { class: "note warn" }, text));
  }
}

customElements.define("reference-writer", ReferenceWriter);
