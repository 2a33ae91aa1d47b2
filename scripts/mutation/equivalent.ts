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
    file: 'src/sync/connection/connection.ts',
    within: 'close',
    original: 'this.#held = undefined;',
    replacement: ';',
    reason:
      'A closed connection takes nothing in, and its owner drops it in the same turn with what it held.',
  },
  {
    file: 'src/sync/connection/watchdog.ts',
    within: 'stop',
    original: 'this.#cancel = undefined;',
    replacement: ';',
    reason: 'Calling a timer off twice does nothing.',
  },
  {
    file: 'src/sync/connection/primary-link.ts',
    within: 'close',
    original: 'this.#cancelStable = undefined;',
    replacement: ';',
    reason: 'Calling a timer off twice, or after its time, does nothing.',
  },
  {
    file: 'src/sync/connection/calls.ts',
    within: 'stop',
    original: 'this.#timers.clear();',
    replacement: ';',
    reason: 'All have been called off by then, and the calls of a lost connection are dropped with it.',
  },
  {
    file: 'src/sync/intake/intake.ts',
    within: '#replace',
    original: 'this.#options.values.stop();',
    replacement: ';',
    reason:
      'Nothing is being read while a snapshot is applied, and what was read holds for later operations as it did.',
  },
  {
    file: 'src/sync/phoenix/web-socket-transport.ts',
    within: '#end',
    original: 'this.#webSocket.terminate();',
    replacement: ';',
    reason: 'Whoever is told of the end drops the transport in the same call, which terminates the socket.',
  },
  {
    file: 'src/sync/phoenix/phoenix-link.ts',
    within: '#release',
    original: 'this.#waiting.clear();',
    replacement: ';',
    reason: 'Nothing is heard from a connection that has ended, and what waited goes with the link.',
  },
  {
    file: 'src/sync/phoenix/phoenix-linker.ts',
    within: 'constructor',
    original: '??',
    replacement: '||',
    reason: 'No time and no length is 0 here: checkChannelLimits has refused it before a linker is made.',
  },
  {
    file: 'src/sync/replica.ts',
    within: 'whenReached',
    original: '() => undefined',
    replacement: 'undefined',
    reason: 'Whoever is called back at once has settled by then, and calls nothing off any more.',
  },
  {
    file: 'src/server/channel/store-channel.ts',
    within: 'close',
    original: 'this.#live.end();',
    replacement: ';',
    reason: 'A commit that is kept back to come late would be told to a socket that is gone.',
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
    file: 'src/sync/transient-map.ts',
    within: 'clear',
    original: 'slot.value = undefined;',
    replacement: ';',
    reason: 'It spares the garbage collector work, as the class says, and changes nothing else.',
  },
];
