import { CliWorld, chunks } from './cli-world.js';

const world = CliWorld.use();

describe.each(['a server', 'a server imitating 0.1', 'a folder'])('get, ls, put and rm on %s', (where) => {
  const at = (argv: string[]): string[] => (where === 'a folder' ? [...argv, '--data', 'data'] : argv);
  const run = (...argv: string[]) => world.run(at(argv));

  beforeEach(async () => {
    if (where === 'a server') await world.serve();
    if (where === 'a server imitating 0.1') await world.serve({ imitate: '0.1' });
    await run('put', 'links/dust', '{"title":"Dust","views":3}');
  });

  it('put writes and tells the seq', async () => {
    expect(await run('put', 'links/rx/title', '"RxJS"')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^Wrote links\/rx\/title at store_seq \d+\.\n$/),
    });
    const { out } = await run('put', 'links/rx/title', '"Rx"', '--json');
    expect(JSON.parse(out)).toEqual({ path: 'links/rx/title', storeSeq: expect.any(Number) });
  });

  it('put reads its value from standard input', async () => {
    const bytes = Buffer.from('"é😀"');
    const stdin = chunks(bytes.subarray(0, 2), bytes.subarray(2, 5), bytes.subarray(5));
    expect((await world.run(at(['put', 'a', '-']), { stdin })).code).toBe(0);
    expect((await run('get', 'a')).out).toBe('"é😀"\n');
  });

  it('put holds its preconditions', async () => {
    const there = await run('put', 'links/dust/title', '1', '--if-absent', '--json');
    expect(there.code).toBe(1);
    expect(JSON.parse(there.err)).toMatchObject({ error: { kind: 'exists' } });
    const stale = await run('put', 'links/dust/title', '1', '--if-match', '999');
    expect(stale).toMatchObject({ code: 1, out: '' });
    expect((await run('get', 'links/dust/title')).out).toBe('"Dust"\n');
  });

  it('get prints JSON, and with --json all there is to know', async () => {
    expect((await run('get', 'links/dust')).out).toBe('{\n  "title": "Dust",\n  "views": 3\n}\n');
    expect(JSON.parse((await run('get', 'links/dust/views', '--json')).out)).toEqual({
      path: 'links/dust/views',
      value: 3,
      type: 'integer',
      revision: 1,
    });
  });

  it('get of nothing leaves with 3', async () => {
    expect(await run('get', 'links/nobody')).toEqual({
      code: 3,
      out: '',
      err: 'dust-orm: There is nothing at "links/nobody".\n',
      lines: [],
    });
  });

  it('ls lists by pattern, by path and all', async () => {
    await run('put', 'links/dust-2/title', '"Two"');
    await run('put', 'other', 'true');
    expect((await run('ls')).lines).toEqual([
      'links/dust-2/title\t"Two"',
      'links/dust/title\t"Dust"',
      'links/dust/views\t3',
      'other\ttrue',
    ]);
    expect((await run('ls', 'links/*/title', '--keys')).lines).toEqual([
      'links/dust-2/title',
      'links/dust/title',
    ]);
    expect((await run('ls', 'links/dust', '--keys')).lines).toEqual(['links/dust/title', 'links/dust/views']);
    expect((await run('ls', 'other', '--json')).lines.map((line) => JSON.parse(line))).toEqual([
      { path: 'other', value: true, type: 'boolean', revision: expect.any(Number) },
    ]);
    expect((await run('ls', '--limit', '2', '--keys')).lines).toHaveLength(2);
    expect(await run('ls', 'nowhere')).toMatchObject({ code: 0, out: '' });
  });

  it('rm removes what is at and below a path, and says when nothing is', async () => {
    expect((await run('rm', 'links/dust')).out).toMatch(/^Removed links\/dust at store_seq \d+\.\n$/);
    expect((await run('get', 'links/dust')).code).toBe(3);
    expect((await run('rm', 'links/dust', '--json')).err).toBe(
      `${JSON.stringify({ error: { kind: 'not_found', message: 'There is nothing at "links/dust".' } })}\n`,
    );
  });

  it.each(['..', '.', 'a b', 'a+b', '100%', 'a~1b', '~0', '*', '__proto__', 'x'.repeat(1000)])(
    'a segment %s survives',
    async (segment) => {
      expect((await run('put', `odd/${segment}`, '1')).code).toBe(0);
      expect((await run('get', `odd/${segment}`)).out).toBe('1\n');
      expect((await run('rm', `odd/${segment}`)).code).toBe(0);
    },
  );

  it.each([
    [['get', 'a//b'], 'a segment may not be empty'],
    [['put', 'a~2', '1'], 'must be written "~0"'],
    [['rm', '/a'], 'a segment may not be empty'],
    [['ls', '**/a'], 'may only be the last segment'],
  ])('%j is refused with the reason', async (argv, reason) => {
    expect(await run(...argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(reason) });
  });

  it.each([
    ['"\\ud800"', 'half a surrogate pair'],
    ['1e400', 'Infinity'],
    ['{"a":{"":1}}', 'an empty object key at .a'],
  ])('the value %s, which no store can hold, is refused with the reason', async (value, reason) => {
    const { code, err } = await run('put', 'links/dust', value);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(reason) });
    expect(err).toContain('no store can hold');
    expect(err).not.toContain('is not JSON');
  });

  it('a whole number that would be stored as another one is refused', async () => {
    const { code, err } = await run('put', 'links/dust', '{"n":9007199254740993}');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('9007199254740993, which') });
    expect((await run('get', 'links/dust/title')).out).toBe('"Dust"\n');
    expect((await run('put', 'links/dust/n', '9007199254740991')).code).toBe(0);
    expect((await run('get', 'links/dust/n')).out).toBe('9007199254740991\n');
  });

  it('a value that is not JSON is refused before anything is opened', async () => {
    const { code, err } = await run('put', 'links/dust', 'Dust');
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('A text needs its quotes') });
    expect((await run('get', 'links/dust/title')).out).toBe('"Dust"\n');
  });
});

it('ls walks every page, and ends quietly when its reader has seen enough', async () => {
  await world.serve();
  const dump = Array.from({ length: 2500 }, (_, n) => ({ path: `n/${n}`, value: n, type: 'integer' }));
  const stdin = chunks(dump.map((leaf) => JSON.stringify(leaf)).join('\n'));
  await world.run(['import', '-'], { stdin });
  expect((await world.run(['ls', '--keys'])).lines).toHaveLength(2500);
  expect((await world.run(['ls', '--limit', '1500'])).lines).toHaveLength(1500);
  const cut = await world.run(['ls', '--keys'], { breaksAfter: 1 });
  expect(cut).toMatchObject({ code: 0, err: '' });
  expect(cut.lines).toHaveLength(1000);
});
