// The module in an application without Terminus, as ECMAScript modules.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { isDustError } from 'dust-orm';
import { DustHealthIndicator, DustOrmModule } from 'dust-orm/nestjs';

@Module({ imports: [DustOrmModule.forRoot({ store: 'acme/reading', autoLoadEntities: true })] })
class AppModule {}

const application = await NestFactory.createApplicationContext(AppModule, { logger: false });
const error: unknown = await application
  .get(DustHealthIndicator, { strict: false })
  .pingCheck('dust')
  .catch((reason: unknown) => reason);
assert(isDustError(error, 'invalid_options'), 'a health check needs Terminus');
assert.match(error.message, /npm install @nestjs\/terminus/);
await application.close();
console.log('Without Terminus, as ESM: ok');
