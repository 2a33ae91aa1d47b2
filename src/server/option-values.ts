import type { OptionKind } from '../options/index.js';
import {
  DELAY,
  FOLDER,
  LIST,
  OBJECT,
  PORT,
  TEXT,
  TEXTS,
  checkOptionNames,
  checkOptionValues,
  orFalse,
  required,
  withMethods,
} from '../options/index.js';
import { checkClusterOptions } from '../cluster/index.js';
import { METRICS_OPTIONS } from './option-names.js';
import { IMITATED_FAULTS, VERSION, isImitable } from './imitation/faults.js';
import type { DustServerOptions, ListenOptions, ServeOptions } from './options.js';

const IMITATE: OptionKind = {
  expected: `'${VERSION}' or a list of ${[VERSION, ...IMITATED_FAULTS].join(', ')}`,
  fits: (value) => value === VERSION || (Array.isArray(value) && value.every(isImitable)),
};

const METRICS: OptionKind = {
  expected: 'true, false or an object with port, host',
  fits: (value) => typeof value === 'boolean' || OBJECT.fits(value),
};

const BEHAVIOUR = {
  tokens: LIST,
  rateLimits: orFalse(OBJECT),
  imitate: IMITATE,
  bounds: OBJECT,
  metrics: METRICS,
  drain: DELAY,
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
function checkMetrics({ metrics }: Pick<DustServerOptions, 'metrics'>): void {
  if (metrics === undefined || typeof metrics === 'boolean') return;
  checkOptionNames('metrics', metrics, METRICS_OPTIONS);
  checkOptionValues('metrics', metrics, LISTEN);
}

/** @throws DustError `invalid_options` */
export function checkServerValues(options: DustServerOptions): void {
  checkOptionValues('DustServer', options, {
    ...BEHAVIOUR,
    tokens: required(LIST),
    stores: required(STORES),
  });
  checkMetrics(options);
}

/** @throws DustError `invalid_options` */
export function checkListenValues(options: ListenOptions): void {
  checkOptionValues('listen', options, LISTEN);
}

/** @throws DustError `invalid_options` */
export function checkServeValues(options: ServeOptions): void {
  checkOptionValues('serve', options, { ...BEHAVIOUR, ...LISTEN, stores: TEXTS, data: FOLDER });
  checkMetrics(options);
  if (options.cluster !== undefined) checkClusterOptions('cluster', options.cluster);
}
