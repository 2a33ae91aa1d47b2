import { judge } from './levels.js';
import { Model } from './model.js';
import { Gate } from './gate.js';

describe('a figure of a long run', () => {
  const gauge = { name: 'heap', relative: 0.1, absolute: 2 };

  it('is level when it rises at the beginning only', () => {
    const verdict = judge(gauge, [10, 50, 100, 100, 101, 99, 100, 130, 100, 101, 100, 99]);
    expect(verdict).toMatchObject({ second: 100, last: 100, most: 130, isLevel: true });
    expect(verdict.bound).toBeCloseTo(112);
  });

  it('is not when it goes on rising', () => {
    const rising = Array.from({ length: 40 }, (_, i) => 100 + i);
    expect(judge(gauge, rising)).toMatchObject({ second: 115, last: 135, isLevel: false });
  });
});

describe('what was acknowledged', () => {
  const set = (text: string, count: number) => () => ({ text, count });

  it('must be there, and nothing else', () => {
    const model = new Model();
    model.acknowledge('a', set('x', 1));
    model.acknowledge('b', set('y', 1));
    model.acknowledge('b', () => null);
    expect(model.differences(new Map([['a', { text: 'x', count: 1 }]]))).toEqual([]);
    expect(model.differences(new Map())).toHaveLength(1);
    expect(model.differences(new Map([['a', { text: 'x', count: 2 }]]))).toHaveLength(1);
    const both = new Map(['a', 'b'].map((id) => [id, { text: 'x', count: 1 }]));
    expect(model.differences(both)).toEqual([expect.stringMatching(/^b: acknowledged \[null\]/)]);
  });

  it('may be one or the other when nobody knows, until somebody reads it', () => {
    const model = new Model();
    model.acknowledge('a', set('x', 1));
    model.doubt('a', (content) => content && { ...content, count: content.count + 1 });
    const holding = (count: number) => new Map([['a', { text: 'x', count }]]);
    expect([1, 2, 3].map((count) => model.differences(holding(count)).length)).toEqual([0, 0, 1]);
    expect(model.settle('a', { text: 'x', count: 2 })).toBe(true);
    expect(model.differences(holding(1))).toHaveLength(1);
    expect(model.settle('a', null)).toBe(false);
  });
});

it('a gate lets nobody pass while it is shut, and says when all stand still', async () => {
  const gate = new Gate(2);
  const passed: string[] = [];
  const shut = gate.shut();
  const walk = async (name: string): Promise<void> => {
    await gate.pass();
    passed.push(name);
  };
  const walks = [walk('a'), walk('b')];
  await shut;
  expect(passed).toEqual([]);
  gate.open();
  await Promise.all(walks);
  expect(passed).toEqual(['a', 'b']);
});
