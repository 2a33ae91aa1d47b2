import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import type { Measured, Prometheus, Sample } from './prometheus.js';
import { addCounter, addGauge } from './prometheus.js';

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 20;

const PER_SECOND = { micro: 1e6, nano: 1e9 };

const one = (value: () => number): (() => Iterable<Sample>) => {
  return () => [[{}, value()]];
};

/** What the process uses, under the names that other exporters have for it. */
const COUNTERS: readonly Measured[] = [
  {
    name: 'process_cpu_user_seconds_total',
    help: 'CPU time of the program, in seconds.',
    samples: one(() => process.cpuUsage().user / PER_SECOND.micro),
  },
  {
    name: 'process_cpu_system_seconds_total',
    help: 'CPU time of the system for the program, in seconds.',
    samples: one(() => process.cpuUsage().system / PER_SECOND.micro),
  },
];

const GAUGES: readonly Measured[] = [
  {
    name: 'process_start_time_seconds',
    help: 'When the process began, in seconds since the Unix epoch.',
    samples: one(() => Math.round(performance.timeOrigin / 1000)),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process, pages of mapped data files that are in memory included.',
    samples: one(() => process.memoryUsage.rss()),
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    help: 'Bytes of the heap in use.',
    samples: one(() => process.memoryUsage().heapUsed),
  },
  {
    name: 'nodejs_heap_size_total_bytes',
    help: 'Bytes of the heap.',
    samples: one(() => process.memoryUsage().heapTotal),
  },
  {
    name: 'nodejs_external_memory_bytes',
    help: 'Bytes outside of the heap that objects of it hold.',
    samples: one(() => process.memoryUsage().external),
  },
  {
    name: 'process_open_fds',
    help: 'Open file descriptors, where the system tells.',
    samples: openDescriptors,
  },
];

function openDescriptors(): readonly Sample[] {
  try {
    // One of them is that of the reading itself.
    return [[{}, readdirSync('/proc/self/fd').length - 1]];
  } catch {
    return [];
  }
}

/** Adds what is known of the process and of its event loop. Returns what ends the watch over that. */
export function addProcessMetrics(prometheus: Prometheus, registry: Registry): () => void {
  for (const counter of COUNTERS) addCounter(prometheus, registry, counter);
  for (const gauge of GAUGES) addGauge(prometheus, registry, gauge);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  const seconds = (nanoseconds: number): number =>
    (Number.isFinite(nanoseconds) ? nanoseconds : 0) / PER_SECOND.nano;
  addGauge(prometheus, registry, {
    name: 'nodejs_eventloop_delay_seconds',
    help: 'Time between two rounds of the event loop of a timer of 20 ms, since it was last asked for.',
    labels: ['quantile'],
    samples: () => {
      const samples: Sample[] = [
        [{ quantile: '0.5' }, seconds(delay.percentile(50))],
        [{ quantile: '0.9' }, seconds(delay.percentile(90))],
        [{ quantile: '0.99' }, seconds(delay.percentile(99))],
        [{ quantile: '1' }, seconds(delay.max)],
      ];
      delay.reset();
      return samples;
    },
  });
  return () => {
    delay.disable();
  };
}
