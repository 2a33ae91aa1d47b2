import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  // SIGTERM ends live streams, lets requests end, and closes the store.
  app.enableShutdownHooks();
  await app.listen(process.env.PORT ?? 3000);
  const { port } = app.getHttpServer().address() as AddressInfo;
  console.log(`The reading list is at http://localhost:${port}`);
}

void main();
