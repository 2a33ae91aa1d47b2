/** The NestJS module of dust-orm. */
export {};
