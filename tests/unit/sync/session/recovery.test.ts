import { createRecovery } from '../../../../src/sync/session/recovery.js';

it('lets writes out when the old session has ended behind the catch-up, and not before', async () => {
  const told: string[] = [];
  let end = (): void => undefined;
  const recovery = createRecovery({
    endOldSession: () => {
      told.push('end');
      return new Promise((resolve) => (end = resolve));
    },
    resumeWrites: () => void told.push('resume'),
  });
  recovery.onJoined();
  expect(told).toEqual([]);
  const recovered = recovery.onCaughtUp();
  await Promise.resolve();
  expect(told).toEqual(['end']);
  end();
  await recovered;
  expect(told).toEqual(['end', 'resume']);
});
