export const inMemory = {};
export const durable = { path: './data' };
