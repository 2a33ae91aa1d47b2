import { systemClock } from '../../../../src/clock.js';
import { ChunkPace } from '../../../../src/repository/commit/chunk-pace.js';
import { TestClock } from '../../../../src/testing/index.js';
import { HTTP_CAPABILITIES } from '../../../contract/rows/http-rows.js';

const setUp = (batchCheck = false) => {
  const clock = new TestClock();
  const pace = new ChunkPace(clock, { ...HTTP_CAPABILITIES, batchCheck });
  const write = (operations: number, ms: number): Promise<void> =>
    pace.measure(operations, () => clock.advance(ms));
  return { pace, write };
};

describe('the pace of chunks', () => {
  it('begins with full batches, and with a fifth of one on a server of version 0.1', () => {
    expect(setUp(true).pace.operations).toBe(1000);
    expect(setUp(false).pace.operations).toBe(200);
  });

  it('grows twofold at the most while chunks are quick, up to a full batch', async () => {
    const { pace, write } = setUp();
    const sizes: number[] = [];
    for (let i = 0; i < 4; i++) {
      await write(pace.operations, 0);
      sizes.push(pace.operations);
    }
    expect(sizes).toEqual([400, 800, 1000, 1000]);
  });

  it('shrinks to what takes a second, down to fifty', async () => {
    const { pace, write } = setUp(true);
    await write(1000, 2500);
    expect(pace.operations).toBe(400);
    await write(400, 4000);
    expect(pace.operations).toBe(100);
    await write(100, 4900);
    expect(pace.operations).toBe(50);
    await write(50, 500);
    expect(pace.operations).toBe(100);
    await write(900, 901);
    expect(pace.operations).toBe(200);
  });

  it('is a second to the millisecond', async () => {
    const { pace, write } = setUp(true);
    await write(900, 901);
    expect(pace.operations).toBe(998);
  });

  it('learns nothing from what took longer than a writer may, or was no batch', async () => {
    const { pace, write } = setUp(true);
    await write(1000, 60_000);
    await write(0, 4000);
    await write(1000, 5001);
    expect(pace.operations).toBe(1000);
    await write(1000, 5000);
    expect(pace.operations).toBe(200);
  });

  it('learns nothing while the time of day is set back', async () => {
    const clock = { ...systemClock, now: () => 0 };
    const pace = new ChunkPace(clock, { ...HTTP_CAPABILITIES, batchCheck: false });
    await pace.measure(200, () => Promise.resolve((clock.now = () => -1)));
    expect(pace.operations).toBe(200);
    await pace.measure(200, () => Promise.resolve());
    expect(pace.operations).toBe(400);
  });

  it('passes on what the write throws', async () => {
    const { pace } = setUp(true);
    await expect(pace.measure(10, () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(pace.operations).toBe(1000);
  });
});
