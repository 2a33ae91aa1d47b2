import { Link, Place } from './defined.mjs';
import { run } from './suite.mjs';

await run('defineEntity', { Link, Place });
