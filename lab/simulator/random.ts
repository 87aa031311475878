/** Pseudo-random numbers: the same seed gives the same numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: string) {
    const [a = 0, b = 0, c = 0] = ["a", "b", "c"].map((salt) => hash(salt + seed));
    [this.#a, this.#b, this.#c] = [a, b, c];
    for (let i = 0; i < 12; i++) this.next();
  }

  /** From 0 to just below 1: the generator sfc32 of PractRand. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** The wait for an event that happens `rate` times a second, independent of earlier events. */
  exponential(rate: number): number {
    return -Math.log(1 - this.next()) / rate;
  }

  /** Half of the numbers are below `median`; two thirds are within a factor of e^`spread` of it. */
  logNormal({ median, spread }: Spread): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }
}

/** A log-normal distribution. */
export interface Spread {
  median: number;
  spread: number;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value;
}
