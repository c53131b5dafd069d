// Starts the page: custom elements, the search key, menus, and what to say when a request fails.
import { focusTarget, loadElements } from "casefiles/lib/start.js";
import { make } from "casefiles/lib/dom.js";

function isTyping(target) {
  return target.isContentEditable || target.matches("input, textarea, select");
}

function focusSearch(event) {
  const search = document.getElementById("top-search");
  if (event.key !== "/" || !search || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}

function escapeMenu(event) {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

function reportFailure() {
  const text = make("span", { class: "message-text" }, document.body.dataset.requestFailed ?? "");
  document.getElementById("messages")?.append(make("div", { class: "message error" }, text));
}

function signInAgain(event) {
  // The session has ended: the answer is the sign-in page, which must not land inside this one.
  if (!/<body[^>]*\bsigned-out\b/.test(event.detail.xhr.responseText)) return;
  event.detail.shouldSwap = false;
  location.reload();
}

// htmx notes the address in the browser's storage, where it would outlive the session on a seized machine.
function forgetAddress() {
  sessionStorage.removeItem("htmx-current-path-for-history");
}

document.addEventListener("keydown", focusSearch);
document.addEventListener("keydown", escapeMenu);
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("htmx:load", (event) => loadElements(event.detail.elt));
document.addEventListener("htmx:beforeSwap", signInAgain);
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, reportFailure);
}

for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore", "htmx:afterSettle"]) {
  document.addEventListener(name, forgetAddress);
}

/** The strip of tabs scrolls on a narrow screen: show the one that is open. */
function showCurrentTab() {
  const tab = document.querySelector(".tabs [aria-current]");
  const strip = tab?.closest(".tabs");
  if (strip && strip.scrollWidth > strip.clientWidth) {
    strip.scrollLeft += tab.getBoundingClientRect().right - strip.getBoundingClientRect().right + 24;
  }
}

forgetAddress();
showCurrentTab();
loadElements(document);
focusTarget();
