import type { JsonValue, Leaf, LeafType } from '../../../../../src/protocol/values/value.js';
import { GroupDraft } from '../../../../../src/store/lmdb/leaves/group-draft.js';
import {
  isDeep,
  isGroupText,
  isOfLarge,
  leafOn,
  leavesOf,
  lineOf,
  lineOfLarge,
  linesOf,
  nameOn,
  placeOfLine,
  textOfLines,
} from '../../../../../src/store/lmdb/leaves/group-text.js';

const leaf = (name: string, value: JsonValue, type: LeafType, revision = 7): Leaf => ({
  path: `p/${name}`,
  value,
  type,
  revision,
});

describe('the line of a leaf', () => {
  it.each<[string, JsonValue, LeafType, string]>([
    ['x', 5, 'integer', 'x\t7\t\t5'],
    ['x', 5, 'counter', 'x\t7\tcounter\t5'],
    ['x', -5, 'integer', 'x\t7\t\t-5'],
    ['x', 0, 'integer', 'x\t7\t\t0'],
    ['x', 999_999_999_999_999, 'integer', 'x\t7\t\t999999999999999'],
    ['x', Number.MAX_SAFE_INTEGER, 'integer', 'x\t7\t\t9007199254740991'],
    ['x', 1.5, 'float', 'x\t7\t\t1.5'],
    ['x', 1e21, 'float', 'x\t7\t\t1e+21'],
    ['x', '', 'string', 'x\t7\t\t""'],
    ['x', 'a "b" \\ \n', 'string', 'x\t7\t\t"a \\"b\\" \\\\ \\n"'],
    ['x', 'plain', 'string', 'x\t7\t\t"plain"'],
    ['x', true, 'boolean', 'x\t7\t\ttrue'],
    ['x', null, 'null', 'x\t7\t\tnull'],
    ['', 5, 'integer', '\t7\t\t5'],
    ['"x', 5, 'integer', '"\\"x"\t7\t\t5'],
    ['x"', 5, 'integer', 'x"\t7\t\t5'],
    ['a\tb', 5, 'integer', '"a\\tb"\t7\t\t5'],
    ['a\nb', 5, 'integer', '"a\\nb"\t7\t\t5'],
    ['a\u001f', 5, 'integer', '"a\\u001f"\t7\t\t5'],
    ['a ', 5, 'integer', 'a \t7\t\t5'],
  ])('is what folders hold that older versions wrote: %j %j %s', (name, value, type, line) => {
    const written = leaf(name, value, type);
    expect(lineOf(name, written, JSON.stringify(value))).toBe(line);
    expect(nameOn(line)).toBe(name);
    expect(leafOn('p/', line)).toStrictEqual(written);
    expect(isOfLarge(line)).toBe(false);
    expect(leavesOf('p/', `\n${line}\n`)).toStrictEqual({ leaves: [written], hasLarge: false });
  });

  it('that lies alone is its name', () => {
    expect([lineOfLarge('x'), lineOfLarge('a\tb')]).toStrictEqual(['x', '"a\\tb"']);
    expect([isOfLarge('x'), nameOn('x'), nameOn('"a\\tb"')]).toStrictEqual([true, 'x', 'a\tb']);
    expect(leafOn('p/', 'x')).toBeUndefined();
    expect(leavesOf('p/', '\nx\ny\t7\t\t5\n')).toStrictEqual({
      leaves: [leaf('y', 5, 'integer')],
      hasLarge: true,
    });
  });

  it.each([
    ['no revision', 'x\t\t\t5'],
    ['a revision that is no number', 'x\t7a\t\t5'],
    ['a revision that is not exact', 'x\t9007199254740993\t\t5'],
    ['a revision with something in front', 'x\ta7\t\t5'],
    ['no value', 'x\t7\t\t'],
    ['half a value', 'x\t7\t\t"a'],
    ['two values', 'x\t7\t\t"a"b"'],
    ['a number with a zero in front', 'x\t7\t\t05'],
    ['a number with something behind', 'x\t7\t\t5:'],
    ['a number with something inside', 'x\t7\t\t5/5'],
    ['a name that cannot be read', '"x\t7\t\t5'],
    ['a name that is no text', '"a":1\t7\t\t5'],
    ['too few columns', 'x\t7\t5'],
    ['one column and a name', 'x\t7'],
  ])('with %s is none', (_, line) => {
    expect(leafOn('p/', line)).toBeUndefined();
    expect(leavesOf('p/', `\n${line}\n`)).toBeUndefined();
    expect(leavesOf('p/', `\n${line}\ny\t7\t\t5\n`)).toBeUndefined();
  });

  it('with a revision of sixteen digits is read', () => {
    expect(leafOn('p/', 'x\t9007199254740991\t\t5')?.revision).toBe(Number.MAX_SAFE_INTEGER);
    expect(leafOn('p/', 'x\t1234567890123456\t\t5')?.revision).toBe(1_234_567_890_123_456);
  });
});

describe('the text of a group', () => {
  const [A, AB, LARGE] = ['a\t1\t\t1', 'ab\t2\t\t2', 'b'];

  it('is its lines, with a mark in front where something lies deeper', () => {
    expect([textOfLines([]), textOfLines([A]), textOfLines([A, AB])]).toStrictEqual([
      '\n',
      `\n${A}\n`,
      `\n${A}\n${AB}\n`,
    ]);
    for (const mark of ['', '>']) {
      const text = `${mark}\n${A}\n${AB}\n${LARGE}\n`;
      expect(linesOf(text)).toStrictEqual([A, AB, LARGE]);
      expect(isDeep(text)).toBe(mark === '>');
      expect(
        ['a', 'ab', 'b', 'c', ''].map((name) => text.slice(...(placeOfLine(text, name) ?? [0, 0]))),
      ).toStrictEqual([A, AB, LARGE, '', '']);
    }
    expect([linesOf('>\n'), linesOf('\n')]).toStrictEqual([[], []]);
    expect(leavesOf('p/', '>\n')).toStrictEqual({ leaves: [], hasLarge: false });
  });

  it.each([
    ['\na\n', true],
    ['>\n', true],
    ['>\na\n', true],
    ['\n', false],
    ['\n\n', false],
    ['', false],
    ['a\n', false],
    ['\na', false],
    ['parts', false],
    [5, false],
    [undefined, false],
  ])('is told by its ends: %j', (stored, is) => {
    expect(isGroupText(stored)).toBe(is);
  });
});

describe('a draft of a group', () => {
  const damaged = (): Error => new Error('damaged');
  const draft = (text?: string): GroupDraft => new GroupDraft('p/', 'p/', text, damaged);
  const line = (name: string, value: number): string => `${name}\t1\t\t${value}`;

  it.each(['', '>'])('has lines put in their place, replaced and removed (%s)', (mark) => {
    const group = draft(`${mark}\n${line('b', 1)}\n${line('d', 1)}\n`);
    expect([group.isStored, group.isDeep, group.grownTo, group.isEmpty]).toStrictEqual([
      true,
      mark === '>',
      0,
      false,
    ]);
    group.put('d', line('d', 22));
    expect(group.grownTo).toBe(0);
    expect([group.find('d'), group.find('c')]).toStrictEqual([line('d', 22), undefined]);
    for (const name of ['c', 'a', 'e']) group.put(name, line(name, 3));
    expect(group.grownTo).toBe(5);
    group.put('c', line('c', 4));
    group.put('a', line('a', 3));
    expect(group.grownTo).toBe(5);
    expect(['a', 'c', 'e', 'f', 'bb'].map((name) => group.find(name))).toStrictEqual([
      line('a', 3),
      line('c', 4),
      line('e', 3),
      undefined,
      undefined,
    ]);
    group.remove('b');
    expect(['b', 'c'].map((name) => group.find(name))).toStrictEqual([undefined, line('c', 4)]);
    const lines = [line('a', 3), line('c', 4), line('d', 22), line('e', 3)];
    expect(group.text).toBe(`${mark}\n${lines.join('\n')}\n`);
    expect(group.lines()).toStrictEqual(lines);
    for (const name of ['a', 'c', 'd', 'e']) group.remove(name);
    expect([group.isEmpty, group.text]).toStrictEqual([true, `${mark}\n`]);
  });

  it('of nothing begins without lines', () => {
    for (const text of [undefined, '>\n']) {
      const group = draft(text);
      expect([group.isEmpty, group.isStored, group.isDeep]).toStrictEqual([
        true,
        text === '>\n',
        text === '>\n',
      ]);
      expect(group.find('a')).toBeUndefined();
      group.put('a', line('a', 1));
      expect([group.isEmpty, group.grownTo, group.find('a')]).toStrictEqual([false, 1, line('a', 1)]);
    }
  });

  it('with a name that cannot be read is damaged', () => {
    expect(() => draft('\n"a\t1\t\t1\n').lines()).toThrow('damaged');
  });
});
