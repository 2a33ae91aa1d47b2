import parse from 'parse-prometheus-text-format';

/** Metrics as a reader of the text format finds them. */
export class PrometheusText {
  readonly families: ReturnType<typeof parse>;
  readonly #samples: ReturnType<typeof parse>;

  constructor(text: string) {
    this.families = parse(text);
    // The parser makes one histogram of all label sets; their samples by themselves keep apart.
    this.#samples = parse(text.replaceAll(/^# TYPE \S+ histogram$/gm, ''));
  }

  /** The value of the first sample with these labels among its own; undefined without one. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const found = this.#of(name).find((metric) =>
      Object.entries(labels).every(([label, value]) => metric.labels?.[label] === value),
    );
    return found?.value === undefined ? undefined : Number(found.value);
  }

  /** The values that a label has. */
  labels(name: string, label: string): readonly string[] {
    return [...new Set(this.#of(name).map(({ labels }) => labels?.[label] ?? ''))].sort();
  }

  /** Those of one name do not all stand together. */
  #of(name: string) {
    return this.#samples.filter((each) => each.name === name).flatMap(({ metrics }) => metrics);
  }
}
