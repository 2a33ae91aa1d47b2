import { Link, Place } from './defined.mjs';
import { run } from './suite.mjs';

const runtime = globalThis.Bun === undefined ? `Node ${process.version}` : `Bun ${globalThis.Bun.version}`;
await run(`defineEntity, ${process.argv[2] ?? runtime}`, { Link, Place });
