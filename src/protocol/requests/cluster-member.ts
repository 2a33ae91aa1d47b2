/** A node of a cluster that has made itself known to the others. Nodes do so when they begin, and every 30 seconds. */
export interface ClusterMember {
  /** As the option `name` of the cluster says. */
  readonly name: string;
  /** Whether it is the node that was asked. */
  readonly isSelf: boolean;
  /** The greatest level of the log that it understands. */
  readonly level: number;
  /** The last frame of the log that it had applied when it made itself known. */
  readonly position: number;
  /** When the log took in that it did, in milliseconds since the Unix epoch. */
  readonly heardAt: number;
}
