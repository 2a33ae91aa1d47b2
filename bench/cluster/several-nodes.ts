import type { Row } from '../measure.js';
import { median, rateRow, ratioRow } from '../measure.js';
import { NodeProcess } from './node-process.js';
import type { Place } from './place.js';
import { ratioOf, takeTurns } from './turns.js';

const NODES = 3;
/** Together: three nodes have a third each. The last fill frames at three nodes, too. */
const WRITERS = [66, 999, 3_000];
const ROUNDS = 7;
/** Milliseconds. */
const TURN = 500;

interface Nodes {
  readonly one: readonly NodeProcess[];
  /** Of one store. */
  readonly three: readonly NodeProcess[];
  /** Each of a store of its own. */
  readonly apart: readonly NodeProcess[];
}

/** The same writers at one node, and at three: each is a process of its own, with its copy in memory, as all have one disk here. */
export async function severalNodesRows({ url }: Place): Promise<Row[]> {
  const all: NodeProcess[] = [];
  const begin = async (stores: readonly string[]): Promise<readonly NodeProcess[]> => {
    const nodes: NodeProcess[] = [];
    for (const store of stores) {
      const node = await NodeProcess.begin({ url, store });
      all.push(node);
      nodes.push(node);
    }
    return nodes;
  };
  try {
    const nodes = {
      one: await begin(['bench/one']),
      three: await begin(Array.from({ length: NODES }, () => 'bench/three')),
      apart: await begin(Array.from({ length: NODES }, (_, i) => `bench/apart-${i}`)),
    };
    const rows: Row[] = [];
    for (const writers of WRITERS) rows.push(...(await rowsOf(writers, nodes)));
    for (const group of [nodes.one, nodes.three]) {
      const acknowledged = group.reduce((sum, node) => sum + node.acknowledged, 0);
      for (const node of group) await node.assertCounted(acknowledged);
    }
    return rows;
  } finally {
    for (const node of all) await node.end();
  }
}

async function rowsOf(writers: number, { one, three, apart }: Nodes): Promise<Row[]> {
  const [ofOne, ofThree, ofApart] = await takeTurns<[number, number, number]>(ROUNDS, [
    () => together(one, writers),
    () => together(three, writers),
    () => together(apart, writers),
  ]);
  return [
    rateRow(`${writers.toLocaleString('en')} writers at one node`, median(ofOne)),
    rateRow('the same at three nodes, a third at each', median(ofThree)),
    ratioRow('  ÷ at one node', ratioOf(ofThree, ofOne), { atLeast: 0.9 }),
    ratioRow('  three nodes of three stores ÷ one node', ratioOf(ofApart, ofOne)),
  ];
}

/** Acknowledged a second by all. */
async function together(nodes: readonly NodeProcess[], writers: number): Promise<number> {
  const rates = await Promise.all(nodes.map((node) => node.increment(writers / nodes.length, TURN)));
  return rates.reduce((sum, rate) => sum + rate, 0);
}
