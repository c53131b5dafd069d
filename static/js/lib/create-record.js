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

// The server answers with the bare form, and with JSON once it is saved.
const IN_PLACE = { "X-Requested-With": "create-in-place" };
const REFERENCES = ["for", "aria-describedby", "aria-labelledby", "data-output"];

async function openForm(dialog, url, text) {
  const response = await fetch(url, { headers: IN_PLACE });
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
  close.setAttribute("aria-label", document.body.dataset.close ?? "");
  close.addEventListener("click", () => dialog.close());
  dialog.setAttribute("aria-label", heading.textContent);
  renameIds(form);
  dialog.replaceChildren(make("header", {}, heading, close), make("div", { class: "dialog-body" }, document.adoptNode(form)));
  form.addEventListener("submit", (event) => send(event, dialog, url));
  loadElements(dialog);
}

/** The page behind may have a field of the same name: a label must find the one in the dialog. */
function renameIds(form) {
  const renamed = (ids) => ids.split(" ").map((id) => `dialog-${id}`).join(" ");
  for (const element of form.querySelectorAll("[id]")) element.id = renamed(element.id);
  for (const name of REFERENCES) {
    for (const element of form.querySelectorAll(`[${name}]`)) element.setAttribute(name, renamed(element.getAttribute(name)));
  }
  for (const link of form.querySelectorAll('a[href^="#"]')) link.setAttribute("href", `#dialog-${link.hash.slice(1)}`);
}

async function send(event, dialog, url) {
  event.preventDefault();
  const form = event.target;
  const typed = form.querySelector("input:not([type=hidden])")?.value ?? "";
  const response = await fetch(form.getAttribute("action") || url, {
    method: "POST",
    body: new FormData(form, event.submitter),
    headers: { ...IN_PLACE, Accept: "application/json" },
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
