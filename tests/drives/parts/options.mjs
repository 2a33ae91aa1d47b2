import { parseArgs } from 'node:util';

/** Whole numbers given to a drive as `--name n`, each with a default: `numbers({ rounds: 50, seed: 1 })`. */
export function numbers(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => {
      const given = values[name] === undefined ? value : Number(values[name]);
      if (!Number.isSafeInteger(given) || given < 0) throw new Error(`--${name} takes a whole number`);
      return [name, given];
    }),
  );
}
