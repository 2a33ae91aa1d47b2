import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'dust-orm';
import { filter, firstValueFrom } from 'rxjs';
import { TcpProxy } from '../../tests/faults/tcp-proxy.js';
import { Link, linkNumber } from '../link.js';
import { whileServed } from '../load/served-store.js';
import type { Group, Row } from '../measure.js';
import { durationRow } from '../measure.js';
import { STORE, TOKEN, connect } from './connect.js';

const CUTS = 5;
/** Between two cuts, in milliseconds. */
const APART = 2000;
/** How long connections are refused, in milliseconds. */
const OUTAGE = 25_000;

const SECOND = 1e9;

/** How soon a client with default options is live again, in real time over real sockets. Waits are drawn at random: the worst is told. */
export const recovery: Group = {
  name: 'channel: recovery of `dust-orm serve` in memory behind a proxy that cuts',
  run() {
    return whileServed({ store: STORE, token: TOKEN }, async ({ url }) => {
      const proxy = await TcpProxy.open(Number(new URL(url).port));
      const dataSource = await connect(`http://127.0.0.1:${proxy.port}`, 'json');
      try {
        return await rowsOf(dataSource, proxy);
      } finally {
        await dataSource.destroy();
        await proxy.close();
      }
    });
  },
};

async function rowsOf(dataSource: DataSource, proxy: TcpProxy): Promise<Row[]> {
  const afterCuts: number[] = [];
  for (let cut = 0; cut < CUTS; cut++) {
    if (cut > 0) await setTimeout(APART);
    const down = lost(dataSource);
    proxy.cut();
    await down;
    afterCuts.push(await untilLive(dataSource));
  }
  const idle = await outage(dataSource, proxy);
  const links = dataSource.getRepository(Link);
  let write: Promise<unknown> = Promise.resolve();
  const busy = await outage(dataSource, proxy, () => {
    write = links.insert(linkNumber(1));
  });
  await write;
  return [
    durationRow(
      `live again after ${CUTS} cuts ${APART / 1000} s apart, the worst`,
      Math.max(...afterCuts),
      SECOND,
    ),
    durationRow(`live again after ${OUTAGE / 1000} s of refused connections`, idle, 3 * SECOND),
    durationRow(`the same, while a write waits`, busy, 3 * SECOND),
  ];
}

/** How long it takes from the end of an outage until the client is live, in nanoseconds. */
async function outage(dataSource: DataSource, proxy: TcpProxy, meanwhile?: () => void): Promise<number> {
  const down = lost(dataSource);
  proxy.refuse();
  proxy.cut();
  await down;
  meanwhile?.();
  await setTimeout(OUTAGE);
  proxy.refuse(false);
  return untilLive(dataSource);
}

function lost({ transport }: DataSource): Promise<unknown> {
  return firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'degraded')));
}

async function untilLive({ transport }: DataSource): Promise<number> {
  const started = process.hrtime.bigint();
  await firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'live')));
  return Number(process.hrtime.bigint() - started);
}
