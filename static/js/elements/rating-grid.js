// <rating-grid>: a table of selects that is filled in by the keyboard. Arrow keys go from cell to cell, letters rate.
const CODES = { c: "C", C: "CC", i: "I", I: "II", n: "N/A", N: "N/A", Delete: "", Backspace: "" };
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

class RatingGrid extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("select")]);
    for (const select of this.rows.flat()) {
      select.setAttribute("aria-describedby", `${select.getAttribute("aria-describedby") ?? ""} rating-keys`.trim());
      select.dataset.code = select.value;
    }
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("change", ({ target }) => {
      if (target.matches("select")) target.dataset.code = target.value;
    });
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (target.matches("textarea") && key === "Escape") {
      event.preventDefault();
      target.closest("td").querySelector("select").focus();
    }
    if (!target.matches("select")) return;
    if (key in STEPS) this.step(event, ...STEPS[key]);
    else if (key in CODES) this.rate(event, CODES[key]);
    else if (key === "Enter") this.explain(event);
  }

  step(event, down, right) {
    event.preventDefault();
    const row = this.rows.findIndex((cells) => cells.includes(event.target));
    // In a page that runs from right to left, the next column stands to the left.
    const turned = getComputedStyle(this).direction === "rtl" ? -right : right;
    this.rows[row + down]?.[this.rows[row].indexOf(event.target) + turned]?.focus();
  }

  rate(event, code) {
    event.preventDefault();
    event.target.value = code;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  }

  explain(event) {
    event.preventDefault();
    const details = event.target.closest("td").querySelector("details");
    details.open = true;
    details.querySelector("textarea").focus();
  }
}

customElements.define("rating-grid", RatingGrid);
