// Does what docs/getting-started.md says (scripts/walk-page.mjs).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { inScratchFolder, pack, root } from './scratch-project.mjs';
import { walkPage } from './walk-page.mjs';

const { pageSteps } = await createJiti(import.meta.url).import('../tests/docs/walkthrough/page-steps.ts');
const steps = pageSteps(readFileSync(join(root, 'docs/getting-started.md'), 'utf8'));

try {
  await inScratchFolder((scratch) => walkPage(steps, { scratch, tarball: pack(scratch), most: 600 }));
  console.log(`\n${steps.length} steps of docs/getting-started.md did what the page says.`);
} catch (error) {
  console.error(`\ndocs/getting-started.md: ${error.message}`);
  process.exitCode = 1;
}
