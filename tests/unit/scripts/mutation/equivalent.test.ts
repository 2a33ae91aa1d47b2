import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EQUIVALENT } from '../../../../scripts/mutation/equivalent.js';

const root = join(__dirname, '../../../..');

describe('the list of equivalent mutants', () => {
  it.each(EQUIVALENT)('names what stands in the sources, and why: $file $within $original', (one) => {
    const text = readFileSync(join(root, one.file), 'utf8').replace(/\s+/g, ' ');
    expect(text).toContain(one.original);
    expect(text).toContain(one.within);
    expect(one.reason.length).toBeGreaterThan(20);
  });
});
