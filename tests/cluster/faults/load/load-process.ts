// The clients of the drive, in a process of their own on a machine of their own. Spoken to over IPC.
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Waits } from './journal.js';
import { HttpSender } from './asker.js';
import { Load } from './load.js';
import { MUTANTS } from './mutants.js';
import type { NodeAddress } from './balancer.js';

/** What the process is begun with, as JSON in its first argument. */
export interface LoadSettings {
  readonly nodes: readonly NodeAddress[];
  readonly store: string;
  readonly token: string;
  readonly seed: number;
  readonly patience: number;
  /** A fault that the findings must tell. */
  readonly mutant?: string | undefined;
}

/** What it is told. */
export type Order =
  | { readonly do: 'move' }
  | { readonly do: 'avoid'; readonly node: number; readonly isAvoided: boolean }
  | { readonly do: 'noteNewData'; readonly node: number }
  /** To be answered when clients write again. */
  | { readonly do: 'settle' }
  | { readonly do: 'waits'; readonly from: number; readonly to: number }
  | { readonly do: 'end' };

/** What it says, to each order. */
export interface Report {
  readonly begun?: true;
  readonly done?: Order['do'];
  readonly waits?: Waits;
  readonly findings?: {
    readonly counts: Readonly<Record<string, number>>;
    readonly violations: readonly string[];
    readonly evidence: Readonly<Record<string, unknown>>;
  };
}

/** Milliseconds for clients to write again. */
const SETTLING = 60_000;

const { nodes, mutant, ...settings } = JSON.parse(process.argv[2] ?? '') as LoadSettings;
const http = new HttpSender(
  nodes.map(({ host, port }) => `http://${host}:${port}`),
  settings,
);
const send = mutant === undefined ? http.send : MUTANTS[mutant]?.(http.send);
if (send === undefined) throw new Error(`there is no mutant ${mutant}`);
const load = new Load({ nodes, ...settings, send });

function say(report: Report): void {
  process.send?.(report);
}

async function obey(order: Order): Promise<Report> {
  switch (order.do) {
    case 'move':
      load.move();
      return {};
    case 'avoid':
      load.avoid(order.node, order.isAvoided);
      return {};
    case 'noteNewData':
      load.noteNewData(order.node);
      return {};
    case 'settle': {
      const [begin, end] = [Date.now(), Date.now() + SETTLING];
      while (!load.journal.hasGoneOnSince(begin) && Date.now() < end) await pause(20);
      return {};
    }
    case 'waits':
      return { waits: load.journal.waits(order.from, order.to) };
    case 'end': {
      const { counts, violations, evidence } = await load.end();
      http.close();
      return { findings: { counts, violations, evidence } };
    }
  }
}

process.on('message', (order: Order) => {
  void obey(order).then((report) => {
    say({ done: order.do, ...report });
    if (order.do === 'end') process.disconnect();
  });
});
await load.begin();
say({ begun: true });
