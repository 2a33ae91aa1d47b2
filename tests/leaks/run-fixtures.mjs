// Runs the fixtures with the project's own configuration, and writes what became of each as JSON.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';
import config from '../../jest.config.mjs';

const rootDir = fileURLToPath(new URL('../..', import.meta.url));
const [project] = config.projects;
const fixtures = {
  ...project,
  rootDir,
  testMatch: ['<rootDir>/tests/leaks/fixtures/*.leak.ts'],
  testEnvironmentOptions: { patience: 100 },
};
const options = {
  config: JSON.stringify(fixtures),
  silent: true,
  reporters: [],
  maxWorkers: 1,
  forceExit: true,
};
const { results } = await runCLI(options, [rootDir]);
const said = results.testResults.map(({ testFilePath, numPassingTests, testExecError }) => ({
  file: basename(testFilePath, '.leak.ts'),
  numPassingTests,
  failure: testExecError?.stack ?? '',
}));
process.stdout.write(JSON.stringify(said), () => process.exit());
