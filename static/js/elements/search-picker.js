// <search-picker data-url>: a combobox that looks up records while one types.
//
// Around a text input and a hidden input: the words and the id. Around a <select>: the select keeps the value.
// The address answers {results: [{id, text, detail}], create: {label, url} or null}; data-create-url does for the latter.
import { freshId, make, whenQuiet } from "casefiles/lib/dom.js";
import { createRecord } from "casefiles/lib/create-record.js";

class SearchPicker extends HTMLElement {
  connectedCallback() {
    if (this.input || !this.dataset.url) return;
    this.holder = this.querySelector("select, input[type=hidden]");
    this.input = this.querySelector("input:not([type=hidden])") ?? this.inputForSelect();
    this.build();
    const search = whenQuiet(() => this.search(), 200);
    this.input.addEventListener("input", () => {
      this.hold("");
      search();
    });
    // Somebody may be typing before this script is there.
    if (document.activeElement === this.input && this.input.value !== this.input.defaultValue) search();
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  inputForSelect() {
    const { selectedOptions, id } = this.holder;
    const chosen = selectedOptions[0]?.value ? selectedOptions[0].text : "";
    const input = make("input", { type: "text", id: `${id}-search`, dir: "auto", value: chosen });
    this.holder.labels[0]?.setAttribute("for", input.id);
    this.holder.hidden = true;
    this.append(input);
    return input;
  }

  build() {
    const id = freshId("picker");
    this.list = make("div", { class: "picker-list", role: "listbox", id, hidden: true });
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? "");
    this.live = make("div", { class: "visually-hidden", role: "status" });
    const role = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(role)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
    this.append(this.list, this.live);
  }

  async search() {
    const text = this.input.value.trim();
    this.asked = text;
    if (!text) {
      this.close();
      return;
    }
    const join = this.dataset.url.includes("?") ? "&" : "?";
    const address = `${this.dataset.url}${join}${new URLSearchParams({ q: text })}`;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" } });
      if (!response.ok || response.redirected || this.asked !== text) return;
      this.show(await response.json(), text);
    } catch {
      // What was typed is looked up on saving.
      this.close();
    }
  }

  show({ results, create }, text) {
    const options = results.map((result) => this.option(result));
    if (!options.length) options.push(make("div", { class: "picker-empty" }, this.dataset.nothing ?? ""));
    const url = create?.url ?? this.dataset.createUrl;
    if (url) options.push(this.createOption(create?.label ?? this.dataset.createLabel?.replace("%s", text), url));
    this.list.replaceChildren(...options);
    this.live.textContent = (this.dataset.found ?? "%s").replace("%s", results.length);
    this.open(true);
    this.move(null);
  }

  option({ id, text, detail }) {
    const option = make("div", { role: "option", id: freshId("option"), "aria-selected": "false" });
    option.append(make("span", { dir: "auto" }, text));
    if (detail) option.append(make("span", { class: "detail", dir: "auto" }, detail));
    option.record = { id, text };
    return option;
  }

  createOption(label, url) {
    const option = make("div", { role: "option", id: freshId("option"), class: "picker-create" }, label ?? "");
    option.setAttribute("aria-selected", "false");
    option.createUrl = url;
    return option;
  }

  // --- Keys and choice ----------------------------------------------------------------------------------------------

  press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search();
      else this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  step(by) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const from = this.active ? options.indexOf(this.active) : by > 0 ? -1 : 0;
    this.move(options[(from + by + options.length) % options.length]);
  }

  move(option) {
    this.active?.setAttribute("aria-selected", "false");
    this.active = option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  async choose(option) {
    if (!option) return;
    this.close();
    const record = option.createUrl ? await createRecord(option.createUrl, this.input.value) : option.record;
    if (record) {
      this.input.value = record.text;
      this.hold(record.id, record.text);
    }
    this.input.focus();
  }

  hold(id, text) {
    if (this.holder.value === id) return;
    if (this.holder.matches("select") && id && ![...this.holder.options].some((option) => option.value === id)) {
      this.holder.append(new Option(text, id));
    }
    this.holder.value = id;
    this.holder.dispatchEvent(new Event("change", { bubbles: true }));
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    this.open(false);
    this.move(null);
  }
}

customElements.define("search-picker", SearchPicker);
