// Create a record without leaving the form: its page's form in a dialog.
import { make } from "casefiles/lib/dom.js";
import { loadElements } from "casefiles/lib/start.js";

/** Ask for a new record; resolves to {id, text}, or to null when the dialog is closed. */
export function createRecord(url, text) {
  const dialog = make("dialog");
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.record ?? null);
    });
    openForm(dialog, url, text).catch(() => {
      dialog.close();
      // Without the dialog the form has a page of its own.
      open(url, "_blank", "noopener");
    });
  });
}

async function openForm(dialog, url, text) {
  const response = await fetch(url);
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  showForm(dialog, await response.text(), url);
  const first = dialog.querySelector("form input:not([type=hidden]), form textarea");
  if (first && !first.value) first.value = text;
  dialog.showModal();
  first?.focus();
}

function showForm(dialog, html, url) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("main form[method=post], form[method=post]");
  if (!form) throw new Error("no form");
  const heading = make("h2", {}, page.querySelector("h1")?.textContent.trim() ?? "");
  const close = make("button", { type: "button", class: "button quiet" }, "×");
  close.setAttribute("aria-label", page.body.dataset.close ?? "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", heading.textContent);
  dialog.replaceChildren(make("header", {}, heading, close), make("div", { class: "dialog-body" }, document.adoptNode(form)));
  form.addEventListener("submit", (event) => send(event, dialog, url));
  loadElements(dialog);
}

async function send(event, dialog, url) {
  event.preventDefault();
  const form = event.target;
  const typed = form.querySelector("input:not([type=hidden])")?.value ?? "";
  const response = await fetch(form.getAttribute("action") || url, {
    method: "POST",
    body: new FormData(form, event.submitter),
    headers: { Accept: "application/json" },
  });
  if (response.headers.get("Content-Type")?.startsWith("application/json")) {
    dialog.record = await response.json();
  } else if (response.redirected) {
    // Saved, and the answer was the record's page: the words name it, and saving the form looks them up.
    dialog.record = { id: "", text: typed };
  } else {
    showForm(dialog, await response.text(), url);
    dialog.querySelector("[aria-invalid=true], [role=alert]")?.focus();
    return;
  }
  dialog.close();
}
