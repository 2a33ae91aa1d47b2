import type { run } from '../../src/cli/run.js';
import { dataSourceOptionsFromEnv } from '../../src/data-source/index.js';
import type { DataSource } from '../../src/index.js';
import { parsePath, pathFault, renderPath } from '../../src/protocol/paths/path.js';
import { Pattern } from '../../src/protocol/paths/pattern.js';
import { jsonCodec } from '../../src/protocol/wire/frame-codec.js';
import { loadConfig } from '../../src/cli/config/load-config.js';
import { ChannelSession } from '../../src/server/channel/index.js';
import { importLeaves } from '../../src/store/index.js';
import type { Find, Target } from './engine/target.js';
import { defineTarget } from './engine/target.js';
import { guarded } from './engine/guarded.js';
import { hasRisen } from './engine/level.js';
import { seedOfBatch } from './engine/plan.js';
import { runTarget } from './engine/run-target.js';
import { waitedForCpu } from './engine/waited-for-cpu.js';
import { asJson } from './inputs/form.js';
import { jsonValues } from './inputs/mutated-json.js';
import { cliTarget } from './targets/cli.js';
import { clientFramesTarget } from './targets/client-frames.js';
import { criteriaTarget } from './targets/criteria.js';
import { dataFileTarget } from './targets/data-file.js';
import { dumpsTarget } from './targets/dumps.js';
import { filesTarget } from './targets/files.js';
import { Fuzzed } from './targets/fuzzed-entity.js';
import { httpTarget } from './targets/http.js';
import { messagePackTarget } from './targets/message-pack.js';
import { optionsTarget } from './targets/options.js';
import { pathsTarget } from './targets/paths.js';
import { patternsTarget } from './targets/patterns.js';
import { serverFramesTarget } from './targets/server-frames.js';
import { valuesTarget } from './targets/values.js';
import { rawServer } from './raw-server.js';

/** What `target` finds within so many inputs; also when it finds it after a batch. */
async function faultIn(target: Target, inputs: number): Promise<string> {
  const { finds } = await runTarget(target, { seed: 1, firstBatch: 0, inputs });
  return finds[0]?.fault ?? 'nothing';
}

describe('each target notices a fault that was put in', () => {
  it('paths: a segment that is not unescaped', async () => {
    const broken = { parsePath: (path: string) => (parsePath(path), path.split('/')), pathFault, renderPath };
    expect(await faultIn(pathsTarget(broken), 500)).toMatch(/does not come back|parsePath gave/);
  });

  it('patterns: a wildcard that also matches nothing', async () => {
    const parse = (source: string): Pattern => {
      const pattern = Pattern.parse(source);
      return Object.assign(Object.create(pattern), {
        matches: (path: string) => pattern.matches(path) || pattern.matches(`${path}/a`),
      });
    };
    expect(await faultIn(patternsTarget({ parse }), 2000)).toMatch(/matches\(\) is/);
  });

  it('message-pack: an error that is no DustError, and values that nobody sent', async () => {
    const codec = { ...jsonCodec, decode: (data: string | Uint8Array) => JSON.parse(String(data)) };
    const unpackMessage = (): unknown => Array.from({ length: 100_000 }, () => 0);
    expect(await faultIn(messagePackTarget({ unpackMessage, codecs: [codec] }), 50)).toMatch(/no DustError/);
    expect(await faultIn(messagePackTarget({ unpackMessage, codecs: [] }), 50)).toBe(
      'more values than bytes',
    );
  });

  it('dumps: an import that leaves one out', async () => {
    const broken: typeof importLeaves = (store, leaves, context) =>
      importLeaves(store, [...leaves].slice(1), context);
    expect(await faultIn(dumpsTarget({ importLeaves: broken }), 200)).toMatch(/leaves of/);
  });

  it('options: a bare error, and a token in a message', async () => {
    const subject = { create: () => undefined, fromEnv: dataSourceOptionsFromEnv, loadConfig };
    const bare = (options: any): unknown => options.entities.length;
    expect(await faultIn(optionsTarget({ ...subject, create: bare }), 500)).toMatch(/no DustError/);
    const telling = (options: unknown): never => {
      throw new Error(`no good: ${JSON.stringify(options)}`);
    };
    expect(await faultIn(optionsTarget({ ...subject, create: telling }), 500)).toMatch(
      /a token in a message/,
    );
  });

  it('criteria: a find that looks at nothing, and a delete that goes beyond it', async () => {
    const blind = (dataSource: DataSource): any => {
      const records = dataSource.getRepository(Fuzzed);
      return Object.assign(Object.create(records), { find: () => records.find() });
    };
    expect(await faultIn(criteriaTarget(blind), 200)).toMatch(/does not meet/);
    const greedy = (dataSource: DataSource): any => {
      const records = dataSource.getRepository(Fuzzed);
      const everything = (): unknown => records.delete(['a', 'b/c', 'é😀']);
      return Object.assign(Object.create(records), { delete: everything });
    };
    expect(await faultIn(criteriaTarget(greedy), 200)).toMatch(/delete removed/);
  });

  it('values: a number that is written as another one', async () => {
    const rounding = (dataSource: DataSource): any => {
      const records = dataSource.getRepository(Fuzzed);
      const save = (entity: any): unknown => records.save({ ...entity, size: Math.round(entity?.size ?? 0) });
      return Object.assign(Object.create(records), { save });
    };
    expect(await faultIn(valuesTarget(rounding), 500)).toMatch(/size was written as/);
  });

  it('server-frames: a session that throws, one that falls silent, and one that reaches another store', async () => {
    const wrapped = (receive: (session: ChannelSession, frame: any) => void): Target =>
      serverFramesTarget((options) => {
        const session = new ChannelSession(options);
        return { receive: (frame) => receive(session, frame), close: () => session.close() };
      });
    const throwing = wrapped((session, frame) => {
      if (frame[4].op === 'merge') throw new TypeError('no op');
      session.receive(frame);
    });
    expect(await faultIn(throwing, 500)).toMatch(/TypeError|no op/);
    expect(
      await faultIn(
        wrapped(() => undefined),
        10,
      ),
    ).toMatch(/no longer answers/);
    const reaching = serverFramesTarget((options) => {
      const canary = options.parts.stores.get('acme/canary');
      void canary?.write({ op: 'delete', path: 'a/b' });
      return new ChannelSession(options);
    });
    expect(await faultIn(reaching, 3)).toMatch(/the canary is/);
  });

  it('client-frames: an engine that does not close', async () => {
    const stuck = (): any => ({
      start: () => Promise.resolve(),
      write: () => Promise.resolve(),
      reads: { list: () => ({ items: [] }) },
      close: () => new Promise(() => undefined),
    });
    expect(await faultIn(clientFramesTarget(stuck), 2)).toMatch(/does not close/);
  });

  it('http: a server that answers 500, and one that answers what is none', async () => {
    const answering = (text: string): Target => httpTarget('memory', () => rawServer(text));
    expect(await faultIn(answering('HTTP/1.1 500 Oh\r\n\r\n'), 5)).toBe('the status 500');
    expect(await faultIn(answering('Oh'), 5)).toMatch(/what is no answer/);
  });

  it('files: a header that the file wrote', async () => {
    const text = 'HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n';
    expect(
      await faultIn(
        filesTarget(() => rawServer(text)),
        20,
      ),
    ).toMatch(/a header of the file's own/);
  });

  it('cli: an exit code that nobody knows, a stack, and an error without words', async () => {
    expect(
      await faultIn(
        cliTarget(() => Promise.resolve(42)),
        5,
      ),
    ).toBe('the exit code 42');
    expect(
      await faultIn(
        cliTarget(() => Promise.resolve(1)),
        5,
      ),
    ).toBe('it failed without a word');
    const showing: typeof run = async (_args, io) => {
      io.stderr.write(`Error: no\n    at somewhere (file.js:1:2)\n`);
      return 1;
    };
    expect(await faultIn(cliTarget(showing), 5)).toMatch(/a stack is shown/);
  });

  it('data-file: an error without a kind, and an opening that never ends; a signal is counted', async () => {
    const reading = (outcome: string): Target =>
      dataFileTarget(() => ({ read: async () => ({ outcome }), close: async () => undefined }));
    expect(await faultIn(reading('raw MDB_CORRUPTED'), 2)).toMatch(/no DustError/);
    expect(await faultIn(reading('hung'), 2)).toMatch(/never ends/);
    const { finds, notes } = await runTarget(reading('SIGBUS'), { seed: 1, firstBatch: 0, inputs: 4 });
    expect(finds).toEqual([]);
    expect(notes).toEqual(['SIGBUS × 4']);
  });
});

describe('what all targets share', () => {
  const failingAt = (wrong: (text: string) => boolean): Target =>
    defineTarget({
      ...{ name: 'example', share: 1, batch: 50, inputs: jsonValues, form: asJson() },
      open: async () => ({
        check: (value) => {
          if (wrong(JSON.stringify(value))) throw new Error('wrong');
        },
      }),
    });

  it('makes a find small, and finds it again in the same place', async () => {
    const target = failingAt((text) => text.includes('['));
    const findOf = async (): Promise<Find | undefined> => {
      const open = await target.open();
      try {
        return await open.fuzz(seedOfBatch(1, 'example', 0), 50);
      } finally {
        await open.close();
      }
    };
    const find = await findOf();
    expect(find?.input).toEqual([]);
    expect(await findOf()).toEqual(find);
  });

  it('gives up a target after three finds', async () => {
    const { finds } = await runTarget(
      failingAt(() => true),
      { seed: 1, firstBatch: 0, inputs: 500 },
    );
    expect(finds).toHaveLength(3);
  });

  it('notices an error that nobody caught', async () => {
    const strays = {
      look: () => {
        throw new Error('stray');
      },
    };
    await expect(guarded(() => undefined, strays)(1)).rejects.toThrow('stray');
  });

  it('notices an input that takes long by itself, each of three times', async () => {
    let times = 0;
    const busyFor = (ms: number) => (): void => {
      times++;
      const end = performance.now() - waitedForCpu() + ms;
      while (performance.now() - waitedForCpu() < end);
    };
    const strays = { look: () => undefined };
    await expect(guarded(busyFor(15), strays, 10)(1)).rejects.toThrow('each of three times');
    await guarded(busyFor(15), strays)(1);
    expect(times).toBe(4);
  });

  it('notices a heap that rises', () => {
    const level = { heapBefore: 100, residentMost: 0, delayMost: 0, cpu: 0 };
    expect([hasRisen({ ...level, heapAfter: 140 }), hasRisen({ ...level, heapAfter: 160 })]).toEqual([
      false,
      true,
    ]);
  });
});
