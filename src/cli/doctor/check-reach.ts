import type { Clock } from '../../clock.js';
import type { Finding } from './finding.js';
import { fail, ok, warn } from './finding.js';
import type { ProbeOutcome, ServerProbe } from './server-probe.js';

/** How far two clocks may be apart before somebody should know, in seconds: time stamps are made on both sides. */
const MAX_SKEW = 30;

/** Whether the server answers, is ready, and has about the same time as this machine. */
export async function* checkReach(
  probe: ServerProbe,
  url: string,
  clock: Clock,
): AsyncGenerator<Finding, boolean, undefined> {
  const health = await probe.health();
  if (health.answer === undefined) {
    yield fail('server', health.error?.message ?? `${url} does not answer.`);
    return false;
  }
  yield healthFinding(url, health);
  const readiness = await probe.readiness();
  if (readiness.answer?.status === 503) {
    yield warn(
      'server',
      'The server answers that it is not ready (503): its stores may not be usable yet. Look into its log.',
    );
  }
  const skew = skewSeconds(health, clock.now());
  if (skew !== undefined) yield skewFinding(skew);
  return true;
}

function healthFinding(url: string, { answer, error }: ProbeOutcome): Finding {
  // It says so, and is asked below whether it is ready.
  if (error === undefined || answer?.status === 503) return ok('server', `${url} answers.`);
  return warn(
    'server',
    `${url} answers, but not as a Dust server's /healthz does (${answer?.status ?? 'no status'}). Check that the url leads to ` +
      'a Dust server.',
  );
}

function skewSeconds({ answer }: ProbeOutcome, now: number): number | undefined {
  const date = Date.parse(answer?.headers.get('date') ?? '');
  return Number.isNaN(date) ? undefined : Math.round((date - now) / 1000);
}

function skewFinding(skew: number): Finding {
  if (Math.abs(skew) <= MAX_SKEW) return ok('clock', 'Server and machine have the same time.');
  const relation = skew > 0 ? 'ahead of' : 'behind';
  return warn(
    'clock',
    `The server's clock is ${Math.abs(skew)} s ${relation} this machine's. Set both by a time server (NTP): expiry and time stamps go by them.`,
  );
}
