import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CommittedOperation } from '../../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../../src/protocol/values/value.js';

/** An operation of the expectations: JSON knows no maps. */
export type WrittenOperation = Omit<CommittedOperation, 'leafTypes'> & {
  readonly leafTypes?: readonly (readonly [string, string])[];
};

/** What the folders held when a release of format 2 wrote them. */
export interface Expected {
  readonly storeSeq: number;
  readonly leafCount: number;
  readonly leaves: readonly Leaf[];
  readonly snapshot: { readonly seq: number; readonly entries: readonly Leaf[] };
  /** Behind the snapshot. */
  readonly operations: readonly WrittenOperation[];
  readonly log: readonly WrittenOperation[];
  readonly files: readonly {
    readonly hash: string;
    readonly content: string;
    readonly contentType: string;
    readonly filename: string;
  }[];
  readonly mirror: { readonly store: string; readonly prefixes: readonly string[]; readonly leafCount: number };
}

export const expected = JSON.parse(readFileSync(join(__dirname, 'expected.json'), 'utf8')) as Expected;

/** Makes a data folder of format 2 at `path`: a store, or a mirror of some of its prefixes. */
export function makeOldFolder(which: 'store' | 'mirror', path: string, format = 2): void {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'data.mdb'), gunzipSync(readFileSync(join(__dirname, `${which}.mdb.gz`))));
  writeFileSync(join(path, 'FORMAT'), `${format}\n`);
}

/** An operation as the expectations have it. */
export function written({ leafTypes, ...rest }: CommittedOperation): WrittenOperation {
  return leafTypes === undefined ? rest : { ...rest, leafTypes: [...leafTypes] };
}
