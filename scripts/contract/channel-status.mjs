// What the channel of a store tells of it (PROTOCOL §4). Below everything of ours: a look at the server before the suite.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';

const PATIENCE = 30_000;

/** The references of the two messages that are sent. */
const [JOIN, STATUS] = ['1', '2'];

/**
 * Joins behind `seq`, so that there is little to catch up on, and asks for the status.
 *
 * Rejects, in plain words, when the channel cannot be reached, refuses the join or the status, or says nothing for 30 s.
 */
export function channelStatus({ url, token, store, seq }) {
  const socketUrl = new URL(`${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws/sync/websocket`);
  const query = { token, device_id: randomUUID(), capver: '3', vsn: '2.0.0' };
  socketUrl.search = new URLSearchParams(query).toString();
  const topic = `store:${store}`;
  const socket = new WebSocket(socketUrl, { handshakeTimeout: PATIENCE });
  const answered = new Promise((resolve, reject) => {
    const fail = (reason) => reject(new Error(`The channel of ${store} at ${url} ${reason}.`));
    socket.on('open', () => socket.send(frame(JOIN, topic, 'phx_join', { last_store_seq: seq })));
    socket.on('message', (data) => {
      const [, ref, , event, payload] = JSON.parse(data.toString());
      if (event === 'phx_error') fail('ended when it was joined');
      if (event !== 'phx_reply') return;
      const { status, response } = payload;
      if (status !== 'ok') fail(`answered: ${response?.reason ?? status}`);
      else if (ref === JOIN) socket.send(frame(STATUS, topic, 'status', {}));
      else if (ref === STATUS) resolve(response);
    });
    socket.on('error', (error) => fail(`cannot be reached: ${error.code ?? error.message}`));
    socket.on('close', () => fail('closed before it answered'));
  });
  return within(PATIENCE, answered, store).finally(() => {
    socket.terminate();
  });
}

const frame = (ref, topic, event, payload) => JSON.stringify([JOIN, ref, topic, event, payload]);

function within(ms, work, store) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The channel of ${store} said nothing for ${ms / 1000} s.`)),
      ms,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
