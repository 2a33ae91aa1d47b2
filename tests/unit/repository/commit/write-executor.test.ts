import { DustError } from '../../../../src/errors.js';
import { executeWrite } from '../../../../src/repository/commit/write-executor.js';
import type { PreparedWrite, WriteStep } from '../../../../src/repository/prepare/prepared-write.js';

const PATH = 'links/a';
const set = (name: string, more: object = {}) =>
  ({ op: 'set', path: `${PATH}/${name}`, value: name, ...more }) as const;
const setStep = (name: string, more: object = {}): WriteStep => ({ kind: 'set', operation: set(name, more) });
const OPTIONS = { signal: new AbortController().signal };

/** A write of these steps, to a transport that answers with one seq after the other and fails where it is told to. */
function scene(steps: readonly WriteStep[], failing: ReadonlyMap<number, Error> = new Map()) {
  const calls: unknown[][] = [];
  const call =
    (method: string) =>
    async (...args: unknown[]) => {
      await Promise.resolve();
      calls.push([method, ...args]);
      const error = failing.get(calls.length);
      if (error !== undefined) throw error;
      return { storeSeq: calls.length * 10 };
    };
  const methods = ['set', 'merge', 'increment', 'add', 'remove', 'batchWrite', 'delete'];
  const transport = Object.fromEntries(methods.map((method) => [method, call(method)]));
  const write = { transport, metadata: { name: 'Link' }, slug: 'a', path: PATH, steps: () => steps };
  return { calls, write: write as unknown as PreparedWrite };
}

const outcomeOf = (write: PreparedWrite): Promise<unknown> =>
  executeWrite(write, OPTIONS).catch((error: unknown) => error);

describe('a write that is sent by itself', () => {
  it.each<[string, WriteStep, unknown[]]>([
    ['a set', setStep('title'), ['set', `${PATH}/title`, 'title', OPTIONS]],
    [
      'a set of a revision',
      setStep('title', { ifMatch: 3 }),
      ['set', `${PATH}/title`, 'title', { ...OPTIONS, ifMatch: 3 }],
    ],
    [
      'a set where nothing is',
      setStep('title', { ifAbsent: true }),
      ['set', `${PATH}/title`, 'title', { ...OPTIONS, ifAbsent: true }],
    ],
    [
      'a merge',
      { kind: 'merge', operation: { op: 'merge', path: PATH, value: { x: 1 } } },
      ['merge', PATH, { x: 1 }, OPTIONS],
    ],
    [
      'an increment',
      { kind: 'change', operation: { op: 'increment', path: PATH, value: 2 } },
      ['increment', PATH, 2, OPTIONS],
    ],
    [
      'an addition',
      { kind: 'change', operation: { op: 'add', path: PATH, value: 'x' } },
      ['add', PATH, 'x', OPTIONS],
    ],
    [
      'a removal',
      { kind: 'change', operation: { op: 'remove', path: PATH, value: 'x' } },
      ['remove', PATH, 'x', OPTIONS],
    ],
    ['a batch', { kind: 'batch', operations: [set('title')] }, ['batchWrite', [set('title')], OPTIONS]],
    ['a deletion', { kind: 'delete', path: PATH }, ['delete', PATH, OPTIONS]],
  ])('is one request for %s', async (_, step, call) => {
    const { calls, write } = scene([step]);
    expect(await executeWrite(write, OPTIONS)).toEqual({ storeSeq: 10 });
    expect(calls).toEqual([call]);
  });

  it('is one request after the other for a sequence, and comes to what the last one answered', async () => {
    const { calls, write } = scene([setStep('a'), { kind: 'sequence', operations: [set('b'), set('c')] }]);
    expect(await executeWrite(write, OPTIONS)).toEqual({ storeSeq: 30 });
    expect(calls.map(([, path]) => path)).toEqual([`${PATH}/a`, `${PATH}/b`, `${PATH}/c`]);
  });

  it('of no steps has committed nothing', async () => {
    expect(await executeWrite(scene([]).write, OPTIONS)).toEqual({ storeSeq: 0 });
  });
});

const LOST = new DustError('network', 'Lost.');
const REFUSED = new DustError('forbidden', 'No.');

describe('a write that stops on the way', () => {
  it.each<[string, readonly WriteStep[], string[]]>([
    ['a set', [setStep('title')], ['title']],
    ['a set of a field with a slash, and below one', [setStep('a~1b'), setStep('c/d')], ['a/b', 'c']],
    [
      'a set of the record',
      [{ kind: 'set', operation: { op: 'set', path: PATH, value: { x: 1, y: 2 } } }],
      ['x', 'y'],
    ],
    ['a merge', [{ kind: 'merge', operation: { op: 'merge', path: PATH, value: { x: 1 } } }], ['x']],
    [
      'a batch, whatever it checks',
      [{ kind: 'batch', operations: [{ op: 'check', path: PATH, revision: 0 }, set('x'), set('x/y')] }],
      ['x'],
    ],
  ])('names the fields that landed by %s, each once', async (_, steps, landed) => {
    const { write } = scene([...steps, setStep('last')], new Map([[steps.length + 1, LOST]]));
    expect(await outcomeOf(write)).toMatchObject({
      name: 'PartialWriteError',
      kind: 'network',
      landed,
      cause: LOST,
    });
  });

  it.each<[string, WriteStep]>([
    [
      'a value that is no map at the record',
      { kind: 'set', operation: { op: 'set', path: PATH, value: 'text' } },
    ],
    ['a deletion', { kind: 'delete', path: PATH }],
  ])('fails with what stopped it where no field has landed: %s', async (_, step) => {
    expect(await outcomeOf(scene([step, setStep('last')], new Map([[2, LOST]])).write)).toBe(LOST);
  });

  it('fails with what stopped it at the first step, and with what is no error of ours at any', async () => {
    expect(await outcomeOf(scene([setStep('a'), setStep('b')], new Map([[1, LOST]])).write)).toBe(LOST);
    const bug = new RangeError('a bug');
    expect(await outcomeOf(scene([setStep('a'), setStep('b')], new Map([[2, bug]])).write)).toBe(bug);
  });

  describe('takes its first step back', () => {
    const stopped = async (
      error: Error,
      steps = 2,
      undo: () => Promise<unknown> = () => Promise.resolve(),
    ) => {
      const taken: number[] = [];
      const takeBack = (revision: number) => {
        taken.push(revision);
        return undo();
      };
      const all = Array.from({ length: steps }, (_, i) => setStep(`f${i}`));
      const { write } = scene(all, new Map([[steps, error]]));
      return { outcome: await outcomeOf({ ...write, takeBack }), taken };
    };

    it('when the second was refused: nothing has landed then', async () => {
      expect(await stopped(REFUSED)).toEqual({ outcome: REFUSED, taken: [10] });
    });

    it('when that takes a while, before it fails', async () => {
      let isUndone = false;
      const undo = async () => {
        await new Promise(setImmediate);
        isUndone = true;
      };
      await stopped(REFUSED, 2, undo);
      expect(isUndone).toBe(true);
    });

    it.each<[string, DustError, number, number[]]>([
      ['when it was the first that was refused', REFUSED, 1, []],
      ['when more than one has landed', REFUSED, 3, []],
      ['when nobody knows what became of the second', new DustError('indeterminate', 'Lost.'), 2, []],
      ['when it was called off', new DustError('aborted', 'Enough.'), 2, []],
    ])('but not %s', async (_, error, steps, taken) => {
      const stop = await stopped(error, steps);
      expect(stop.taken).toEqual(taken);
      if (steps > 1) expect(stop.outcome).toMatchObject({ name: 'PartialWriteError', cause: error });
    });

    it('and says what has landed where it cannot', async () => {
      const { outcome, taken } = await stopped(REFUSED, 2, () =>
        Promise.reject(new DustError('conflict', 'x')),
      );
      expect(outcome).toMatchObject({ name: 'PartialWriteError', landed: ['f0'], cause: REFUSED });
      expect(taken).toEqual([10]);
      const bug = new RangeError('a bug');
      expect((await stopped(REFUSED, 2, () => Promise.reject(bug))).outcome).toBe(bug);
    });
  });
});

describe('a batch for which there is no route', () => {
  const NO_ROUTE = new DustError('not_implemented', 'There is no such route.');
  const batch: WriteStep = { kind: 'batch', operations: [set('a'), set('b')] };

  it.each<[string, WriteStep, string[]]>([
    ['a set', setStep('a'), ['batchWrite', 'set']],
    ['a sequence', { kind: 'sequence', operations: [set('a'), set('b')] }, ['batchWrite', 'set', 'set']],
  ])('goes as what it is planned as then: %s', async (_, instead, methods) => {
    const { calls, write } = scene([batch], new Map([[1, NO_ROUTE]]));
    const plans = [[batch], [instead]];
    const again = { ...write, steps: () => plans.shift() ?? [instead] };
    await executeWrite(again, OPTIONS);
    expect(calls.map(([method]) => method)).toEqual(methods);
  });

  it('fails where it would be one again, and for anything else', async () => {
    expect(await outcomeOf(scene([batch], new Map([[1, NO_ROUTE]])).write)).toBe(NO_ROUTE);
    const { calls, write } = scene([setStep('a')], new Map([[1, REFUSED]]));
    expect(await outcomeOf(write)).toBe(REFUSED);
    expect(calls).toHaveLength(1);
  });
});
