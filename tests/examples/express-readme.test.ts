import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createApp } from '../../examples/express-reading-list/src/app.js';
import { dataSourceOptions } from '../../examples/express-reading-list/src/data-source.js';
import type { TestDataSource } from '../../src/testing/index.js';
import { createTestDataSource } from '../../src/testing/index.js';
import { consoleSteps } from '../docs/transcripts/console-steps.js';
import { availableCurls } from '../docs/transcripts/curl.js';
import { withPlaceholders } from '../docs/transcripts/placeholders.js';
import { runSteps } from '../docs/transcripts/run-steps.js';

const readme = resolve(__dirname, '../../examples/express-reading-list/README.md');
const steps = consoleSteps(readFileSync(readme, 'utf8'));

describe('the transcript in the README of the Express example', () => {
  let dust: TestDataSource;
  let server: Server;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'express-readme-'));
    dust = await createTestDataSource(dataSourceOptions({}));
    server = createServer(createApp(dust)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await dust.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(availableCurls())('is what $name prints', async (curl) => {
    const actual = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const printed = await runSteps(steps, { curl, folder, shown: 'localhost:3000', actual });
    const compared = printed.map(({ command, output }, index) => ({
      command,
      output: withPlaceholders(output, steps[index]!.output),
    }));
    expect(steps.length).toBeGreaterThan(8);
    expect(compared).toEqual(steps);
  });
});
