import type { Subscriber } from 'rxjs';
import { Observable } from 'rxjs';
import { compileQuery } from '../../../../src/query/index.js';
import { SharedList } from '../../../../src/realtime/live/shared-list.js';
import type { Note } from '../support/notes.js';
import { setUpNotes } from '../support/notes.js';
import { settled } from '../support/recording-logger.js';

/** A list of notes that has not been read, and those who come to see it. */
function scene() {
  const { context, put, transport } = setUpNotes();
  const list = new SharedList(context, compileQuery(context.metadata, {}), undefined, (error) => {
    throw error;
  });
  /** Somebody who sees the list: what they have seen, and how it ended for them. */
  const join = () => {
    const seen: string[] = [];
    let left: Subscriber<Note[]> | undefined;
    new Observable<Note[]>((subscriber) => {
      left = subscriber;
      list.join(subscriber);
    }).subscribe({
      next: (notes) => seen.push(notes.map(({ slug }) => slug).join(' ')),
      error: (error) => seen.push(`error ${String(error)}`),
      complete: () => seen.push('complete'),
    });
    return { seen, leave: () => list.leave(left!) };
  };
  const read = async (): Promise<void> => {
    await list.load();
    list.show();
  };
  return { context, list, join, read, put, transport };
}

describe('a list that several see', () => {
  it('is seen when it is read, and a moment later by who joins then', async () => {
    const { join, read, put } = scene();
    put('a');
    const first = join();
    expect(first.seen).toEqual([]);
    await read();
    expect(first.seen).toEqual(['a']);
    const second = join();
    expect(second.seen).toEqual([]);
    await settled();
    expect([first.seen, second.seen]).toEqual([['a'], ['a']]);
  });

  it('is not seen by who joins and leaves in one turn', async () => {
    const { join, read, put } = scene();
    put('a');
    const first = join();
    await read();
    const second = join();
    expect([second.leave(), first.leave()]).toEqual([false, true]);
    await settled();
    expect(second.seen).toEqual([]);
  });

  it('is seen as it is read anew by who joined before that began', async () => {
    const { list, join, read, put } = scene();
    put('a');
    const first = join();
    await read();
    const second = join();
    put('b');
    const reading = list.loadAll([]);
    list.refresh();
    await settled();
    await reading;
    expect([first.seen, second.seen]).toEqual([['a'], []]);
    list.show();
    expect([first.seen, second.seen]).toEqual([['a', 'a b'], ['a b']]);
  });

  it('that looks the same when it is read anew is seen by those alone who have seen nothing', async () => {
    const { list, join, read, put } = scene();
    put('a');
    const first = join();
    await read();
    const reading = list.loadAll([]);
    const second = join();
    await reading;
    list.show();
    await settled();
    expect([first.seen, second.seen]).toEqual([['a'], ['a']]);
  });

  it('is not what is read once nobody wants it', async () => {
    const { list, join, context, put } = scene();
    put('a');
    let answer: () => void = () => undefined;
    const everyMatch = context.reader.everyMatch.bind(context.reader);
    const signals: (AbortSignal | undefined)[] = [];
    jest.spyOn(context.reader, 'everyMatch').mockImplementation(async (query) => {
      signals.push(query.signal);
      const matches = await everyMatch({ ...query, signal: undefined });
      await new Promise<void>((resolve) => (answer = resolve));
      return matches;
    });
    const { seen } = join();
    const reading = list.load();
    await settled();
    list.stop();
    answer();
    await reading;
    expect([signals.map((signal) => signal?.aborted), [...list.takeFound()], seen]).toEqual([[true], [], []]);
  });

  it.each([
    [{}, 'complete'],
    [{ error: 'lost' }, 'error lost'],
    [{ error: undefined }, 'error undefined'],
  ])('ends for all, and for who comes later, alike: %j', (ending, end) => {
    const { list, join } = scene();
    const all = [join(), join()];
    list.end(ending);
    expect(all.map(({ seen }) => seen)).toEqual([[end], [end]]);
    const late: string[] = [];
    new Observable<Note[]>((subscriber) => {
      list.endFor(subscriber);
    }).subscribe({
      error: (error) => late.push(`error ${String(error)}`),
      complete: () => late.push('complete'),
    });
    expect(late).toEqual([end]);
  });

  it('is told of to all who saw it when it changed, unless one who is told makes another leave', async () => {
    const { list, read, put } = scene();
    put('a');
    const seen: string[] = [];
    const subscribers: Subscriber<Note[]>[] = [];
    for (const name of ['one', 'other']) {
      new Observable<Note[]>((subscriber) => {
        subscribers.push(subscriber);
        list.join(subscriber);
      }).subscribe((notes) => {
        seen.push(`${name} ${notes.length}`);
        if (name === 'one') list.leave(subscribers[1]!);
      });
    }
    await read();
    expect(seen).toEqual(['one 1']);
  });
});
