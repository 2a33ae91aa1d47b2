import type { Target } from '../engine/target.js';
import { cliTarget } from './cli.js';
import { clientFramesTarget } from './client-frames.js';
import { criteriaTarget } from './criteria.js';
import { dumpsTarget } from './dumps.js';
import { filesTarget } from './files.js';
import { httpTarget } from './http.js';
import { messagePackTarget } from './message-pack.js';
import { optionsTarget } from './options.js';
import { pathsTarget } from './paths.js';
import { patternsTarget } from './patterns.js';
import { serverFramesTarget } from './server-frames.js';
import { valuesTarget } from './values.js';

/** All that are attacked in this process. Damaged data files need another one: `dataFileTarget`. */
export const TARGETS: readonly Target[] = [
  pathsTarget(),
  patternsTarget(),
  messagePackTarget(),
  dumpsTarget(),
  optionsTarget(),
  criteriaTarget(),
  valuesTarget(),
  serverFramesTarget(),
  clientFramesTarget(),
  httpTarget('memory'),
  httpTarget('lmdb'),
  filesTarget(),
  cliTarget(),
];
