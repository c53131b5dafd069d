// <mention-box data-url>: completes user names of the team while one types after "@" in the text area inside.
//
// The address answers {results: [{id, text, detail}]}; `id` is the user name. Without it one types the name.
import { freshId, make, whenQuiet } from "casefiles/lib/dom.js";

// What is typed of a name, directly before the caret; no address of mail.
const TYPED = /(?:^|[^\p{L}\p{N}_@.+-])@([\p{L}\p{N}_.+-]*)$/u;

class MentionBox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("textarea");
    if (this.list || !this.input || !this.dataset.url) return;
    const id = freshId("people");
    this.list = make("div", { class: "picker-list", role: "listbox", id, "aria-label": this.dataset.label, hidden: true });
    this.live = make("div", { class: "visually-hidden", role: "status" });
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", id);
    this.append(this.list, this.live);
    const look = whenQuiet(() => this.look(), 150);
    this.input.addEventListener("input", look);
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get typed() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    return TYPED.exec(before)?.[1];
  }

  async look() {
    const typed = this.typed;
    if (typed === undefined) {
      this.close();
      return;
    }
    try {
      const address = `${this.dataset.url}?${new URLSearchParams({ q: typed })}`;
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected || this.typed !== typed) return;
      this.show((await response.json()).results);
    } catch {
      // The name can be typed to its end.
      this.close();
    }
  }

  show(people) {
    this.list.replaceChildren(...people.map((person) => this.option(person)));
    this.list.hidden = !people.length;
    this.live.textContent = people.length ? (this.dataset.found ?? "%s").replace("%s", people.length) : "";
    this.move(this.list.firstElementChild);
  }

  option({ id, text, detail }) {
    const option = make("div", { role: "option", id: freshId("person"), "aria-selected": "false" });
    option.append(make("span", { dir: "auto" }, text), make("span", { class: "detail", dir: "auto" }, detail));
    option.username = id;
    return option;
  }

  press(event) {
    if (this.list.hidden || !this.active) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.step(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === "Tab") this.choose(this.active);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  step(by) {
    const options = [...this.list.children];
    this.move(options[(options.indexOf(this.active) + by + options.length) % options.length]);
  }

  move(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(option) {
    if (!option) return;
    const end = this.input.selectionStart;
    this.input.setRangeText(`${option.username} `, end - this.typed.length, end, "end");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
    this.input.focus();
  }

  close() {
    this.list.hidden = true;
    this.move(null);
  }
}

customElements.define("mention-box", MentionBox);
