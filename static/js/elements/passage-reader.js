// <passage-reader>: takes what is selected in a page's words, with mouse or keys, into the form that cites it.
//
// The words become a text in which the cursor moves and nothing can be changed: arrows move, Shift selects, Enter takes.
class PassageReader extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-take]");
    this.words = this.querySelector(".page-words");
    this.form = document.getElementById("cite-form");
    this.carriers = [...document.querySelectorAll("a[data-carries-passage]")];
    const isCiting = this.button && this.form;
    if ((!isCiting && !this.carriers.length) || this.listening) return;
    this.listening = new AbortController();
    const { signal } = this.listening;
    document.addEventListener("selectionchange", () => this.note(), { signal });
    if (!isCiting) return;
    this.letCursorIn();
    this.button.addEventListener("click", () => this.take(), { signal });
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.listening = undefined;
  }

  letCursorIn() {
    const { words } = this;
    const state = { role: "textbox", "aria-multiline": "true", "aria-readonly": "true", spellcheck: "false" };
    for (const [name, value] of Object.entries(state)) words.setAttribute(name, value);
    words.contentEditable = "true";
    words.addEventListener("beforeinput", (event) => event.preventDefault());
    for (const name of ["drop", "dragover", "paste", "cut"]) words.addEventListener(name, (event) => event.preventDefault());
    words.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.take();
  }

  /** Keep what is selected: a click on the button may take the selection away. */
  note() {
    const passage = this.selected();
    if (passage) {
      this.passage = passage;
      this.carry(passage);
    }
    if (!this.button) return;
    if (passage || !this.contains(document.activeElement)) this.button.hidden = !this.passage;
  }

  /** The ways to another record, and to a statement, take the passage with them. */
  carry({ text, locator }) {
    for (const link of this.carriers) {
      const address = new URL(link.href, location.href);
      address.searchParams.set("quote", text.slice(0, 2000));
      address.searchParams.set("locator", locator);
      link.href = address.pathname + address.search;
    }
  }

  selected() {
    const selection = document.getSelection();
    if (!selection?.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const around = [...this.querySelectorAll("[data-locator]")].filter((one) => range.intersectsNode(one));
    const text = this.textOf(range, around);
    return text ? { text, locator: locatorOf(around.map((one) => one.dataset.locator)) } : null;
  }

  /** Lines on the picture are elements of their own, without line breaks between them. */
  textOf(range, around) {
    if (!around.length) return "";
    if (!around.some((one) => one.matches("svg"))) return document.getSelection().toString().trim();
    const lines = [...this.querySelectorAll(".page-layer text")].filter((line) => range.intersectsNode(line));
    return lines.map((line) => partOf(range, line)).join("\n").trim();
  }

  take() {
    const passage = this.selected() ?? this.passage;
    if (!passage) return;
    const { elements } = this.form;
    elements.namedItem("quote").value = passage.text;
    elements.namedItem("locator").value = passage.locator;
    this.querySelector("[data-said]").textContent = (this.dataset.taken ?? "%s").replace("%s", passage.text.slice(0, 80));
    elements.namedItem("claim").focus();
  }
}

function partOf(range, line) {
  const own = document.createRange();
  own.selectNodeContents(line);
  if (range.compareBoundaryPoints(Range.START_TO_START, own) > 0) own.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, own) < 0) own.setEnd(range.endContainer, range.endOffset);
  return own.toString();
}

/** Return "para 3-5" for "para 3" to "para 5"; the same locator stays as it is. */
function locatorOf(locators) {
  const [first, last] = [locators[0], locators.at(-1)];
  return first === last ? first : `${first}-${last.split(" ").at(-1)}`;
}

customElements.define("passage-reader", PassageReader);
