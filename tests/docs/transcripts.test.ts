import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../src/clock.js';
import { silentLogger } from '../../src/logging.js';
import type { RunningServer } from '../../src/server/options.js';
import { serve } from '../../src/server/serve.js';
import { consoleSteps } from './transcripts/console-steps.js';
import { availableCurls } from './transcripts/curl.js';
import { withPlaceholders } from './transcripts/placeholders.js';
import { runSteps } from './transcripts/run-steps.js';

/** Its commands install packages: scripts/check-getting-started.mjs runs them. */
const WALKTHROUGH = 'getting-started.md';

const docs = resolve(__dirname, '../../docs');
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md') && name !== WALKTHROUGH)
  .map((name) => ({ name, steps: consoleSteps(readFileSync(join(docs, name), 'utf8')) }))
  .filter(({ steps }) => steps.length > 0);

/** What the pages say is being served. */
const SHOWN = '127.0.0.1:7755';
const STORE = 'acme/notes';
const FULL = 'dust_tok_local_4f1d0c7a9b2e';
const READ_ONLY = 'dust_tok_reader_8c3b6e5d1a90';

it('there are transcripts', () => {
  expect(pages.map(({ name }) => name)).toContain('local-server.md');
});

describe.each(pages)('the transcripts of $name', ({ steps }) => {
  let server: RunningServer;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dust-orm-transcripts-'));
    server = await serve({
      port: 0,
      stores: [STORE],
      tokens: [
        { token: FULL, name: 'local' },
        { token: READ_ONLY, name: 'reader', scopes: ['entries:read', 'files:read'] },
      ],
      // Time stands still, so that a slow machine stays within the same minute's rate limit.
      rateLimits: {},
      clock: { ...systemClock, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) },
      logger: silentLogger,
    });
  });

  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(availableCurls())('are what $name prints', async (curl) => {
    const printed = await runSteps(steps, { curl, folder, shown: SHOWN, actual: new URL(server.url).host });
    const compared = printed.map(({ command, output }, i) => ({
      command,
      output: withPlaceholders(output, steps[i]!.output),
    }));
    expect(compared).toEqual(steps);
  });
});
