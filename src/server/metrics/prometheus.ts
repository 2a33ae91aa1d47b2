import type * as PromClient from 'prom-client';
import type { Counter, Gauge, Registry } from 'prom-client';

/** The package that writes the text format. */
export type Prometheus = typeof PromClient;

/** A sample of a metric: its labels, and what it is just now. */
export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** What a metric is called, and what it is at the moment it is asked for. */
export interface Measured {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** None while it cannot be known. */
  readonly samples: () => Iterable<Sample>;
}

/** Loads the package: servers without metrics do without it. */
export function loadPrometheus(): Promise<Prometheus> {
  return import('prom-client');
}

/** A value that goes up and down, read when it is asked for. */
export function addGauge({ Gauge }: Prometheus, registry: Registry, measured: Measured): void {
  const { name, help, labels = [], samples } = measured;
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect(this: Gauge) {
      this.reset();
      for (const [of, value] of samples()) this.set(of, value);
    },
  });
}

/** A count that is kept elsewhere and only goes up, read when it is asked for. */
export function addCounter({ Counter }: Prometheus, registry: Registry, measured: Measured): void {
  const { name, help, labels = [], samples } = measured;
  new Counter({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    collect(this: Counter) {
      this.reset();
      for (const [of, value] of samples()) this.inc(of, value);
    },
  });
}
