import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder for each test of the calling file, removed after it, whatever path the test goes on with. */
export function useDataFolder(): { path: string } {
  const folder = { path: '' };
  let made = '';
  beforeEach(() => {
    made = mkdtempSync(join(tmpdir(), 'dust-orm-test-'));
    folder.path = made;
  });
  afterEach(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return folder;
}
