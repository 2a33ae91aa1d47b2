import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledStore } from '../compiled-sources.js';
import { WriterProcess } from '../kills/writer-process.js';

const compiled = useCompiledStore();
const data = useDataFolder();

describe('a data folder and two processes', () => {
  it('belongs to the one that opened it, until that is killed', async () => {
    const writer = new WriterProcess(compiled.folder, data.path);
    try {
      expect(await writer.message(1)).toMatchObject({ type: 'acknowledged' });
      await expect(openLmdbStorage({ path: data.path })).rejects.toMatchObject({
        kind: 'storage',
        detail: 'locked',
        message: expect.stringContaining(`in use by process ${writer.pid}: another process`),
      });
      const before = writer.messages.length;
      expect(await writer.message(before + 100)).toMatchObject({ type: 'acknowledged' });
    } finally {
      await writer.kill();
    }
    const storage = await openLmdbStorage({ path: data.path });
    expect(storage.readCounters().storeSeq).toBeGreaterThan(100);
    await storage.close();
  });

  it('is refused to a process that comes second, and given back by close', async () => {
    const storage = await openLmdbStorage({ path: data.path });
    const second = new WriterProcess(compiled.folder, data.path);
    try {
      expect(await second.message(1)).toMatchObject({
        type: 'refused',
        kind: 'storage',
        detail: 'locked',
        message: expect.stringContaining(`in use by process ${process.pid}`),
      });
    } finally {
      await second.kill();
      await storage.close();
    }
    const third = new WriterProcess(compiled.folder, data.path);
    try {
      expect(await third.message(1)).toMatchObject({ type: 'acknowledged' });
    } finally {
      await third.kill();
    }
  });
});
