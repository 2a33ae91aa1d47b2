const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The exact sum of decimal numbers written out, such as `-12.50`, with as many decimals as the one that has most. */
export class DecimalSum {
  /** The sum times 10 to the power of {@link #scale}. */
  #units = 0n;
  #scale = 0;

  /** Adds a number; returns false, and adds nothing, when `text` is none. */
  add(text: string): boolean {
    const match = DECIMAL.exec(text);
    if (match === null) return false;
    const [, sign = '', whole = '', fraction = ''] = match;
    const scale = Math.max(this.#scale, fraction.length);
    const units = BigInt(sign + whole + fraction) * 10n ** BigInt(scale - fraction.length);
    this.#units = this.#units * 10n ** BigInt(scale - this.#scale) + units;
    this.#scale = scale;
    return true;
  }

  toString(): string {
    const negative = this.#units < 0n;
    const digits = String(negative ? -this.#units : this.#units).padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    const fraction = this.#scale === 0 ? '' : `.${digits.slice(point)}`;
    return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction}`;
  }
}
