import { unawaited } from '../../../src/mapping/index.js';

describe('what a function returned that is to return at once', () => {
  it('is what it is', () => {
    const value = { a: 1 };
    expect(unawaited(value)).toBe(value);
    expect(unawaited(undefined)).toBeUndefined();
  });

  it('ends no process when it is a promise that rejects', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => {
      unheard.push(reason);
    };
    process.on('unhandledRejection', hear);
    try {
      const rejecting = Promise.reject(new Error('later'));
      expect(unawaited(rejecting)).toBe(rejecting);
      await new Promise((resolve) => setImmediate(resolve));
      expect(unheard).toEqual([]);
    } finally {
      process.off('unhandledRejection', hear);
    }
  });
});
