import { join } from 'node:path';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import type { FolderOwner, Order } from './folder-owner.js';
import { inContainer, inProcess, inThread } from './folder-owner.js';
import { itWithNamespaces } from '../namespaces.js';

/** Each program loads the whole package. */
jest.setTimeout(120_000);

const compiled = useCompiledPackage();
const data = useDataFolder();
const entry = () => join(compiled.folder, 'index.js');
const owners: FolderOwner[] = [];
const started = <Owner extends FolderOwner>(owner: Owner): Owner => {
  owners.push(owner);
  return owner;
};
const thread = () => started(inThread(entry(), data.path));
const container = ([host, pids]: readonly [string, number]) =>
  started(inContainer(entry(), data.path, host, pids));

/** Opens the folder here and gives it back. */
const openHere = async (takeOver = false) => {
  const storage = await openLmdbStorage({ path: data.path, takeOver });
  await storage.close();
};
const locked = (message: string | RegExp = '') =>
  expect.objectContaining({ kind: 'storage', detail: 'locked', message: expect.stringMatching(message) });

afterEach(async () => {
  await Promise.all(owners.splice(0).map((owner) => owner.end()));
});

describe('a data folder and worker threads', () => {
  it.each<[string, Order | 'terminate']>([
    ['closes it', 'close'],
    ['ends without closing it', 'end'],
    ['throws', 'throw'],
    ['calls process.exit', 'exit'],
    ['is terminated', 'terminate'],
  ])('it belongs to one thread while that lives, and is free when it %s', async (_, order) => {
    const owner = thread();
    const { threadId } = await owner.next();
    for (const takeOver of [false, true]) {
      await expect(openHere(takeOver)).rejects.toEqual(
        locked(`another data source of this process in thread ${threadId}`),
      );
    }
    owner.tell('write');
    expect(await owner.next()).toEqual({ type: 'wrote' });
    if (order === 'terminate') await owner.end();
    else owner.tell(order);
    await owner.ended;
    await openHere();
  });

  it('one of four has it, and the others are refused while it does', async () => {
    for (let round = 0; round < 2; round++) {
      const four = [thread(), thread(), thread(), thread()];
      const first = await Promise.all(four.map((owner) => owner.next()));
      expect(first.map(({ type }) => type).sort()).toEqual(['opened', 'refused', 'refused', 'refused']);
      expect(first.map(({ detail }) => detail).sort()).toEqual(['locked', 'locked', 'locked', undefined]);
      for (const owner of four) owner.tell(round % 2 === 0 ? 'end' : 'throw');
      await Promise.all(four.map(({ ended }) => ended));
    }
    await openHere();
  });
});

describe('a data folder and a process that stands still', () => {
  it('stays that process’s', async () => {
    const owner = started(inProcess(entry(), data.path));
    const { pid } = await owner.next();
    owner.child.kill('SIGSTOP');
    await expect(openHere()).rejects.toEqual(locked(`in use by process ${pid}: another process`));
    await expect(openHere(true)).rejects.toEqual(locked());
    owner.child.kill('SIGCONT');
    owner.tell('write');
    expect(await owner.next()).toEqual({ type: 'wrote' });
    owner.child.kill('SIGSTOP');
    await owner.end();
    await openHere();
  });
});

describe('a data folder and two containers', () => {
  const cases = [
    ['with the same pid and other host names', ['web-1', 0], ['web-2', 0]],
    ['with the same pid and host name', ['web', 0], ['web', 0]],
    ['with other pids and the same host name', ['web', 3], ['web', 0]],
    ['with other pids and host names', ['web-1', 3], ['web-2', 1]],
  ] as const;

  for (const [what, first, second] of cases) {
    itWithNamespaces(
      `${what}: the second is refused at once, and has it when the first is gone`,
      async () => {
        const owner = container(first);
        expect(await owner.next()).toMatchObject({ type: 'opened' });
        // It arrives while the first still has the folder: nothing waited for it.
        const refusal = await container(second).next();
        expect(refusal).toMatchObject({ type: 'refused', detail: 'locked' });
        expect(refusal.message).toMatch(first[0] === second[0] ? /in use by/ : /on the host "web-1"/);
        owner.tell('write');
        expect(await owner.next()).toEqual({ type: 'wrote' });
        await expect(openHere(true)).rejects.toEqual(locked());
        await owner.end();
        const next = container(second);
        expect(await next.next()).toMatchObject({ type: 'opened' });
      },
    );
  }
});
