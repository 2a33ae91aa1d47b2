import { FEATURES } from '../../src/protocol/wire/features.js';

/**
 * What our server says beyond a recorded one where it imitates none: the one place that lists it. Each takes its part out of
 * an answer or a payload, so that the rest can be compared, and is undefined where there is nothing of the kind.
 */
const ADDITIONS: readonly ((body: Readonly<Record<string, unknown>>) => object | undefined)[] = [
  // The answer to /healthz, and the reply to a join.
  ({ features, ...rest }) => {
    if (features === undefined) return undefined;
    expect(features).toEqual(FEATURES);
    return rest;
  },
  // Events, and the answer to a batch.
  ({ commit, ...rest }) => {
    if (commit === undefined) return undefined;
    const { store_seq: seq } = rest;
    expect(commit).toEqual({ first: expect.any(Number), last: expect.any(Number) });
    const { first, last } = commit as { first: number; last: number };
    expect(first < last && first <= Number(seq) && Number(seq) <= last).toBe(true);
    return rest;
  },
];

/** An answer, or the payload of a frame, without what no recorded server says. */
export function withoutAdditions(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  let rest: object = body;
  for (const addition of ADDITIONS) rest = addition({ ...rest }) ?? rest;
  const { response } = rest as { response?: unknown };
  return response === undefined ? rest : { ...rest, response: withoutAdditions(response) };
}
