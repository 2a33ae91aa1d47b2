import type { IndexDefinition } from '../../../src/protocol/record-access.js';
import { HeldIndexes } from '../../../src/transport/held-indexes.js';

const by = (path: string): IndexDefinition[] => [
  { prefix: 'a', parts: [{ path, type: 'string' }], unique: false },
];

/** Uses that tell which of them were released. */
function usesOf(released: string[]): (name: string) => () => Promise<{ release(): void }> {
  return (name) => () => Promise.resolve({ release: () => void released.push(name) });
}

describe('the indexes that a transport holds', () => {
  it('are all that were asked for, each once, until it is closed', async () => {
    const released: string[] = [];
    const use = usesOf(released);
    const held = new HeldIndexes();
    await held.hold('a', by('x'), use('first'));
    await held.hold('a', by('y'), use('of another'));
    await held.hold('b', by('x'), use('elsewhere'));
    expect(released).toEqual([]);
    await held.hold('a', by('x'), use('first again'));
    expect(released).toEqual(['first again']);
    held.close();
    expect(released).toEqual(['first again', 'first', 'of another', 'elsewhere']);
  });

  it('are let go at once when it was closed meanwhile', async () => {
    const released: string[] = [];
    const held = new HeldIndexes();
    const holding = held.hold('a', by('x'), usesOf(released)('late'));
    held.close();
    await holding;
    expect(released).toEqual(['late']);
  });
});
