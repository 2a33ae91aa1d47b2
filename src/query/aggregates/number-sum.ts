/** A sum of numbers whose rounding errors are summed up beside it (Neumaier), so that it does not depend on how many there are. */
export class NumberSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const sum = this.#sum + value;
    const [greater, lesser] =
      Math.abs(this.#sum) >= Math.abs(value) ? [this.#sum, value] : [value, this.#sum];
    this.#lost += greater - sum + lesser;
    this.#sum = sum;
  }

  get value(): number {
    const total = this.#sum + this.#lost;
    return Number.isNaN(total) ? this.#sum : total;
  }
}
