// The module in an application without Terminus, as CommonJS: Node loads the ECMAScript modules of Nest 12 by require.
import 'reflect-metadata';
import assert = require('node:assert/strict');
import core = require('@nestjs/core');
import nestjs = require('dust-orm/nestjs');

async function main(): Promise<void> {
  const module = nestjs.DustOrmModule.forRoot({ store: 'acme/reading', autoLoadEntities: true });
  const application = await core.NestFactory.createApplicationContext(module, { logger: false });
  const indicator = application.get(nestjs.DustHealthIndicator, { strict: false });
  await assert.rejects(indicator.pingCheck('dust'), { kind: 'invalid_options' });
  await application.close();
  console.log('Without Terminus, as CommonJS: ok');
}

void main();
