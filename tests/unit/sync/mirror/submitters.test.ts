import { DustError } from '../../../../src/errors.js';
import { Submitters } from '../../../../src/sync/mirror/submitters.js';

const restored = new DustError('network', 'the store moved backwards');

describe('those who have submitted operations', () => {
  it('wait until they are told, once', () => {
    const submitters = new Submitters();
    const reject = jest.fn();
    const end = submitters.add(3, reject);
    expect(submitters.size).toBe(1);
    expect([end(), end()]).toEqual([true, false]);
    expect(submitters.size).toBe(0);
    submitters.rejectBeyond(0, restored);
    expect(reject).not.toHaveBeenCalled();
  });

  it('are rejected where what they wait for will never come', () => {
    const submitters = new Submitters();
    const [kept, lost] = [jest.fn(), jest.fn()];
    submitters.add(3, kept);
    const end = submitters.add(4, lost);
    submitters.rejectBeyond(3, restored);
    expect([kept.mock.calls, lost.mock.calls]).toEqual([[], [[restored]]]);
    expect(end()).toBe(false);
    expect(submitters.size).toBe(1);
  });
});
