// Sends many files: small ones several to a request, large ones in pieces that can be continued. Knows no page: what
// happens to a file is told to its `entry`.
//
// An entry has `file`, `path`, and the methods
//   at(part)       how much of it was really sent, 0 to 1
//   is(state)      "checking", "sending" or "finishing"
//   became(item)   the server's list item that says what became of it
//   failed(reason) "broken", "signed-out", "not-understood", "too-large", or a sentence of the server's
// and `signal`, an AbortSignal with which it is cancelled.
import { digestOf, hashBlob, Sha256 } from "casefiles/sending/sha256.js";

const MEGABYTE = 1024 * 1024;
const BATCH_BYTES = 8 * MEGABYTE;
const BATCH_FILES = 25;
const SMALL_BYTES = MEGABYTE;
const LANES = 3;
const ATTEMPTS = 4;
const PAUSE_MILLISECONDS = 1000;
const ASKED_AT_ONCE = 100;

export class Sender {
  /** `addresses` are those of the page: add, known, part; `fields` return what its form names beside the files. */
  constructor({ addresses, fields, token, maxBytes, pieceBytes }) {
    Object.assign(this, { addresses, fields, token, maxBytes, pieceBytes });
  }

  /** Send all entries; resolves when each has become something, has failed or was cancelled. */
  async send(entries) {
    const fitting = entries.filter((entry) => this.fits(entry));
    const small = fitting.filter((entry) => entry.file.size < this.pieceBytes);
    const large = fitting.filter((entry) => entry.file.size >= this.pieceBytes);
    const work = [...batches(small)].map((batch) => () => this.sendBatch(batch));
    work.push(...large.map((entry) => () => this.sendLarge(entry)));
    const lane = async () => {
      for (let next = work.shift(); next; next = work.shift()) await next();
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  fits(entry) {
    if (entry.file.size <= this.maxBytes) return true;
    entry.failed("too-large");
    return false;
  }

  // --- Small files --------------------------------------------------------------------------------------------------

  async sendBatch(batch) {
    const hashed = await this.hashed(batch);
    const fresh = await this.unknown(hashed);
    await this.post(fresh);
  }

  async hashed(batch) {
    const done = [];
    for (const entry of batch) {
      if (entry.signal.aborted) continue;
      entry.is("checking");
      try {
        entry.sha256 ??= await this.digest(entry);
        done.push(entry);
      } catch {
        if (!entry.signal.aborted) entry.failed("not-readable");
      }
    }
    return done;
  }

  async digest({ file, signal }) {
    return file.size < this.pieceBytes ? digestOf(file, signal) : (await hashBlob(new Sha256(), file, signal)).hex();
  }

  /** Leave out what the person may see already, and show it as such; "add anyway" sends it all the same. */
  async unknown(entries) {
    const asked = entries.filter((entry) => !entry.isWanted);
    const held = await this.held(asked.map((entry) => entry.sha256));
    for (const entry of asked) {
      const item = held.get(entry.sha256);
      if (item) entry.became(item.cloneNode(true));
    }
    return entries.filter((entry) => entry.isWanted || !held.has(entry.sha256));
  }

  async held(digests) {
    const found = new Map();
    for (let start = 0; start < digests.length; start += ASKED_AT_ONCE) {
      const body = this.form(digests.slice(start, start + ASKED_AT_ONCE).map((digest) => ["sha256", digest]));
      const answer = await this.ask("POST", this.addresses.known, body).catch(() => null);
      for (const item of itemsOf(answer)) found.set(item.dataset.sha256, item);
    }
    return found;
  }

  /** Send several files in one request. Cancelling one before it is all sent starts the request anew for the others. */
  async post(entries) {
    const waiting = entries.filter((entry) => !entry.signal.aborted);
    if (!waiting.length) return;
    const body = this.form(
      waiting.flatMap((entry) => [
        ["file", entry.file],
        ["path", entry.path],
        ["sha256", entry.sha256],
        ...wanted(entry),
      ]),
    );
    for (const entry of waiting) entry.is("sending");
    const answer = await this.ask("POST", this.addresses.add, body, {
      signals: waiting.map((entry) => entry.signal),
      progress: (part) => share(waiting, part),
    }).catch((reason) => reason);
    if (answer === CANCELLED) {
      await this.post(waiting);
      return;
    }
    this.tell(waiting, answer);
  }

  tell(entries, answer) {
    const items = itemsOf(answer);
    entries.forEach((entry, place) => {
      if (items.length === entries.length) entry.became(items[place]);
      else entry.failed(reasonOf(answer));
    });
  }

  // --- Large files --------------------------------------------------------------------------------------------------

  async sendLarge(entry) {
    try {
      if (!entry.isWanted && (await this.isKnown(entry))) return;
      const digest = await this.sendPieces(entry);
      entry.is("finishing");
      await this.finish(entry, digest.hex());
    } catch (reason) {
      if (entry.signal.aborted) await this.forget(entry);
      else entry.failed(reasonOf(reason));
    }
  }

  /** Hash the whole of a large file first only where something of its name and size is held. */
  async isKnown(entry) {
    const asked = this.form([["name", entry.file.name], ["size_bytes", String(entry.file.size)]]);
    const { maybe } = JSON.parse((await this.ask("POST", this.addresses.known, asked)).text);
    if (!maybe.length) return false;
    return !(await this.unknown(await this.hashed([entry]))).length;
  }

  /** Send what the server does not have yet, and return the digest of the whole, made along the way. */
  async sendPieces(entry) {
    const { file, signal } = entry;
    let { offset, digest } = await this.continued(entry);
    let failures = 0;
    entry.is("sending");
    while (offset < file.size) {
      signal.throwIfAborted();
      const piece = file.slice(offset, offset + this.pieceBytes);
      const begun = offset;
      try {
        const sent = this.ask("PATCH", await this.partOf(entry), piece, {
          headers: { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" },
          signals: [signal],
          progress: (part) => entry.at((begun + part * piece.size) / file.size),
        });
        const hashed = hashBlob(digest.copy(), piece, signal);
        [digest] = await Promise.all([hashed, sent]);
        offset += piece.size;
        failures = 0;
      } catch (reason) {
        failures += 1;
        if (signal.aborted || !mayPass(reason) || failures >= ATTEMPTS) throw reason;
        await pause(failures, signal);
        ({ offset, digest } = await this.continued(entry));
      }
    }
    return digest;
  }

  /** Return where to go on. What the server has must be what this file begins with; else it is sent from the start. */
  async continued(entry) {
    const address = await this.partOf(entry);
    const held = JSON.parse((await this.ask("GET", address, null, { signals: [entry.signal] })).text);
    if (!held.size_bytes) return { offset: 0, digest: new Sha256() };
    entry.is("checking");
    const digest = await hashBlob(new Sha256(), entry.file.slice(0, held.size_bytes), entry.signal);
    entry.is("sending");
    if (held.size_bytes <= entry.file.size && digest.hex() === held.sha256) return { offset: held.size_bytes, digest };
    await this.ask("DELETE", address);
    return { offset: 0, digest: new Sha256() };
  }

  async finish(entry, sha256) {
    const { file, path } = entry;
    const body = this.form([
      ["name", file.name],
      ["media_type", file.type],
      ["size_bytes", String(file.size)],
      ["path", path],
      ["sha256", sha256],
      ...wanted(entry),
    ]);
    this.tell([entry], await this.ask("POST", await this.partOf(entry), body));
  }

  async forget(entry) {
    await this.ask("DELETE", await this.partOf(entry)).catch(() => null);
  }

  /** Return the address of a file on its way: the same file, chosen again, has the same one. */
  async partOf(entry) {
    const { name, size, lastModified } = entry.file;
    const digest = new Sha256().update(new TextEncoder().encode(JSON.stringify([name, size, lastModified, entry.path])));
    const address = new URL(this.addresses.part.replace(/\/-\/$/, `/${digest.hex()}/`), location.href);
    for (const [key, value] of this.fields()) address.searchParams.set(key, value);
    return address.href;
  }

  // --- Asking -------------------------------------------------------------------------------------------------------

  form(pairs) {
    const hasFiles = pairs.some(([, value]) => value instanceof Blob);
    const body = hasFiles ? new FormData() : new URLSearchParams();
    for (const [key, value] of [...this.fields(), ...pairs]) body.append(key, value);
    return body;
  }

  /** Resolve to the answer, or reject: CANCELLED, {status: 0} where the line broke, or an answer that is an error. */
  ask(method, address, body = null, { headers = {}, signals = [], progress } = {}) {
    const request = new XMLHttpRequest();
    request.open(method, address);
    const all = { "X-Requested-With": "upload", "X-CSRFToken": this.token, ...headers };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    let isSent = false;
    request.upload.addEventListener("progress", (sent) => progress?.(sent.loaded / sent.total));
    request.upload.addEventListener("load", () => {
      isSent = true;
      progress?.(1);
    });
    const stop = () => {
      // Once everything is sent the server decides: what it adds cannot be called back by hanging up.
      if (!isSent || method === "PATCH") request.abort();
    };
    for (const signal of signals) signal.addEventListener("abort", stop);
    return new Promise((resolve, reject) => {
      request.addEventListener("load", () => {
        const answer = { status: request.status, text: request.responseText, goTo: request.getResponseHeader("X-Location") };
        const isList = answer.text.trimStart().startsWith("<ul");
        (request.status < 400 && !answer.goTo) || isList ? resolve(answer) : reject(answer);
      });
      request.addEventListener("error", () => reject({ status: 0, text: "" }));
      request.addEventListener("abort", () => reject(CANCELLED));
      request.send(body);
    }).finally(() => {
      for (const signal of signals) signal.removeEventListener("abort", stop);
    });
  }
}

const CANCELLED = { status: 0, text: "", isCancelled: true };

function* batches(entries) {
  let batch = [];
  let bytes = 0;
  for (const entry of entries) {
    const isFull = batch.length >= BATCH_FILES || bytes + entry.file.size > BATCH_BYTES;
    if (batch.length && (isFull || entry.file.size > SMALL_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.file.size;
    if (entry.file.size > SMALL_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length) yield batch;
}

/** Tell each file of a request how much of it was sent: they go one after the other. */
function share(entries, part) {
  const total = entries.reduce((sum, entry) => sum + entry.file.size, 0);
  let start = 0;
  for (const entry of entries) {
    const { size } = entry.file;
    entry.at(size ? Math.min(1, Math.max(0, (part * total - start) / size)) : part);
    start += entry.file.size;
    if (part === 1) entry.is("finishing");
  }
}

/** Say that a file is to be added although the same bytes are held. Somebody answers that for one file at a time. */
function wanted(entry) {
  return entry.isWanted ? [["is_twin_wanted", "on"]] : [];
}

function itemsOf(answer) {
  if (!answer?.text?.trimStart().startsWith("<ul")) return [];
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  return [...page.querySelectorAll("#outcomes > li")];
}

function reasonOf(answer) {
  if (answer?.goTo) return "signed-out";
  if (answer?.status === 0) return "broken";
  try {
    return JSON.parse(answer.text).error ?? "not-understood";
  } catch {
    return answer?.name === "NotReadableError" ? "not-readable" : "not-understood";
  }
}

/** Say whether trying again may help: the line broke, the server is busy, or a piece began in the wrong place. */
function mayPass(reason) {
  return reason?.status === 0 || reason?.status === 409 || reason?.status === 502 || reason?.status === 503;
}

function pause(attempt, signal) {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MILLISECONDS * 2 ** (attempt - 1));
    signal.addEventListener("abort", resolve);
  });
}
