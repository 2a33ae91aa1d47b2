import { filter, firstValueFrom } from 'rxjs';
import { DataSource, DustEntity, Field, Slug, silentLogger } from '../../../src/index.js';
import type { ChannelOptions } from '../../../src/index.js';
import { serve } from '../../../src/server/index.js';
import { resolveLimits } from '../../../src/sync/index.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text?: string;
}

const MAX_DELAY = 2 ** 31 - 1;
const make = (channel: unknown): DataSource =>
  new DataSource({ entities: [Note], channel: channel as ChannelOptions });

describe('the option channel', () => {
  it.each<[unknown, RegExp]>([
    [5, /channel: its options must be an object with writeTimeout/],
    [{ writeTimout: 1 }, /channel has no option "writeTimout"\. Did you mean "writeTimeout"\?/],
    [
      { backoff: { base: 1, max: 2, factor: 2 } },
      /channel\.backoff has no option "factor"\. It knows base, max/,
    ],
    [{ backoff: { base: 1 } }, /channel: backoff must be an object with base and max/],
    [{ backoff: 250 }, /channel: backoff must be an object with base and max/],
    [
      { writeTimeout: 0 },
      /channel: writeTimeout must be milliseconds, more than 0 and at most 2147483647, not 0/,
    ],
    [{ writeTimeout: MAX_DELAY + 1 }, /writeTimeout must be milliseconds/],
    [{ catchUpTimeout: Number.NaN }, /catchUpTimeout must be milliseconds/],
    [{ closeTimeout: '5s' }, /closeTimeout must be milliseconds, .*, not a string/],
    [{ heartbeatInterval: Infinity }, /heartbeatInterval must be milliseconds/],
    [{ inFlight: 0 }, /channel: inFlight must be a whole number from 1 up, not 0/],
    [{ outbox: 1.5 }, /outbox must be a whole number from 1 up/],
    [{ maxMessageBytes: null }, /maxMessageBytes must be bytes, a whole number from 1 up, not null/],
  ])('refuses %j', (channel, message) => {
    expect(() => make(channel)).toThrow(expect.objectContaining({ kind: 'invalid_options' }));
    expect(() => make(channel)).toThrow(message);
  });

  it('takes every setting that bounds an engine', () => {
    const limits = resolveLimits();
    expect(() => make({ ...limits, catchUpTimeout: 1, closeTimeout: 1, openTimeout: 1 })).not.toThrow();
    for (const name of Object.keys(limits)) expect(() => make({ [name]: -1 })).toThrow(name);
    expect(() =>
      make({ writeTimeout: undefined, inFlight: 1, backoff: { base: 1, max: MAX_DELAY } }),
    ).not.toThrow();
  });

  it('reaches the channel', async () => {
    const server = await serve({ port: 0, stores: ['acme/notes'] });
    const options = { url: server.url, token: server.token, store: 'acme/notes', logger: silentLogger };
    const channel = { writeTimeout: 40, closeTimeout: 40 };
    const dataSource = await new DataSource({ ...options, entities: [Note], channel }).initialize();
    const { status$ } = dataSource.transport;
    const isLost = firstValueFrom(status$.pipe(filter(({ state }) => state === 'degraded')));
    await server.close();
    await isLost;
    const write = dataSource.getRepository(Note).insert({ id: 'a', text: 'x' });
    await expect(write).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('within 40 ms'),
    });
    await dataSource.destroy();
  });

  it('is part of what makes data sources share a connection', async () => {
    const server = await serve({ port: 0, stores: ['acme/notes'] });
    const options = { url: server.url, token: server.token, store: 'acme/notes', logger: silentLogger };
    const opened = (channel: ChannelOptions): Promise<DataSource> =>
      new DataSource({ ...options, entities: [Note], channel }).initialize();
    const sources = [
      await opened({ inFlight: 2, outbox: 9 }),
      await opened({ outbox: 9, inFlight: 2 }),
      await opened({}),
    ];
    const [first, same, other] = sources.map(({ transport }) => transport.deviceId);
    expect(same).toBe(first);
    expect(other).not.toBe(first);
    await Promise.all(sources.map((source) => source.destroy()));
    await server.close();
  });
});
