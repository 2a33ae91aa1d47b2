/**
 * Spans and metrics of data sources for OpenTelemetry.
 *
 * @module dust-orm/opentelemetry
 */
export type { InstrumentDustOptions } from './instrument-dust.js';
export { instrumentDust } from './instrument-dust.js';
