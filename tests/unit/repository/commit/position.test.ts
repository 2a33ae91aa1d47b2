import { DustError } from '../../../../src/errors.js';
import { atPosition, explained, positionAmong } from '../../../../src/repository/commit/position.js';
import type { PreparedWrite } from '../../../../src/repository/prepare/prepared-write.js';

const WRITE = { slug: 'a' } as unknown as PreparedWrite;
const explaining = (position: number | undefined, explain = (error: unknown) => Promise.resolve(error)) =>
  ({ explain, position }) as unknown as PreparedWrite;

describe('a write at a position', () => {
  it('carries it; none where it is the only one, or where there is no write', async () => {
    expect(await atPosition(2, () => WRITE)).toEqual({ ...WRITE, position: 2 });
    expect(await atPosition(0, () => Promise.resolve(WRITE))).toEqual({ ...WRITE, position: 0 });
    expect(await atPosition(undefined, () => WRITE)).toBe(WRITE);
    expect(await atPosition(2, () => undefined)).toBeUndefined();
    expect([positionAmong(1, 0), positionAmong(2, 0), positionAmong(2, 1)]).toEqual([undefined, 0, 1]);
  });

  it.each(['conflict', 'exists', 'not_found', 'validation', 'invalid_value', 'invalid_params'] as const)(
    'that cannot be prepared is told by it: %s',
    async (kind) => {
      const error = new DustError(kind, 'no');
      await expect(atPosition(3, () => Promise.reject(error))).rejects.toBe(error);
      expect(error.opIndex).toBe(3);
    },
  );

  it.each([new DustError('network', 'no'), new DustError('closed', 'no'), new Error('no')])(
    'that fails for something else is not (%#)',
    async (error) => {
      await expect(
        atPosition(3, () => {
          throw error;
        }),
      ).rejects.toBe(error);
      expect(error).not.toHaveProperty('opIndex', 3);
    },
  );

  it('that is the only one is not told of by a position', async () => {
    const error = new DustError('conflict', 'no');
    await expect(atPosition(undefined, () => Promise.reject(error))).rejects.toBe(error);
    expect(error).not.toHaveProperty('opIndex');
  });
});

describe('what stopped a write that was sent', () => {
  it.each([
    ['The path is bad (operation 7 of the batch).', 'The path is bad.'],
    ['A number in operation 7 of the batch is none.', 'A number is none.'],
    ['It names none.', 'It names none.'],
  ])('says its position for who made it, and not where it was sent: %s', async (message, told) => {
    const error = new DustError('invalid_params', message, { opIndex: 7, path: 'a', detail: 'bad' });
    const said = await explained(explaining(2), error);
    expect(said).toMatchObject({
      kind: 'invalid_params',
      message: told,
      opIndex: 2,
      path: 'a',
      detail: 'bad',
      cause: error,
    });
    const alone = (await explained(explaining(undefined), error)) as DustError;
    expect([alone.message, alone.opIndex]).toEqual([told, undefined]);
  });

  it('is as it was explained, at the position', async () => {
    const explanation = new DustError('exists', 'it is there');
    const sent = new DustError('exists', 'no', { opIndex: 7 });
    const said = await explained(
      explaining(2, () => Promise.resolve(explanation)),
      sent,
    );
    expect(said).toBe(explanation);
    expect(explanation.opIndex).toBe(2);
  });

  it('is as it is where it says no position, or is no error of ours', async () => {
    for (const error of [new DustError('network', 'no'), new Error('no')]) {
      expect(await explained(explaining(2), error)).toBe(error);
      expect(error).not.toHaveProperty('opIndex', 2);
    }
  });
});
