import { ForwardingTransport } from '../../../src/transport/forwarding-transport.js';
import type { Transport } from '../../../src/transport/transport.js';

/** Every call, with arguments of its own. */
const CALLS: readonly (readonly [keyof Transport, ...unknown[]])[] = [
  ['connect'],
  ['close'],
  ['status', {}],
  ['get', 'a', {}],
  ['getMany', ['a'], {}],
  ['exists', 'a', {}],
  ['subtree', 'a', {}],
  ['subtrees', ['a'], {}],
  ['localRecords', 'a', {}],
  ['useIndexes', 'a', [], {}],
  ['list', {}],
  ['listKeys', {}],
  ['log', {}],
  ['set', 'a', 1, {}],
  ['delete', 'a', {}],
  ['merge', 'a', {}, {}],
  ['increment', 'a', 1, {}],
  ['add', 'a', 1, {}],
  ['remove', 'a', 1, {}],
  ['batchWrite', [], {}],
  ['lease', 'a', {}],
  ['renew', 'a', 1, {}],
  ['release', 'a', 1, {}],
  ['putFile', 'a', new Uint8Array(), {}],
  ['getFile', 'sha256:0', {}],
  ['watch', '**'],
  ['watchRecords', 'a'],
];

class Forwarding extends ForwardingTransport {
  protected readonly way: Transport;

  constructor(way: Transport) {
    super();
    this.way = way;
  }
}

it.each(CALLS.map((call) => [call[0], call] as const))(
  'passes %s on as it is, with its answer',
  async (name, call) => {
    const [, ...given] = call;
    const isAnsweredAtOnce = name === 'localRecords' || name.startsWith('watch');
    const answer = {};
    const asked: unknown[][] = [];
    const way = {
      [name]: (...args: unknown[]) => {
        asked.push(args);
        return isAnsweredAtOnce ? answer : Promise.resolve(answer);
      },
    } as unknown as Transport;
    const forwarding = new Forwarding(way);
    const method = Reflect.get(forwarding, name) as (...args: unknown[]) => unknown;
    expect(await method.apply(forwarding, given)).toBe(answer);
    expect(asked).toHaveLength(1);
    for (const [i, argument] of given.entries()) expect(asked[0]![i]).toBe(argument);
  },
);
