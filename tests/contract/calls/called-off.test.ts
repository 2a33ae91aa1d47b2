import type { Repository } from '../../../src/index.js';
import { In } from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';
import type { Link } from '../entities.js';
import { defineLink, link } from '../entities.js';

type Call = (links: Repository<Link>, signal: AbortSignal) => Promise<unknown>;

const nothing = { url: 'https://nowhere.example/' };

/** Calls that have nothing to send, or do. */
const CALLS: Readonly<Record<string, Call>> = {
  'insert of a record': (links, signal) => links.insert(link('a'), { signal }),
  'insert of none': (links, signal) => links.insert([], { signal }),
  'insertMany of none': (links, signal) => links.insertMany([], { signal }),
  'upsert of a record': (links, signal) => links.upsert(link('a'), { signal }),
  'upsert by its slug': (links, signal) => links.upsert(link('a'), { conflictPaths: ['slug'], signal }),
  'save of none': (links, signal) => links.save([], { signal }),
  'update of what a where does not find': (links, signal) => links.update(nothing, { note: 'n' }, { signal }),
  'update of what is not there': (links, signal) => links.update('nobody', { note: 'n' }, { signal }),
  'delete of what a where does not find': (links, signal) => links.delete(nothing, { signal }),
  'delete of what is not there': (links, signal) => links.delete('nobody', { signal }),
  'remove of none': (links, signal) => links.remove([], { signal }),
  clear: (links, signal) => links.clear({ signal }),
  'find of none': (links, signal) => links.find({ take: 0, signal }),
  'find of no slug': (links, signal) => links.find({ where: { slug: In([]) }, signal }),
  count: (links, signal) => links.count({ where: { slug: In([]) }, signal }),
  'stream of none': async (links, signal) => {
    for await (const found of links.stream({ take: 0, signal })) return found;
    return undefined;
  },
};

describeContract('what was called off before it began', (context) => {
  it.each(Object.entries(CALLS))('%s is aborted', async (_, call) => {
    const prefix = context.uniquePrefix();
    const entity = defineLink(prefix, 'flat');
    const links = (await context.connect([entity])).getRepository(entity);
    const before = await context.stateOf(prefix);
    await expect(call(links, AbortSignal.abort())).rejects.toMatchObject({ kind: 'aborted' });
    expect(await context.stateOf(prefix)).toEqual(before);
    await call(links, new AbortController().signal);
  });
});
