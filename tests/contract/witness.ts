import { firstValueFrom } from 'rxjs';
import type { Commit } from '../../src/transport/transport.js';
import type { ContractContext } from './describe-contract.js';

/** What the store committed below `prefix` while `work` was done, as another client heard of it. */
export async function commitsOf(
  context: ContractContext,
  prefix: string,
  work: () => Promise<unknown>,
): Promise<Commit[]> {
  const witness = await context.insider();
  const commits: Commit[] = [];
  const watching = witness.watch(`${prefix}/**`).subscribe((commit) => commits.push(commit));
  const ended = firstValueFrom(witness.watch(`${prefix}-end/**`));
  await work();
  await witness.set(`${prefix}-end/x`, 1);
  await ended;
  watching.unsubscribe();
  return commits;
}

/** The operations of a commit, each as `<op> <path>`. */
export const operationsOf = ({ operations }: Commit): string[] =>
  operations.map(({ op, path }) => `${op} ${path}`);
