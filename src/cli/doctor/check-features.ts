import type { Finding } from './finding.js';
import { ok, warn } from './finding.js';
import type { ProbeOutcome, ServerProbe } from './server-probe.js';

interface Feature {
  /** Names it to the reader. */
  readonly name: string;
  /** What is done or lost without it. */
  readonly without: string;
  readonly probe: (probe: ServerProbe, store: string) => Promise<ProbeOutcome>;
}

/** What servers have learnt over time (PROTOCOL §3). */
const FEATURES: readonly Feature[] = [
  {
    name: 'HEAD of entries',
    without: 'exists() asks by a listing',
    probe: (probe, store) => probe.head(store),
  },
  {
    name: 'batch_write',
    without: 'writes of several leaves are not atomic, and ifMatch of whole records is refused',
    probe: (probe, store) => probe.emptyBatch(store),
  },
  {
    name: 'paths in the body',
    without: 'slugs "." and ".." and very long paths cannot be written',
    probe: (probe, store) => probe.pathlessWrite(store),
  },
  { name: 'files', without: 'openFile() fails', probe: (probe) => probe.file() },
];

/** Which routes the server has. A missing one is an older server: what it costs is said. */
export async function* checkFeatures(
  probe: ServerProbe,
  store: string,
): AsyncGenerator<Finding, void, undefined> {
  const present: string[] = [];
  for (const feature of FEATURES) {
    const { error } = await feature.probe(probe, store);
    if (error?.kind === 'not_implemented') {
      yield warn('features', `The server is older than ${feature.name}: ${feature.without}.`);
    } else if (error?.kind === 'rate_limited') {
      yield warn('features', error.message);
      return;
    } else {
      present.push(feature.name);
    }
  }
  if (present.length > 0) yield ok('features', `The server has ${present.join(', ')}.`);
}
