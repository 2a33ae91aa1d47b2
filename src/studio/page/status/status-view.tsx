import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { StatusInfo } from '../../api/messages.js';
import { formatBytes, formatDate, formatNumber } from '../table/format-value.js';
import { Failed, Loading } from '../ui/states.js';
import { api } from '../wire/client.js';

/** What runs around the store is asked for this often, in milliseconds. */
const ASK_EVERY = 3_000;

/** Leases, connections, members and figures of the store. */
export function StatusView() {
  const [status, setStatus] = useState<StatusInfo>();
  const [failure, setFailure] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      try {
        setStatus(await api.status(controller.signal));
        setFailure(undefined);
      } catch (error) {
        if (!controller.signal.aborted) setFailure(error);
      }
      if (!controller.signal.aborted) timer = setTimeout(() => void read(), ASK_EVERY);
    };
    void read();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [attempt]);
  return (
    <section class="page" aria-label="Status">
      <h1>Status</h1>
      {failure !== undefined && (
        <Failed
          error={failure}
          retry={() => {
            setAttempt(attempt + 1);
          }}
        />
      )}
      {status ? <Tables status={status} /> : failure === undefined && <Loading what="the status" />}
    </section>
  );
}

function Tables({ status }: { status: StatusInfo }) {
  const { state, readsFrom, storeSeq, figures, leases, connections, members } = status;
  return (
    <>
      <dl class="figures">
        <Figure name="State">{state}</Figure>
        <Figure name="Reads from">{readsFrom}</Figure>
        <Figure name="Last operation">{formatNumber(storeSeq)}</Figure>
        {figures.map(({ name, value, unit }) => (
          <Figure key={name} name={name}>
            {unit === 'B' ? formatBytes(value) : `${formatNumber(value)}${unit ? ` ${unit}` : ''}`}
          </Figure>
        ))}
      </dl>
      <Listing
        title="Members of the cluster"
        none="This store is no node of a cluster."
        heads={['Name', 'Level', 'Place in the log', 'Last word']}
        rows={members.map(({ name, isSelf, level, position, heardAt }) => [
          isSelf ? `${name} (this one)` : name,
          level,
          formatNumber(position),
          <Moment key={name} iso={heardAt} />,
        ])}
      />
      <Listing
        title="Leases"
        none="No lease is held."
        heads={['Key', 'Holder', 'Until']}
        rows={leases.map(({ key, holder, expiresAt }) => [
          key,
          holder ?? '',
          <Moment key={key} iso={expiresAt} />,
        ])}
      />
      <Listing
        title="Connections"
        none="No client is connected through this process."
        heads={['Store', 'Device', 'Since']}
        rows={connections.map(({ store, device, since }) => [
          store,
          device,
          <Moment key={device} iso={since} />,
        ])}
      />
    </>
  );
}

function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Moment({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={iso}>
      {formatDate(iso) ?? iso}
    </time>
  );
}

interface ListingProps {
  readonly title: string;
  readonly none: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

function Listing({ title, none, heads, rows }: ListingProps) {
  return (
    <section class="listing">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="faint">{none}</p>
      ) : (
        <div class="scrolls" role="region" aria-label={title} tabIndex={0}>
          <table class="plain-table">
            <thead>
              <tr>
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, i) => (
                <tr key={i}>
                  {cells.map((cell, j) => (
                    <td key={j}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
