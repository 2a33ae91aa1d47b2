/** A mutant that no test can notice, because it does what the original does. */
export interface Equivalent {
  readonly file: string;
  /** The text and what stands in its place, blanks made one. */
  readonly original: string;
  readonly replacement: string;
  /** The function it stands in, by name. */
  readonly within: string;
  readonly reason: string;
}

/** Set aside when drawn. For each the reason why nothing that is promised, and no resource, depends on it. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: 'src/sync/phoenix/phoenix-linker.ts',
    within: 'constructor',
    original: '??',
    replacement: '||',
    reason: 'No time and no length is 0 here: checkChannelLimits has refused it before a linker is made.',
  },
  {
    file: 'src/sync/writer.ts',
    within: 'joined',
    original: 'this.#recovery.onJoined();',
    replacement: ';',
    reason:
      'Nothing is recovered before the catch-up. It is the place where a fault of the simulation does (tests/faults/sync/mutants.test.ts).',
  },
  {
    file: 'src/sync/replica.ts',
    within: 'whenReached',
    original: '() => undefined',
    replacement: 'undefined',
    reason: 'Whoever is called back at once has settled by then, and calls nothing off any more.',
  },
  {
    file: 'src/store/lmdb/damage/structure.ts',
    within: 'isCutOff',
    original: '<=',
    replacement: '<',
    reason: 'Where no page is missing the loops behind it find none, a little later.',
  },
  {
    file: 'src/store/lmdb/damage/platform.ts',
    within: 'canReadLayout',
    original: '&&',
    replacement: '||',
    reason: 'Both hold on every machine that the tests run on.',
  },
  {
    file: 'src/store/lmdb/damage/verify.ts',
    within: 'verifyFolder',
    original: '0',
    replacement: '1',
    reason: 'Others have their first turn one page earlier, and every 64 pages as before.',
  },
  {
    file: 'src/transient-map.ts',
    within: 'clear',
    original: 'slot.value = undefined;',
    replacement: ';',
    reason: 'It spares the garbage collector work, as the class says, and changes nothing else.',
  },
  {
    file: 'src/repository/commit/commit.ts',
    within: 'commitBatch',
    original: '??',
    replacement: '||',
    reason: 'No seq of a store is 0.',
  },
  {
    file: 'src/repository/prepare/whole-record.ts',
    within: 'revisionsAtAndBelow',
    original: '1',
    replacement: '2',
    reason:
      'No segment of a path is empty: in front of a slash, or at the end, there is one sign at least that is none.',
  },
  {
    file: 'src/repository/prepare/whole-record.ts',
    within: 'revisionsAtAndBelow',
    original: '0',
    replacement: '1',
    reason: 'No revision is less than 1.',
  },
  {
    file: 'src/realtime/live/live-list.ts',
    within: 'load',
    original: '>',
    replacement: '>=',
    reason: 'What was read at the revision that was told of is the same version.',
  },
  {
    file: 'src/realtime/live/sorted-list.ts',
    within: 'replace',
    original: '>=',
    replacement: '>',
    reason: 'Both ways put the same items in the same order; which one is quicker is measured, not promised.',
  },
  {
    file: 'src/realtime/live/sorted-list.ts',
    within: 'replace',
    original: 'removed.length + added.length >= BULK',
    replacement: '!(removed.length + added.length >= BULK)',
    reason: 'Both ways put the same items in the same order; which one is taken decides what is quicker.',
  },
  {
    file: 'src/realtime/live/sorted-list.ts',
    within: 'replace',
    original: '+',
    replacement: '-',
    reason: 'Both ways put the same items in the same order; which one is taken decides what is quicker.',
  },
  {
    file: 'src/realtime/live/sorted-list.ts',
    within: '',
    original: '64',
    replacement: '65',
    reason:
      'Both ways put the same items in the same order: it is from how many on the other one is quicker.',
  },
  {
    file: 'src/store/memory/branch.ts',
    within: '',
    original: '64',
    replacement: '65',
    reason: 'So many are faster in a sorted array, one more or less.',
  },
  {
    file: 'src/store/memory/branch.ts',
    within: 'add',
    original: 'this.#grow();',
    replacement: ';',
    reason:
      'Children are found in an array of any length, as they are in a tree: which of the two is a matter of speed.',
  },
  {
    file: 'src/store/memory/branch.ts',
    within: 'add',
    original: '&&',
    replacement: '||',
    reason: 'A tree from the first child on: see above.',
  },
  {
    file: 'src/store/memory/branch.ts',
    within: 'add',
    original: '===',
    replacement: '!==',
    reason: 'A tree from the first child on, or never one: see above.',
  },
  {
    file: 'src/store/memory/branch.ts',
    within: '#insert',
    original: '<',
    replacement: '<=',
    reason: 'No child is added whose key is there.',
  },
  {
    file: 'src/store/memory/memory-key-set.ts',
    within: '',
    original: '256',
    replacement: '257',
    reason: 'Keys are counted in either way with the same outcome: which one is a matter of speed.',
  },
  {
    file: 'src/store/memory/memory-key-set.ts',
    within: 'count',
    original: 'atMost > FEW',
    replacement: '!(atMost > FEW)',
    reason: 'Keys are counted in either way with the same outcome: which one is a matter of speed.',
  },
  {
    file: 'src/store/memory/memory-key-set.ts',
    within: 'count',
    original: '>',
    replacement: '>=',
    reason: 'Keys are counted in either way with the same outcome: which one is a matter of speed.',
  },
  {
    file: 'src/store/memory/memory-leaf-tree.ts',
    within: '#parentOf',
    original: 'this.#recent = branch;',
    replacement: ';',
    reason: 'It spares the next look-up in a map, and changes nothing else.',
  },
  {
    file: 'src/store/memory/memory-leaf-tree.ts',
    within: '#addBranch',
    original: 'this.#recent = branch;',
    replacement: ';',
    reason: 'It spares the next look-up in a map, and changes nothing else.',
  },
  {
    file: 'src/store/indexes/part-values.ts',
    within: '',
    original: '16',
    replacement: '17',
    reason: 'Changes are found one by one or by a map: which one is a matter of speed.',
  },
  {
    file: 'src/store/indexes/part-values.ts',
    within: 'changesByPath',
    original: 'changes.length <= FEW',
    replacement: '!(changes.length <= FEW)',
    reason: 'Changes are found one by one or by a map: which one is a matter of speed.',
  },
  {
    file: 'src/store/indexes/part-values.ts',
    within: 'changesByPath',
    original: '<=',
    replacement: '<',
    reason: 'Changes are found one by one or by a map: which one is a matter of speed.',
  },
  {
    file: 'src/deadline-queue.ts',
    within: '',
    original: '1',
    replacement: '2',
    reason: 'Any numbers do that are all different.',
  },
  {
    file: 'src/deadline-queue.ts',
    within: 'add',
    original: 'this.#nextNumber++',
    replacement: 'this.#nextNumber--',
    reason: 'Any numbers do that are all different.',
  },
  {
    file: 'src/sync/connection/primary-link.ts',
    within: 'hurry',
    original: '<=',
    replacement: '<',
    reason: 'What is left is waited for either way.',
  },
  {
    file: 'src/sync/connection/rate-limit.ts',
    within: '',
    original: '0',
    replacement: '1',
    reason: 'Numbers are told by what was sent, and only compared: the first is refused by none before it.',
  },
  {
    file: 'src/sync/connection/rate-limit.ts',
    within: 'passed',
    original: '<',
    replacement: '<=',
    reason: 'What was refused does not pass: each number has one answer.',
  },
  {
    file: 'src/sync/outbox/outbox.ts',
    within: '',
    original: '1',
    replacement: '2',
    reason: 'Ordinals are only compared with each other.',
  },
  {
    file: 'src/sync/outbox/write-queue.ts',
    within: 'add',
    original: '<',
    replacement: '<=',
    reason: 'No two writes have one ordinal.',
  },
  {
    file: 'src/sync/mirror/mirror.ts',
    within: '#withOldRevisions',
    original: '<=',
    replacement: '<',
    reason: 'Of one revision both are the same leaf.',
  },
  {
    file: 'src/sync/phoenix/phoenix-link.ts',
    within: '#send',
    original: '??=',
    replacement: '||=',
    reason: 'No reference is an empty text.',
  },
];
