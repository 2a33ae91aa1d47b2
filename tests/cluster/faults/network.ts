import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import type { Launch, Machine } from '../parts/machine.js';
import { nobody } from '../parts/machine.js';
import type { Way } from './enter.js';

const run = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8' });
const ip = (...args: readonly string[]): string => run('ip', ...args);

/** Everything the drive's machines have addresses in. */
export const ADDRESSES = '10.77.0.0/16';

/** Machines with an address each, in network namespaces, and this process as the router between them. */
export class Network {
  readonly #way: Way;
  readonly #cuts = new Set<string>();
  #machines = 0;

  /** To be made once, within a network, mount and process namespace of the drive's own. */
  constructor(way: Way) {
    this.#way = way;
    // Where `ip` keeps the names of namespaces.
    this.disk('/run', '16m');
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    ip('link', 'set', 'lo', 'up');
  }

  machine(name: string): NamespaceMachine {
    const net = `10.77.${++this.#machines}`;
    ip('netns', 'add', name);
    ip('link', 'add', `to-${name}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('addr', 'add', `${net}.1/24`, 'dev', `to-${name}`);
    ip('link', 'set', `to-${name}`, 'up');
    ip('-n', name, 'addr', 'add', `${net}.2/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'set', 'lo', 'up');
    ip('-n', name, 'route', 'add', 'default', 'via', `${net}.1`);
    return new NamespaceMachine(name, `${net}.2`, this.#way);
  }

  /** A disk of its own for a folder, which it makes. */
  disk(folder: string, size: string): void {
    mkdirSync(folder, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder);
  }

  /** Nothing gets from one to the other any more: packets are dropped, and nobody is told. */
  cut(one: Machine, other: Machine): void {
    for (const [from, to] of bothWays(one, other)) {
      if (this.#cuts.has(`${from} ${to}`)) continue;
      ip('rule', 'add', 'from', from, 'to', to, 'blackhole');
      this.#cuts.add(`${from} ${to}`);
    }
  }

  heal(one: Machine, other: Machine): void {
    for (const [from, to] of bothWays(one, other)) this.#heal(from, to);
  }

  healAll(): void {
    for (const cut of [...this.#cuts]) {
      const [from = '', to = ''] = cut.split(' ');
      this.#heal(from, to);
    }
  }

  #heal(from: string, to: string): void {
    if (this.#cuts.delete(`${from} ${to}`)) ip('rule', 'del', 'from', from, 'to', to, 'blackhole');
  }
}

function bothWays(one: Machine, other: Machine): readonly (readonly [string, string])[] {
  return [
    [one.address, other.address],
    [other.address, one.address],
  ];
}

/** A network namespace as a machine. */
export class NamespaceMachine implements Machine {
  readonly #name: string;
  readonly address: string;
  readonly #way: Way;

  constructor(name: string, address: string, way: Way) {
    this.#name = name;
    this.address = address;
    this.#way = way;
  }

  spawn(program: string, args: readonly string[], { asNobody = false, ...launch }: Launch): ChildProcess {
    const as = asNobody ? this.#asNobody() : [];
    // Each of these becomes the next one: what is spawned is the program itself.
    return spawn('ip', ['netns', 'exec', this.#name, ...as, program, ...args], launch);
  }

  giveAway(folder: string): void {
    // For a user who is root within, the user of no rights is himself.
    const user = nobody();
    if (this.#way === 'root' && user !== undefined) chownSync(folder, user.uid, user.gid);
  }

  /** To all programs of the machine at once: `SIGKILL` as one that loses power, `SIGSTOP` as one that hangs. */
  signal(signal: NodeJS.Signals): void {
    for (const pid of ip('netns', 'pids', this.#name).split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  #asNobody(): string[] {
    const user = nobody() ?? { uid: 65_534, gid: 65_534 };
    return this.#way === 'root'
      ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--']
      : ['unshare', '--user', `--map-user=${user.uid}`, `--map-group=${user.gid}`, '--'];
  }
}
