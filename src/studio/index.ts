export type { Studio, StudioOptions } from './open-studio.js';
export { openStudio } from './open-studio.js';
export type { Surroundings } from './api/source.js';
