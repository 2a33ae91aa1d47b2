import { getEventListeners } from 'node:events';
import { Cutoff } from '../../../../../src/transport/http/client/cutoff.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the end of a request from this side', () => {
  it.each<[string, (controller: AbortController) => Cutoff]>([
    [
      'before it began',
      (controller) => {
        controller.abort();
        return new Cutoff(controller.signal);
      },
    ],
    [
      'while it is under way',
      (controller) => {
        const cutoff = new Cutoff(controller.signal);
        controller.abort();
        return cutoff;
      },
    ],
  ])('is asked for by the signal of the caller %s', (_, aborted) => {
    const cutoff = aborted(new AbortController());
    expect(cutoff.signal.aborted).toBe(true);
    expect(cutoff.reason).toBe('aborted');
  });

  it('has the first reason that comes', () => {
    const cutoff = new Cutoff(undefined);
    cutoff.end('closed');
    cutoff.end('aborted');
    expect(cutoff.reason).toBe('closed');
  });

  it('is set for one time, the last that was said, and for none once it came or the request is over', () => {
    const cutoff = new Cutoff(undefined);
    cutoff.endIn(60_000, 'connect_timeout');
    cutoff.endIn(70_000, 'response_timeout');
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(69_999);
    expect(cutoff.reason).toBeUndefined();
    cutoff.end('closed');
    expect(jest.getTimerCount()).toBe(0);
    cutoff.endIn(60_000, 'response_timeout');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('comes when the time is up, unless the request is over', () => {
    const late = new Cutoff(undefined);
    late.endIn(60_000, 'connect_timeout');
    jest.advanceTimersByTime(60_000);
    expect([late.reason, late.signal.aborted]).toEqual(['connect_timeout', true]);

    const over = new Cutoff(undefined);
    over.endIn(60_000, 'connect_timeout');
    over.release();
    over.endIn(60_000, 'connect_timeout');
    expect(jest.getTimerCount()).toBe(0);
    expect(over.signal.aborted).toBe(false);
  });

  it('is no longer asked for by a signal when the request is over', () => {
    const caller = new AbortController();
    const cutoff = new Cutoff(caller.signal);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(1);
    cutoff.release();
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });
});
