// One application on both HTTP servers: module, injection, write, read, events, live list, health, filter, shutdown.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DataSource } from 'dust-orm';
import { AppModule } from './app.module.mjs';
import { LinkListener } from './links.module.mjs';

const dust = { slug: 'dust', title: 'Dust', url: 'https://dustlayer.io' };

async function check(application: INestApplication): Promise<void> {
  await application.listen(0, '127.0.0.1');
  const url = await application.getUrl();
  const get = async (path: string) => {
    const response = await fetch(`${url}/${path}`);
    const body: any = await response.json();
    return { status: response.status, body };
  };
  const post = async (body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/links`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };

  const live = await fetch(`${url}/links/live`);
  assert.equal((await post(dust)).status, 201);
  assert.deepEqual(await get('links'), { status: 200, body: [dust] });
  assert.deepEqual(application.get(LinkListener, { strict: false }).heard, ['upserted dust']);

  assert.equal((await get('links/nobody')).status, 404);
  assert.equal((await post(dust)).status, 409);
  const invalid = await post({ ...dust, slug: 'other', title: '' });
  assert.equal(invalid.status, 400);
  assert.deepEqual(Object.keys(JSON.parse(invalid.text).fields), ['title']);

  const { status, body } = await get('health');
  assert.equal(status, 200);
  const { storeSeq, ...found } = body.info.dust;
  assert.deepEqual(found, { status: 'up', state: 'live', readsFrom: 'memory' });
  assert.ok(storeSeq > 0);

  const dataSource = application.get(DataSource);
  await application.close();
  assert.match(await live.text(), /data: \[\]\n.*data: \[\{"slug":"dust"/s);
  assert.equal(dataSource.isInitialized, false);
}

for (const adapter of [new ExpressAdapter(), new FastifyAdapter()]) {
  await check(await NestFactory.create(AppModule, adapter, { logger: false, abortOnError: false }));
  console.log(`Nest 12 on ${adapter.getType()}: ok`);
}
