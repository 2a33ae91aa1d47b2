import { acquireLease, checkLeaseRequest } from '../../../../src/repository/leases/lease.js';
import { keyOutsideEntities } from '../../../../src/repository/leases/keys.js';
import type { EntityContexts } from '../../../../src/repository/entity-context.js';
import type { Transport } from '../../../../src/transport/transport.js';

/** A transport that says what it was asked, and whose leases run out at 1000, 2000 and so on. */
function scene(holder: string | null = 'me') {
  const asked: unknown[][] = [];
  let isReleased = false;
  const grant = (...call: unknown[]) => {
    asked.push(call);
    return Promise.resolve({ storeSeq: 1, token: 7, holder, expiresAt: asked.length * 1000 });
  };
  const transport = {
    lease: (...args: unknown[]) => grant('lease', ...args),
    renew: (...args: unknown[]) => grant('renew', ...args),
    release: async (...args: unknown[]) => {
      await new Promise(setImmediate);
      asked.push(['release', ...args]);
      isReleased = true;
      return true;
    },
  };
  return { asked, transport: transport as unknown as Transport, isReleased: () => isReleased };
}

describe('a lease', () => {
  it('is asked for as it was requested, and renewed for the time it was taken with unless another is given', async () => {
    const { transport, asked } = scene();
    const { signal } = new AbortController();
    const lease = await acquireLease(transport, 'jobs', { ttl: 500, holder: 'me', signal });
    expect(lease).toMatchObject({ key: 'jobs', token: 7, holder: 'me', expiresAt: 1000 });
    expect(lease.fence).toEqual({ key: 'jobs', token: 7 });
    await lease.renew();
    expect(lease.expiresAt).toBe(2000);
    await lease.renew(900);
    expect(lease.expiresAt).toBe(3000);
    expect(asked).toEqual([
      ['lease', 'jobs', { ttl: 500, holder: 'me', signal }],
      ['renew', 'jobs', 7, { ttl: 500 }],
      ['renew', 'jobs', 7, { ttl: 900 }],
    ]);
  });

  it('leaves to the store what nobody has said', async () => {
    const { transport, asked } = scene(null);
    const lease = await acquireLease(transport, 'jobs', {});
    expect(lease.holder).toBeNull();
    await lease.renew();
    expect(asked).toEqual([
      ['lease', 'jobs', {}],
      ['renew', 'jobs', 7, {}],
    ]);
  });

  it('is given back at the end of its block, which waits for that', async () => {
    const { transport, asked, isReleased } = scene();
    const lease = await acquireLease(transport, 'jobs', {});
    await lease[Symbol.asyncDispose]();
    expect([isReleased(), asked.at(-1)]).toEqual([true, ['release', 'jobs', 7]]);
  });
});

describe('what is said of a lease', () => {
  it.each([
    {},
    { ttl: 1 },
    { ttl: 0.5 },
    { ttl: 1000, holder: '' },
    { signal: new AbortController().signal },
  ])('may be %j', (request) => {
    expect(() => checkLeaseRequest(request)).not.toThrow();
  });

  it.each([
    [{ ttl: 0 }, 'lease: ttl must be a positive number of milliseconds, not the number 0.'],
    [{ ttl: -1 }, 'lease: ttl must'],
    [{ ttl: NaN }, 'lease: ttl must'],
    [{ ttl: Infinity }, 'lease: ttl must'],
    [{ ttl: '500' }, 'lease: ttl must'],
    [{ ttl: null }, 'lease: ttl must'],
    [{ holder: 5 }, 'lease: holder must be a string, not the number 5.'],
    [{ holder: null }, 'lease: holder must'],
    [{ signal: 1 }, 'lease: signal must'],
    [{ lasting: 1 }, 'lease has no option "lasting"'],
  ])('may not be %j', (request, message) => {
    expect(() => checkLeaseRequest(request as object)).toThrow(
      expect.objectContaining({ kind: 'invalid_options', message: expect.stringContaining(message) }),
    );
  });
});

describe('the key of a lease', () => {
  const here = {} as Transport;
  const entity = (name: string, prefixPath: string, transport: Transport) => ({
    transport,
    metadata: { name, prefixPath },
  });
  const contexts = {
    transport: () => here,
    all: () => [entity('Link', 'reading/links', here), entity('Far', 'far', {} as Transport)],
  } as unknown as EntityContexts;

  it.each([
    ['jobs', 'jobs'],
    [['jobs', 'a/b'], 'jobs/a~1b'],
    ['reading/linksmith', 'reading/linksmith'],
    ['far', 'far'],
    ['far/away', 'far/away'],
  ])('may be %j: it lies in no records of its store', (key, path) => {
    expect(keyOutsideEntities(contexts, 'lease', key)).toBe(path);
  });

  it.each<[unknown, string]>([
    ['reading/links', 'key_inside_entity'],
    ['reading/links/a', 'key_inside_entity'],
    ['reading', 'key_inside_entity'],
    [5, 'invalid_key'],
    [undefined, 'invalid_key'],
    [['jobs', 5], 'invalid_key'],
    [{ every: () => true }, 'invalid_key'],
  ])('may not be %j', (key, detail) => {
    expect(() => keyOutsideEntities(contexts, 'lease', key as string)).toThrow(
      expect.objectContaining({ kind: 'invalid_params', detail }),
    );
  });

  it.each(['', 'a//b', '/a', 'a/', '~2', '\ud800'])('must be a path: %j is none', (key) => {
    expect(() => keyOutsideEntities(contexts, 'lease', key)).toThrow(
      expect.objectContaining({ kind: 'invalid_params', detail: expect.not.stringContaining('key') }),
    );
  });
});
