/** How a stream is kept, as JetStream says it. */
export interface StreamConfig {
  readonly name: string;
  readonly subjects?: readonly string[];
  readonly retention?: string;
  readonly discard?: string;
  readonly max_msgs?: number;
  readonly max_bytes?: number;
  /** In nanoseconds. */
  readonly max_age?: number;
  readonly max_msgs_per_subject?: number;
  readonly mirror?: object;
  readonly sources?: readonly object[];
  readonly sealed?: boolean;
}

/**
 * A stream that loses nothing by itself: on files, without limits; what no longer fits is refused, and single messages cannot be removed.
 * Answers come from its leader (`allow_direct`): a copy that is behind would tell of a shorter log.
 */
export function streamConfig(name: string, subjects: string, replicas: number): StreamConfig {
  const config = {
    name,
    subjects: [subjects],
    num_replicas: replicas,
    storage: 'file',
    retention: 'limits',
    discard: 'new',
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    max_consumers: -1,
    allow_direct: false,
    deny_delete: true,
    deny_purge: false,
  };
  return config;
}

/** Why a stream that somebody made cannot be used; undefined when it can. */
export function whyUnfit(config: StreamConfig, subjects: string): string | undefined {
  const { max_msgs = -1, max_bytes = -1, max_age = 0, max_msgs_per_subject = -1, sources = [] } = config;
  const isLimited = max_msgs > 0 || max_bytes > 0;
  const faults: readonly (readonly [isThere: boolean, why: string])[] = [
    [config.subjects?.length !== 1 || config.subjects[0] !== subjects, `its subject is not ${subjects}`],
    [config.mirror !== undefined || sources.length > 0, 'it copies another stream'],
    [config.sealed === true, 'it is sealed'],
    [config.retention !== 'limits', 'its retention is not limits'],
    [max_age > 0, 'it drops what is old (max_age)'],
    [max_msgs_per_subject > 0, 'it drops what is old (max_msgs_per_subject)'],
    [isLimited && config.discard !== 'new', 'it drops what is old when it is full (discard)'],
  ];
  return faults.find(([isThere]) => isThere)?.[1];
}
