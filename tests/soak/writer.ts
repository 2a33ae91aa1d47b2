import type { DataSource, Repository } from 'dust-orm';
import { isDustError } from 'dust-orm';
import type { Gate } from './gate.js';
import type { Content, Model } from './model.js';
import { Soaked } from './soaked.js';

/** Records of one writer: few, so that each is written again and again. */
const RECORDS = 20;

/** Milliseconds after which an idle client of an interrupted server tries again. */
const PAUSE = 50;

type Change = (content: Content | null) => Content | null;

/** What the writers of one data source have done. */
export interface Tally {
  writes: number;
  failures: number;
  readonly broken: string[];
}

/** Where a writer works, and how. */
export interface WriterParts {
  readonly dataSource: DataSource;
  readonly name: string;
  readonly model: Model;
  readonly tally: Tally;
  readonly gate: Gate;
  readonly random: (below: number) => number;
  readonly isOver: () => boolean;
}

/** Writes one operation after another to records of its own, until it is over, and notes what was acknowledged. */
export async function write(parts: WriterParts): Promise<void> {
  const { gate, isOver } = parts;
  try {
    while (!isOver()) {
      await gate.pass();
      await oneWrite(parts);
    }
  } finally {
    gate.leave();
  }
}

async function oneWrite({ dataSource, name, model, tally, random }: WriterParts): Promise<void> {
  const records = dataSource.getRepository(Soaked);
  const id = `${name}-${random(RECORDS)}`;
  // What is in doubt is looked at first: counting on needs a number to count from.
  if (model.at(id).length > 1) return settle(records, id, model, tally);
  const text = 'x'.repeat(random(400));
  const isThere = model.at(id)[0] !== null;
  const [run, change] = isThere ? changeOf(random(10), records, id, text) : insertion(records, id, text);
  try {
    await run();
    tally.writes += 1;
    model.acknowledge(id, change);
  } catch (error) {
    tally.failures += 1;
    if (!isDustError(error)) tally.broken.push(`${name}: threw what is no DustError: ${String(error)}`);
    model.doubt(id, change);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  if (random(5000) === 0) await leased(dataSource, name);
}

function insertion(records: Repository<Soaked>, id: string, text: string): [() => Promise<unknown>, Change] {
  return [() => records.insert({ id, text, count: 0 }), () => ({ text, count: 0 })];
}

function changeOf(
  choice: number,
  records: Repository<Soaked>,
  id: string,
  text: string,
): [() => Promise<unknown>, Change] {
  switch (choice) {
    case 0:
      return [() => records.delete(id), () => null];
    case 1:
    case 2:
    case 3:
      return [() => records.increment(id, 'count', 1), (old) => old && { ...old, count: old.count + 1 }];
    case 4:
      return [() => records.addTo(id, 'marks', text.slice(0, 3)), (old) => old];
    case 5:
      return [() => records.removeFrom(id, 'marks', text.slice(0, 3)), (old) => old];
    case 6:
    case 7:
      return [() => records.save({ id, text }), (old) => old && { ...old, text }];
    default:
      return [() => records.update(id, { text }), (old) => old && { ...old, text }];
  }
}

async function settle(records: Repository<Soaked>, id: string, model: Model, tally: Tally): Promise<void> {
  try {
    const found = await records.findOneBy({ id });
    const content = found && { text: found.text, count: found.count ?? 0 };
    const candidates = JSON.stringify(model.at(id));
    if (!model.settle(id, content)) {
      tally.broken.push(`${id}: may be ${candidates}, and is ${JSON.stringify(content)}`);
    }
  } catch (error) {
    if (!isDustError(error)) tally.broken.push(`a read threw what is no DustError: ${String(error)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function leased(dataSource: DataSource, name: string): Promise<void> {
  try {
    const lease = await dataSource.manager.lease(`jobs/${name}`, { ttl: 5000 });
    await lease.release();
  } catch (error) {
    if (!isDustError(error)) throw error;
  }
}
