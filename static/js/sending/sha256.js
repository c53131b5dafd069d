// SHA-256 of what comes in pieces (FIPS 180-4). The browser's own digest wants the whole file in memory at once.

const FIRST_PRIMES = primes(64);
const ROUND = Int32Array.from(FIRST_PRIMES, (prime) => fraction(Math.cbrt(prime)));
const START = FIRST_PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const BLOCK = 64;

function primes(count) {
  const found = [];
  for (let number = 2; found.length < count; number += 1) {
    if (found.every((prime) => number % prime)) found.push(number);
  }
  return found;
}

/** Return the first 32 bits of the part behind the point. */
function fraction(number) {
  return ((number - Math.floor(number)) * 0x100000000) | 0;
}

export class Sha256 {
  constructor() {
    this.state = Int32Array.from(START);
    this.words = new Int32Array(64);
    this.rest = new Uint8Array(BLOCK);
    this.held = 0;
    this.length = 0;
  }

  /** Take the next bytes. */
  update(bytes) {
    this.length += bytes.length;
    let start = 0;
    if (this.held) {
      start = Math.min(BLOCK - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, start), this.held);
      this.held += start;
      if (this.held < BLOCK) return this;
      this.mix(new DataView(this.rest.buffer), 0);
      this.held = 0;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (; start + BLOCK <= bytes.length; start += BLOCK) this.mix(view, start);
    this.rest.set(bytes.subarray(start));
    this.held = bytes.length - start;
    return this;
  }

  mix(view, start) {
    const { state, words } = this;
    for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(start + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const x = words[i - 15];
      const y = words[i - 2];
      const early = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const late = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16] + early + words[i - 7] + late) | 0;
    }
    // One by one: taking an array apart costs more here than the mixing itself.
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const big = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const first = (h + big + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
      const small = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const second = (small + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  /** Return a copy that can go on by itself. */
  copy() {
    const other = new Sha256();
    other.state.set(this.state);
    other.rest.set(this.rest);
    other.held = this.held;
    other.length = this.length;
    return other;
  }

  /** Return the digest in hexadecimal; what comes afterwards is not counted. */
  hex() {
    const last = this.copy();
    const bits = this.length * 8;
    const padding = new Uint8Array((this.held < 56 ? BLOCK : 2 * BLOCK) - this.held);
    padding[0] = 0x80;
    const end = new DataView(padding.buffer);
    end.setUint32(padding.length - 8, Math.floor(bits / 0x100000000));
    end.setUint32(padding.length - 4, bits % 0x100000000);
    last.update(padding);
    return [...last.state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

const STEP = 1024 * 1024;

/** Take a part of a file into a digest, step by step, so that the page stays alive. */
export async function hashBlob(digest, blob, signal) {
  for (let start = 0; start < blob.size; start += STEP) {
    signal?.throwIfAborted();
    digest.update(new Uint8Array(await blob.slice(start, start + STEP).arrayBuffer()));
  }
  return digest;
}

/** Return the digest of a file that fits into memory. */
export async function digestOf(file, signal) {
  // Only where the page came safely does the browser offer its own, which is many times faster.
  if (!globalThis.crypto?.subtle) return (await hashBlob(new Sha256(), file, signal)).hex();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
