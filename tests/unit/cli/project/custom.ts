import { EmbeddedTransport } from 'dust-orm';

export const options = { transport: () => new EmbeddedTransport(), entities: [] };
