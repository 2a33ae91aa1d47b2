import fc from 'fast-check';
import { TransientMap } from '../../src/transient-map.js';

const value = (n: number): { n: number } => ({ n });

describe('TransientMap', () => {
  it('does what a Map does', () => {
    const actions = fc.array(
      fc.tuple(fc.constantFrom('set', 'take', 'delete', 'clear'), fc.integer({ min: 0, max: 5 }), fc.nat()),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(actions, (steps) => {
        const map = new TransientMap<number, { n: number }>();
        const model = new Map<number, { n: number }>();
        for (const [action, key, n] of steps) {
          const stood = model.get(key);
          if (action === 'set') {
            model.set(key, value(n));
            map.set(key, value(n));
          } else if (action === 'take') {
            model.delete(key);
            expect(map.take(key)).toEqual(stood);
          } else if (action === 'delete') {
            expect(map.delete(key)).toBe(model.delete(key));
          } else {
            model.clear();
            map.clear();
          }
          expect([...map.values()]).toEqual([...model.values()]);
          expect([...map.keys()]).toEqual([...model.keys()]);
          expect([map.size, map.has(key), map.get(key)]).toEqual([
            model.size,
            model.has(key),
            model.get(key),
          ]);
        }
      }),
    );
  });

  it('may lose values while they are gone through', () => {
    const map = new TransientMap<number, { n: number }>();
    for (const n of [1, 2, 3]) map.set(n, value(n));
    const seen: number[] = [];
    for (const { n } of map.values()) {
      seen.push(n);
      map.delete(2);
    }
    expect(seen).toEqual([1, 3]);
  });
});
