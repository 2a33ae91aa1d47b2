import { PlannedFailures } from '../../../src/testing/planned-failures.js';

const answer = (): Promise<string> => Promise.resolve('answer');

describe('PlannedFailures', () => {
  it('lets calls pass while nothing is planned', async () => {
    await expect(new PlannedFailures().run('get', answer)).resolves.toBe('answer');
  });

  it('fails one call with the kind, before it is made, and no more', async () => {
    const failures = new PlannedFailures();
    failures.add('network');
    const call = jest.fn(answer);

    await expect(failures.run('set', call)).rejects.toMatchObject({
      kind: 'network',
      retryable: true,
      message: expect.stringContaining('set'),
    });
    expect(call).not.toHaveBeenCalled();
    await expect(failures.run('set', call)).resolves.toBe('answer');
  });

  it('makes the call first when only its answer is to be lost', async () => {
    const failures = new PlannedFailures();
    failures.add('timeout', { afterCommit: true });
    const call = jest.fn(answer);
    await expect(failures.run('merge', call)).rejects.toMatchObject({ kind: 'timeout' });
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('passes over reads when an answer to a write is to be lost', async () => {
    const failures = new PlannedFailures();
    failures.add('timeout', { afterCommit: true });
    await expect(failures.run('get', answer)).resolves.toBe('answer');
    await expect(failures.run('delete', answer)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('reports what really went wrong when the call itself fails', async () => {
    const failures = new PlannedFailures();
    failures.add('timeout', { afterCommit: true });
    const refused = new Error('refused');
    await expect(failures.run('set', () => Promise.reject(refused))).rejects.toBe(refused);
  });

  it('waits for the method it was planned for', async () => {
    const failures = new PlannedFailures();
    failures.add('conflict', { method: 'batchWrite' });
    await expect(failures.run('set', answer)).resolves.toBe('answer');
    await expect(failures.run('batchWrite', answer)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('tells reads from writes', async () => {
    const failures = new PlannedFailures();
    failures.add('network', { method: 'write' });
    failures.add('timeout', { method: 'read' });
    await expect(failures.run('list', answer)).rejects.toMatchObject({ kind: 'timeout' });
    await expect(failures.run('lease', answer)).rejects.toMatchObject({ kind: 'network' });
  });

  it('fails as often as it was told, oldest plan first', async () => {
    const failures = new PlannedFailures();
    failures.add('network', { times: 2 });
    failures.add('rate_limited', { details: { retryAfter: 7 } });
    expect(failures.remaining).toBe(3);
    await expect(failures.run('get', answer)).rejects.toMatchObject({ kind: 'network' });
    await expect(failures.run('get', answer)).rejects.toMatchObject({ kind: 'network' });
    await expect(failures.run('get', answer)).rejects.toMatchObject({ kind: 'rate_limited', retryAfter: 7 });
    await expect(failures.run('get', answer)).resolves.toBe('answer');
    expect(failures.remaining).toBe(0);
  });

  it('can be called off, once', async () => {
    const failures = new PlannedFailures();
    const cancel = failures.add('network');
    failures.add('timeout');
    cancel();
    cancel();
    await expect(failures.run('get', answer)).rejects.toMatchObject({ kind: 'timeout' });
    await expect(failures.run('get', answer)).resolves.toBe('answer');
  });

  it.each([0, -1, 1.5, NaN])('refuses times: %p', (times) => {
    expect(() => new PlannedFailures().add('network', { times })).toThrow(
      expect.objectContaining({ kind: 'invalid_options' }),
    );
  });

  it('refuses a method that no transport has', () => {
    expect(() => new PlannedFailures().add('network', { method: 'save' as never })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining('"save"') }),
    );
  });

  it.each(['read', 'get'] as const)('refuses to lose the answer of a %s after its commit', (method) => {
    expect(() => new PlannedFailures().add('network', { method, afterCommit: true })).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(method) }),
    );
  });
});
