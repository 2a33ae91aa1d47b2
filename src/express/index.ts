/**
 * Handlers for Express 4 and 5: errors as HTTP statuses, streams of live lists and of events, health, and an end in order.
 *
 * @module dust-orm/express
 */
export type { CloseGracefullyOptions } from './close-gracefully.js';
export { closeGracefully } from './close-gracefully.js';
export type { DustErrorHandlerOptions } from './error-handler.js';
export { dustErrorHandler } from './error-handler.js';
export type { EventsRouteOptions } from './events-route.js';
export { eventsRoute } from './events-route.js';
export type { ErrorHandler, Next, RouteHandler } from './handlers.js';
export type { HealthRoute, HealthRouteOptions } from './health-route.js';
export { healthRoute } from './health-route.js';
export type { LiveListRouteOptions, LiveListSource } from './live-list-route.js';
export { liveListRoute } from './live-list-route.js';
export type { StreamRoute, StreamRouteOptions } from './streams.js';
