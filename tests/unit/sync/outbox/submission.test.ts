import type { SyncFile, SyncWrite } from '../../../../src/sync/engine-types.js';
import type { Submission } from '../../../../src/sync/outbox/submission.js';
import { fileSubmissionOf, submissionOf } from '../../../../src/sync/outbox/submission.js';
import { refusalOf } from '../../store/open-store.js';

const makeId = () => 'made-up';
const of = (write: Record<string, unknown>): Submission =>
  submissionOf({ path: 'a', ...write } as unknown as SyncWrite, makeId);
const fileOf = (file: Partial<SyncFile>): Submission =>
  fileSubmissionOf({ path: 'a', content: new Uint8Array([1]), filename: 'f', ...file }, makeId);

describe('what would be refused, or kill the channel, is not sent', () => {
  it.each<[Record<string, unknown>, string, string | undefined]>([
    [{ op: 'set', path: 'a//b', value: 1 }, 'invalid_params', undefined],
    [{ op: 'set', value: () => 1 }, 'invalid_value', undefined],
    [{ op: 'set' }, 'invalid_value', undefined],
    [{ op: 'merge' }, 'invalid_value', undefined],
    [{ op: 'lease', ttl: 0 }, 'invalid_params', undefined],
    [{ op: 'set', value: 1, fence: null }, 'invalid_params', undefined],
    [{ op: 'set', value: Number.NaN }, 'invalid_value', undefined],
    [{ op: 'merge', value: [1] }, 'invalid_params', 'merge_requires_map_value'],
    [{ op: 'merge', value: null }, 'invalid_params', 'merge_requires_map_value'],
    [{ op: 'increment', value: '1' }, 'invalid_params', 'increment_requires_number_value'],
    [{ op: 'increment' }, 'invalid_params', 'increment_requires_number_value'],
    [{ op: 'add', value: null }, 'invalid_params', 'add_requires_value'],
    [{ op: 'add' }, 'invalid_params', 'add_requires_value'],
    [{ op: 'remove', value: null }, 'invalid_params', 'remove_requires_value'],
    [{ op: 'set', value: 1, fence: { key: 'k', token: 1.5 } }, 'invalid_params', 'invalid_fence'],
    [{ op: 'set', value: 1, fence: { key: 'k', token: '1' } }, 'invalid_params', 'invalid_fence'],
    [{ op: 'set', value: 1, fence: { key: 'k//', token: 1 } }, 'invalid_params', undefined],
    [{ op: 'set', value: 1, clientOpId: '' }, 'invalid_params', 'invalid_client_op_id'],
    [{ op: 'set', value: 1, clientOpId: 7 }, 'invalid_params', 'invalid_client_op_id'],
  ])('%j', async (write, kind, detail) => {
    const error = await refusalOf(() => of(write));
    expect(error.kind).toBe(kind);
    if (detail !== undefined) expect(error.detail).toBe(detail);
  });

  it.each<[Partial<SyncFile>, string | undefined]>([
    [{ path: 'a//b' }, undefined],
    [{ filename: '' }, 'put_file_requires_filename'],
    [{ clientOpId: '' }, 'invalid_client_op_id'],
  ])('a file with %j', async (file, detail) => {
    const error = await refusalOf(() => fileOf(file));
    expect(error.kind).toBe('invalid_params');
    if (detail !== undefined) expect(error.detail).toBe(detail);
  });
});

describe('what is falsy is sent as it is', () => {
  it.each([0, '', false, null])('the value %j', (value) => {
    expect(of({ op: 'set', value }).payload.value).toBe(value);
  });

  it('an increment by nothing, a member that is false, and preconditions and tokens of 0', () => {
    expect(of({ op: 'increment', value: 0 }).payload.value).toBe(0);
    expect(of({ op: 'add', value: false }).payload.value).toBe(false);
    expect(of({ op: 'set', value: 1, ifMatch: 0 }).payload.if_match).toBe(0);
    expect(of({ op: 'lease', ttl: 1, holder: '' }).payload).toMatchObject({ ttl_ms: 1, holder: '' });
    expect(of({ op: 'release', token: 0 }).payload.token).toBe(0);
  });

  it('of the content of a file what its view shows, as base64', () => {
    const content = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3);
    expect(fileOf({ content, contentType: 'image/png', filename: 'x.png' })).toEqual({
      event: 'put_file',
      op: 'put_file',
      path: 'a',
      clientOpId: 'made-up',
      payload: {
        path: 'a',
        path_segments: ['a'],
        content: 'AgM=',
        filename: 'x.png',
        content_type: 'image/png',
        client_op_id: 'made-up',
      },
      isRepeatable: true,
      isConditional: false,
      callerFence: undefined,
      signal: undefined,
    });
  });

  it('all that was given', () => {
    const { signal } = new AbortController();
    const fence = { key: 'k', token: 3, more: 1 };
    const write = { op: 'set', value: 1, clientOpId: 'own', ifAbsent: true, fence, token: 4, signal };
    expect(of(write)).toMatchObject({ clientOpId: 'own', callerFence: fence, signal, event: 'write' });
    expect(of(write).payload).toEqual({
      op: 'set',
      path: 'a',
      path_segments: ['a'],
      client_op_id: 'own',
      value: 1,
      if_absent: true,
      fence: { key: 'k', token: 3 },
      token: 4,
    });
  });

  it('what was not given is not sent', () => {
    expect(of({ op: 'set', value: 1, ifAbsent: false }).payload).toEqual({
      op: 'set',
      path: 'a',
      path_segments: ['a'],
      client_op_id: 'made-up',
      value: 1,
    });
    expect(of({ op: 'delete', value: 7 }).payload.value).toBeNull();
    for (const op of ['lease', 'renew', 'release']) {
      expect(of({ op, value: 7 }).payload).not.toHaveProperty('value');
    }
    expect(fileOf({}).payload.content_type).toBe('application/octet-stream');
  });
});

describe('what may be sent twice', () => {
  const fence = { key: 'k', token: 1 };

  it.each([
    [{ op: 'set', value: 1 }, true, false],
    [{ op: 'delete' }, true, false],
    [{ op: 'merge', value: {} }, true, false],
    [{ op: 'renew', token: 1 }, false, false],
    [{ op: 'release', token: 1 }, false, false],
    [{ op: 'increment', value: 1 }, false, false],
    [{ op: 'add', value: 1 }, false, false],
    [{ op: 'remove', value: 1 }, false, false],
    [{ op: 'lease' }, false, false],
    [{ op: 'set', value: 1, ifMatch: 0 }, false, true],
    [{ op: 'set', value: 1, ifAbsent: true }, false, true],
    [{ op: 'set', value: 1, ifAbsent: false }, true, false],
    [{ op: 'set', value: 1, fence }, false, false],
  ])('%j: %p, conditional: %p', (write, isRepeatable, isConditional) => {
    expect(of(write)).toMatchObject({ isRepeatable, isConditional });
  });
});
