// The rows of the contract suite on a server that is already running: which way goes to which store.

/** The ways there. Over the channel, files can be stored; what HTTP reads of them is another test. */
const WAYS = [
  { way: 'http', called: 'HTTP' },
  { way: 'json', called: 'the JSON channel' },
  { way: 'messagepack', called: 'the MessagePack channel' },
];

/** Who of those that share a store stores the one file that a 0.1 server takes (PROTOCOL §8). */
const FILES_FIRST = ['json', 'messagepack', 'http'];

/**
 * A row for each way, each below a segment of its own that begins with `root`, and in a store of its own where there are
 * enough. `files` says how many files its tests may store.
 */
export function planRows({ url, stores, root }) {
  const rows = WAYS.map(({ way, called }, i) => ({
    way,
    name: `${called} of the server at ${url}`,
    store: stores[i % stores.length],
    root: `${root}-${way}`,
  }));
  return rows.map((row) => ({ ...row, files: filesOf(row, rows) }));
}

function filesOf({ way, store }, rows) {
  if (store.features.length > 0) return 'many';
  const sharing = rows.filter((row) => row.store === store).map((row) => row.way);
  const first = FILES_FIRST.find((candidate) => sharing.includes(candidate));
  return way === first && !store.holdsFile ? 'one' : 'none';
}

/** A line for each row: what will happen, before it does. */
export function describeRows(rows) {
  return rows.map(({ name, store, root, files }) => {
    const { features } = store;
    const announced =
      features.length === 0 ? 'it announces nothing beyond 0.1' : `it has ${features.join(', ')}`;
    const stored = {
      many: 'files are stored',
      one: 'one file is stored',
      none: store.holdsFile
        ? 'no file is stored: the store has had one'
        : 'no file is stored: another row stores it',
    }[files];
    return `  - ${name}: in ${store.name}, below ${root}; ${announced}; ${stored}`;
  });
}
