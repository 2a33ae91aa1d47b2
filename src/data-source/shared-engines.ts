import { EngineRegistry } from '../transport/channel/index.js';

/**
 * The sync engines of this process. Data sources know nothing of each other, so what they share cannot be handed to them:
 * this is the one place for it (DESIGN §3 "Transport choice").
 */
export const sharedEngines = new EngineRegistry();
