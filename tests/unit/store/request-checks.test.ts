import { checkContext, checkLength, checkPath, checkValue } from '../../../src/store/request-checks.js';
import type { WriteContext } from '../../../src/store/index.js';

const NAME = 'x'.repeat(255);

describe('the context of a write', () => {
  it.each<WriteContext>([
    {},
    { clientOpId: NAME, deviceId: 'x'.repeat(3_800) },
    { clientOpId: 'x', deviceId: null },
    { fence: { key: 'k', token: 1 } },
  ])('is taken (%#)', (context) => {
    expect(() => {
      checkContext(context);
    }).not.toThrow();
  });

  it.each<[any, string]>([
    [{ clientOpId: `${NAME}x` }, 'invalid_client_op_id'],
    [{ clientOpId: '' }, 'invalid_client_op_id'],
    [{ clientOpId: '\ud800' }, 'invalid_client_op_id'],
    [{ clientOpId: 5 }, 'invalid_client_op_id'],
    [{ clientOpId: null }, 'invalid_client_op_id'],
    [{ deviceId: '' }, 'invalid_device_id'],
    [{ deviceId: 'x'.repeat(3_801) }, 'invalid_device_id'],
    [{ fence: {} }, 'invalid_fence'],
    [{ fence: { token: 1 } }, 'invalid_fence'],
    [{ fence: { key: 'a//b', token: 1 } }, 'empty_segment'],
  ])('is refused when it says nothing (%#)', (context: WriteContext, detail) => {
    expect(() => {
      checkContext(context);
    }).toThrow(expect.objectContaining({ kind: 'invalid_params', detail }));
  });
});

describe('a path', () => {
  it('has 3800 bytes of UTF-8 at most, whatever its characters', () => {
    for (const longest of ['x'.repeat(3_800), 'é'.repeat(1_900), '～'.repeat(1_266), '😀'.repeat(950)]) {
      expect(() => {
        checkPath(longest);
      }).not.toThrow();
      expect(() => {
        checkPath(`${longest}～`);
      }).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
    }
  });

  it('is a text, a cursor too', () => {
    const cursor: any = 5;
    expect(() => {
      checkLength(cursor, { path: cursor });
    }).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
  });

  it('is that of a leaf inside of a value, too, with what escaping makes of it', () => {
    const path = 'p'.repeat(1_900);
    const at = (key: string) => () => checkValue({ a: { [key]: 1 }, b: 2 }, { path });
    // Behind the path come two slashes and the `a`.
    expect(at('k'.repeat(1_897))).not.toThrow();
    expect(at('k'.repeat(1_898))).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
    expect(at(`${'k'.repeat(1_895)}/`)).not.toThrow();
    expect(at(`${'k'.repeat(1_896)}/`)).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
    expect(at('/'.repeat(949))).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
    expect(at('～'.repeat(633))).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
    expect(at('～'.repeat(632))).not.toThrow();
    const below = (...keys: string[]) =>
      keys.reduceRight<unknown>((value, key) => ({ first: 0, [key]: value, last: 0 }), 1);
    for (const keys of [['k'.repeat(3_799)], ['k'.repeat(3_000), 'l'.repeat(798)], ['/'.repeat(1_900)]]) {
      expect(() => checkValue(below(...keys), { path: 'p' })).toThrow(
        expect.objectContaining({ detail: 'path_too_long' }),
      );
      expect(() => checkValue(below(...keys.map((key) => key.slice(1))), { path: 'p' })).not.toThrow();
    }
  });
});
