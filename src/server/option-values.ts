import type { OptionKind } from '../options/index.js';
import {
  FOLDER,
  LIST,
  OBJECT,
  PORT,
  TEXT,
  TEXTS,
  checkOptionValues,
  orFalse,
  required,
  withMethods,
} from '../options/index.js';
import { checkClusterOptions } from '../cluster/index.js';
import { IMITATED_FAULTS, VERSION, isImitable } from './imitation/faults.js';
import type { DustServerOptions, ListenOptions, ServeOptions } from './options.js';

const IMITATE: OptionKind = {
  expected: `'${VERSION}' or a list of ${[VERSION, ...IMITATED_FAULTS].join(', ')}`,
  fits: (value) => value === VERSION || (Array.isArray(value) && value.every(isImitable)),
};

const BEHAVIOUR = {
  tokens: LIST,
  rateLimits: orFalse(OBJECT),
  imitate: IMITATE,
  bounds: OBJECT,
  clock: withMethods('now', 'schedule'),
  logger: withMethods('debug', 'info', 'warn', 'error'),
};

const LISTEN = { port: PORT, host: TEXT };

const STORE = withMethods('write', 'writeBatch', 'watch', 'close');

/** The stores of a server are asked by their methods, so that another copy of the package may have made them. */
const STORES: OptionKind = {
  expected: "an object of stores by name, { 'org/name': await openStore() }",
  fits: (value) => OBJECT.fits(value) && Object.values(value as object).every((store) => STORE.fits(store)),
};

/** @throws DustError `invalid_options` */
export function checkServerValues(options: DustServerOptions): void {
  checkOptionValues('DustServer', options, {
    ...BEHAVIOUR,
    tokens: required(LIST),
    stores: required(STORES),
  });
}

/** @throws DustError `invalid_options` */
export function checkListenValues(options: ListenOptions): void {
  checkOptionValues('listen', options, LISTEN);
}

/** @throws DustError `invalid_options` */
export function checkServeValues(options: ServeOptions): void {
  checkOptionValues('serve', options, { ...BEHAVIOUR, ...LISTEN, stores: TEXTS, data: FOLDER });
  if (options.cluster !== undefined) checkClusterOptions('cluster', options.cluster);
}
