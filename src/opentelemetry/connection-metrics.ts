import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api';
import type { DustConnectionMessage } from '../diagnostics/index.js';
import { CONNECTION_CHANNEL } from '../diagnostics/index.js';
import { listen } from './listen.js';

/** The connections that lead to one store of one server. */
interface Target {
  readonly attributes: Attributes;
  /** Those that are not closed, and whether they are whole. */
  readonly connections: Map<string, boolean>;
}

/** What is known of channels to stores. A store of which all are closed stays: a reader of metrics keeps the last value that it was told. */
class Connections {
  readonly #targets = new Map<string, Target>();

  note({ store, origin, connection, state }: DustConnectionMessage): Attributes {
    const { attributes, connections } = this.#targetOf(store, origin);
    if (state === 'closed') connections.delete(connection);
    else connections.set(connection, state === 'live' || state === 'repairing');
    return attributes;
  }

  observe(result: ObservableResult): void {
    for (const { attributes, connections } of this.#targets.values()) {
      const whole = connections.size > 0 && [...connections.values()].every(Boolean);
      result.observe(whole ? 1 : 0, attributes);
    }
  }

  #targetOf(store: string, origin: string | undefined): Target {
    const key = `${store} ${origin ?? ''}`;
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    const made = {
      attributes: { 'db.namespace': store, ...(origin !== undefined && serverAttributes(origin)) },
      connections: new Map<string, boolean>(),
    };
    this.#targets.set(key, made);
    return made;
  }
}

/** Counts how channels to stores fare. Returns what ends that. */
export function measureConnections(meter: Meter): () => void {
  const known = new Connections();
  const live = meter.createObservableGauge('dust.client.connection.live', {
    description:
      '1 while all channels to a store of a server are whole, or fill a hole; else 0, when they are closed, too.',
  });
  const observe = (result: ObservableResult): void => {
    known.observe(result);
  };
  live.addCallback(observe);
  const changes = meter.createCounter('dust.client.connection.changes', {
    description: 'How often the channel to a store came into each state.',
  });
  const end = listen(CONNECTION_CHANNEL, (message: DustConnectionMessage) => {
    changes.add(1, { ...known.note(message), 'dust.connection.state': message.state });
  });
  return () => {
    live.removeCallback(observe);
    end();
  };
}

/** Where a server is, as the conventions have it. */
function serverAttributes(origin: string): Attributes {
  const { hostname, port, protocol } = new URL(origin);
  const usual = protocol === 'https:' ? 443 : 80;
  return { 'server.address': hostname, 'server.port': port === '' ? usual : Number(port) };
}
