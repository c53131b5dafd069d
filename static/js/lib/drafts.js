// What was typed and not saved, kept with the page's place in the browser's history and nowhere else.
//
// Some browsers forget a form with its page where the page says `no-store`. What is kept here is sealed with a key that
// comes with every page from the server, to one person alone: on a machine that is taken away it tells nothing.
const LEFT_OUT = "button, fieldset, output, [type=submit], [type=file], [type=password], [name=csrfmiddlewaretoken]";
const SEAL = "AES-GCM";
let latest = 0;
let seal = null;

/** Say whether this browser can seal: plain http from another machine cannot. */
export function canKeep(key) {
  return Boolean(key && globalThis.crypto?.subtle);
}

/** Keep what a form holds now; of several calls the last one counts. */
export async function keepDraft(form, key) {
  latest += 1;
  const mine = latest;
  const name = nameOf(form);
  const text = new TextEncoder().encode(JSON.stringify(valuesOf(form)));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: SEAL, iv }, await sealOf(key), text);
  if (mine === latest && form.isConnected) put({ ...history.state?.drafts, [name]: [iv, new Uint8Array(sealed)] });
}

/** Forget the draft of a form that was saved. */
export function dropDraft(form) {
  latest += 1;
  const { [nameOf(form)]: dropped, ...others } = history.state?.drafts ?? {};
  if (dropped) put(others);
}

/** Fill a form with what was kept for it here; say whether there was anything. */
export async function fillFromDraft(form, key) {
  const kept = history.state?.drafts?.[nameOf(form)];
  if (!kept) return false;
  const [iv, sealed] = kept;
  try {
    const text = await crypto.subtle.decrypt({ name: SEAL, iv }, await sealOf(key), sealed);
    fill(form, JSON.parse(new TextDecoder().decode(text)));
    return true;
  } catch {
    // Somebody else typed it, or the password was changed since.
    return false;
  }
}

function nameOf(form) {
  return new URL(form.getAttribute("action") ?? "", location.href).pathname;
}

function put(drafts) {
  history.replaceState({ ...history.state, drafts }, "");
}

function sealOf(key) {
  if (seal?.key !== key) {
    const raw = Uint8Array.from(key.match(/../g), (pair) => Number.parseInt(pair, 16));
    seal = { key, made: crypto.subtle.importKey("raw", raw, SEAL, false, ["encrypt", "decrypt"]) };
  }
  return seal.made;
}

function controlsOf(form) {
  return [...form.elements].filter((control) => control.name && !control.matches(LEFT_OUT));
}

function valuesOf(form) {
  const names = new Set(controlsOf(form).map((control) => control.name));
  return [...new FormData(form)].filter(([name, value]) => names.has(name) && typeof value === "string");
}

function fill(form, pairs) {
  const kept = Map.groupBy(pairs, ([name]) => name);
  for (const control of controlsOf(form)) {
    const values = kept.get(control.name) ?? [];
    if (control.matches("[type=checkbox], [type=radio]")) {
      control.checked = values.some(([, value]) => value === control.value);
    } else if (control.multiple) {
      for (const option of control.options) option.selected = values.some(([, value]) => value === option.value);
    } else if (values.length) {
      control.value = values.shift()[1];
    }
  }
}
