import { Link, Place } from './standard.js';
// @ts-expect-error: it is plain JavaScript
import { run } from './suite.mjs';

await run('standard decorators', { Link, Place });
