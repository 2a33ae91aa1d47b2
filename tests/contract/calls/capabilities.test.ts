import { firstValueFrom } from 'rxjs';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import { describeContract } from '../describe-contract.js';
import { definePage } from '../entities.js';

describeContract('capabilities', (context) => {
  it('are what this transport is said to have', async () => {
    const other = await context.otherWriter();
    expect(other.capabilities).toEqual(context.capabilities);
  });

  const setUp = async () => {
    const entity = definePage(context.uniquePrefix());
    const dust = await context.connect([entity]);
    const pages = dust.getRepository(entity);
    await pages.insert({ slug: 'a', title: 'T' });
    return { dust, pages };
  };
  type Subject = Awaited<ReturnType<typeof setUp>>;

  const uses: readonly [string, keyof TransportCapabilities, (subject: Subject) => Promise<unknown>][] = [
    ['increment', 'counters', ({ pages }) => pages.increment('a', 'views', 1)],
    ['decrement', 'counters', ({ pages }) => pages.decrement('a', 'views', 1)],
    ['addTo', 'counters', ({ pages }) => pages.addTo('a', 'tags', 'x')],
    ['removeFrom', 'counters', ({ pages }) => pages.removeFrom('a', 'tags', 'x')],
    ['putFile', 'files', ({ pages }) => pages.putFile('a', 'file', 'content', { filename: 'f' })],
    ['live', 'realtime', ({ pages }) => firstValueFrom(pages.live())],
    ['liveOne', 'realtime', ({ pages }) => firstValueFrom(pages.liveOne('a'))],
    [
      'events',
      'realtime',
      ({ pages }) => Promise.all([firstValueFrom(pages.events()), pages.update('a', { title: 'changed' })]),
    ],
    [
      'rawEvents',
      'realtime',
      ({ pages }) =>
        Promise.all([firstValueFrom(pages.rawEvents()), pages.update('a', { title: 'changed' })]),
    ],
    [
      'lease',
      'leases',
      async ({ dust, pages }) => {
        const lease = await dust.manager.lease(`${pages.metadata.prefix.join('/')}-lock`);
        await lease.release();
      },
    ],
    [
      'singleFlight',
      'leases',
      ({ dust, pages }) => dust.manager.singleFlight(`${pages.metadata.prefix.join('/')}-result`, () => 1),
    ],
  ];

  for (const [use, capability, attempt] of uses) {
    const title = `${use} works where there is ${capability}, and answers not_supported where there is not`;
    const test = async (): Promise<void> => {
      const outcome = attempt(await setUp());
      const { capabilities } = context;
      const isThere =
        capabilities[capability] === true || (capability === 'counters' && capabilities.batchCounters);
      if (isThere) await expect(outcome).resolves.not.toThrow();
      else await expect(outcome).rejects.toMatchObject({ kind: 'not_supported' });
    };
    if (use === 'putFile' && context.capabilities.files) context.itWith('more files', title, test);
    else it(title, test);
  }
});
