import type { Asker } from './asker.js';
import type { Findings, Sums } from './findings.js';
import type { Journal } from './journal.js';
import type { Told } from './told.js';

/** What all who work on the cluster share. */
export interface Stage {
  readonly asker: Asker;
  readonly nodes: number;
  readonly findings: Findings;
  readonly sums: Sums;
  readonly journal: Journal;
  /** What watchers were told. */
  readonly told: Told;
  /** Nothing new is begun any more. */
  readonly isOver: () => boolean;
  /** Nothing is waited for any more. */
  readonly isLate: () => boolean;
  /** How often a node was begun without its data. */
  readonly generationOf: (node: number) => number;
}

/** One of those who work: draws what it does. */
export interface Worker {
  readonly name: string;
  readonly random: (below: number) => number;
}
