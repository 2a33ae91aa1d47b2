import { Output } from '../../../src/cli/output/output.js';
import { FolderProgressLine } from '../../../src/cli/output/folder-progress.js';
import { Progress } from '../../../src/cli/output/progress.js';
import { systemClock } from '../../../src/clock.js';
import { CliWorld, Screen } from './cli-world.js';

const world = CliWorld.use();

/** What a terminal would act on, and what forges a line or a column. */
const ODD = 'ctl/a\u001B]0;pwned\u0007\nfake\t"x"\u009B\u202E\u007F';
const SHOWN = String.raw`ctl/a\u001b]0;pwned\u0007\u000afake\u0009"x"\u009b\u202e\u007f`;

describe('control characters of paths and values', () => {
  it('are written as JSON writes them, wherever a person reads', async () => {
    const data = ['--data', 'data'];
    const put = await world.run(['put', ODD, '"v\u009B\u202E"', ...data]);
    expect(put.out).toBe(`Wrote ${SHOWN} at store_seq 1.\n`);
    const ls = await world.run(['ls', ...data]);
    expect(ls.out).toBe(`${SHOWN}\t"v\\u009b\\u202e"\n`);
    expect((await world.run(['ls', '--keys', ...data])).out).toBe(`${SHOWN}\n`);
    expect((await world.run(['get', ODD, ...data])).out).toBe('"v\\u009b\\u202e"\n');
    expect((await world.run(['stats', ...data])).out).toContain(`\n${SHOWN}  `);
    expect((await world.run(['rm', ODD, ...data])).out).toBe(`Removed ${SHOWN} at store_seq 2.\n`);
    const missing = await world.run(['rm', ODD, ...data]);
    expect(missing.err.trimEnd()).not.toMatch(/\p{Cc}|\u202E/u);
  });

  it('are as they are in JSON', async () => {
    const { out } = await world.run(['put', ODD, '1', '--data', 'data', '--json']);
    expect(JSON.parse(out)).toMatchObject({ path: ODD });
  });
});

describe('a line of progress', () => {
  const told = async (columns: number | undefined, text: string) => {
    const screen = Object.assign(new Screen(true), { columns });
    await new Progress(new Output(screen)).show(text);
    return screen.text.replace('\r\u001B[K', '');
  };

  it('is no wider than the terminal, and keeps its end', async () => {
    expect(await told(20, 'copy /a/very/long/folder: 1 of 2 MB')).toBe('…/folder: 1 of 2 MB');
    expect(await told(60, 'copy /a: 1 of 2 MB')).toBe('copy /a: 1 of 2 MB');
    expect(await told(undefined, 'copy /a/very/long/folder: 1 of 2 MB')).toHaveLength(35);
    expect(await told(20, 'a\nb\u001B')).toBe(String.raw`a\u000ab\u001b`);
  });

  it('tells the folder and the unit of a rate', async () => {
    const time = { now: 0 };
    const screen = new Screen(true);
    const clock = { ...systemClock, now: () => time.now, monotonic: () => time.now };
    const line = new FolderProgressLine(new Progress(new Output(screen)), clock);
    const hear = (done: number): void => {
      screen.text = '';
      line.hear({
        stage: 'copy',
        folder: '/out/acme/links',
        done: done * 1e6,
        total: 1e8,
      });
    };
    hear(0);
    time.now = 2000;
    hear(20);
    expect(screen.text).toBe('\r\u001B[Kcopy /out/acme/links: 20 of 100 MB, 10 MB a second, 8 s left');
  });
});

describe('a secret in an error', () => {
  it.each([['--token'], ['--read-token']])('is left out, and the flag %s keeps its name', async (flag) => {
    const others = flag === '--read-token' ? ['--token', 'a-token-that-is-long-enough'] : [];
    const { err } = await world.run(['serve', flag, 'tok', ...others]);
    expect(err).toContain(`${flag} must have`);
    const inline = await world.run(['serve', `${flag}=tok`, ...others]);
    expect(inline.err).toContain(`${flag} must have`);
  });
});
