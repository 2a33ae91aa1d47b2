import { Link, Place } from './legacy.js';
// @ts-expect-error: it is plain JavaScript
import { run } from './suite.mjs';

await run('legacy decorators', { Link, Place });
