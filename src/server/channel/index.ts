export { ChannelSession } from './channel-session.js';
export type { ChannelSessionOptions } from './channel-session.js';
export type { Turns } from './turns.js';
export { PROMPT_TURNS } from './turns.js';
