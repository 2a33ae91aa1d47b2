import { resolve } from 'node:path';
import { IMITATED_FAULTS } from '../../src/server/imitation/faults.js';
import { namesIn, tableRows } from './tables.js';

it('docs/local-server.md describes every fault that is imitated once, and no other', () => {
  const rows = tableRows(resolve(__dirname, '../../docs/local-server.md'));
  const first = rows.findIndex(([cell]) => namesIn(cell).includes(IMITATED_FAULTS[0]!));
  const described = rows.slice(first).flatMap(([cell]) => namesIn(cell));
  expect(described.toSorted()).toEqual(IMITATED_FAULTS.toSorted());
});
