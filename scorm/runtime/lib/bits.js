/**
 * @file Numbers and texts as bits, and bits as text of the base64url alphabet (RFC 4648, 5): six
 * bits a character, none of which a form, a URL or XML has to escape and thereby lengthen.
 */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
const WIDTH = 6;

/** The largest number that count() writes: its Elias code has 31 bits after 30 zeros. */
export const MOST = 2 ** 31 - 2;

/** The 16 characters that typed numbers are made of, so that each takes four bits. */
const NUMERIC = "0123456789.,-+e ";

/** No text (bytes) or set (bits) is longer: reading a damaged length must not hang the page. */
const LONGEST = 1 << 16;

export class BitWriter {
  #text = "";
  #value = 0;
  #filled = 0;

  /** How many characters there are so far; one that is only begun counts. */
  get length() {
    return this.#text.length + Number(this.#filled > 0);
  }

  /** `count` bits (up to 32) of a number, highest first. */
  bits(number, count) {
    for (let at = count - 1; at >= 0; at -= 1) {
      this.#value = (this.#value << 1) | ((number >>> at) & 1);
      this.#filled += 1;
      if (this.#filled === WIDTH) this.#end();
    }
  }

  /** @param {boolean} is */
  flag(is) {
    this.bits(Number(is), 1);
  }

  /** A whole number of 0 … MOST, small ones in few bits (Elias gamma): 1, 3, 3, 5, 5, 5, 5, 7 … */
  count(number) {
    const code = Math.min(Math.max(0, number), MOST) + 1;
    const width = 31 - Math.clz32(code);
    this.bits(0, width);
    this.bits(code, width + 1);
  }

  /** Any text, in the narrowest of three alphabets; a lone surrogate becomes U+FFFD. */
  text(text) {
    const numeric = [...text].every((character) => NUMERIC.includes(character));
    const units = numeric
      ? [...text].map((character) => NUMERIC.indexOf(character))
      : [...new TextEncoder().encode(text)];
    const width = numeric ? 4 : units.every((unit) => unit < 128) ? 7 : 8;
    this.count([4, 7, 8].indexOf(width));
    this.count(units.length);
    for (const unit of units) this.bits(unit, width);
  }

  /** A set of small numbers as a bigint with one bit for each. */
  set(bits) {
    const digits = bits === 0n ? "" : bits.toString(2);
    this.count(digits.length);
    for (const digit of digits) this.bits(Number(digit), 1);
  }

  /** Everything, filled up with zeros to a whole character. */
  toString() {
    if (this.#filled === 0) return this.#text;
    return this.#text + ALPHABET[this.#value << (WIDTH - this.#filled)];
  }

  #end() {
    this.#text += ALPHABET[this.#value];
    this.#value = this.#filled = 0;
  }
}

/** Reads what BitWriter wrote; every method throws RangeError where the bits end or are wrong. */
export class BitReader {
  #text;
  #at = 0;

  /** @param {string} text */
  constructor(text) {
    this.#text = text;
  }

  /** Are there fewer bits left than one character holds? */
  get atEnd() {
    return WIDTH * this.#text.length - this.#at < WIDTH;
  }

  bits(count) {
    let number = 0;
    for (let n = 0; n < count; n += 1) number = ((number << 1) | this.#next()) >>> 0;
    return number;
  }

  flag() {
    return this.#next() === 1;
  }

  count() {
    let width = 0;
    while (this.#next() === 0) {
      width += 1;
      if (width > 30) throw new RangeError("no number");
    }
    return ((1 << width) | this.bits(width)) - 1;
  }

  text() {
    const width = [4, 7, 8][this.count()];
    const units = Array.from({ length: this.#size() }, () => this.bits(width));
    if (width === 4) return units.map((unit) => NUMERIC[unit]).join("");
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(units));
  }

  set() {
    return Array.from({ length: this.#size() }).reduce((sum) => sum * 2n + BigInt(this.#next()), 0n);
  }

  #size() {
    const size = this.count();
    if (size > LONGEST) throw new RangeError("no length");
    return size;
  }

  #next() {
    const value = VALUES.get(this.#text[Math.floor(this.#at / WIDTH)]);
    if (value === undefined) throw new RangeError("no more bits");
    const bit = (value >> (WIDTH - 1 - (this.#at % WIDTH))) & 1;
    this.#at += 1;
    return bit;
  }
}
