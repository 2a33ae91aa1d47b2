import type { InitResult } from './init-project.js';
import type { Project } from './project.js';

/** What the written files import, and what runs them. */
const PACKAGES = ['dust-orm', 'reflect-metadata', 'rxjs'];
const FOR_DEVELOPMENT = ['typescript', 'tsx', '@types/node'];

/** What is to be done next, in order. */
export interface NextSteps {
  /** Lines for a shell. */
  readonly commands: readonly string[];
  /** What is to be written into which file by hand; undefined where nothing is. */
  readonly nest: string | undefined;
}

/**
 * What brings the first record there, and shows it.
 *
 * @param commands names of the commands that there are
 */
export function nextSteps(
  { packages, isNest, manager }: Project,
  { starter }: InitResult,
  commands: ReadonlySet<string>,
): NextSteps {
  const { names, config, ending, data } = starter;
  const missing = (wanted: readonly string[]): string =>
    wanted
      .filter((name) => !packages.has(name))
      .map((name) => ` ${name}`)
      .join('');
  const dustOrm = `${manager.execute} dust-orm`;
  const add = missing(PACKAGES);
  const addForDevelopment = missing(FOR_DEVELOPMENT);
  const shown = commands.has('studio') ? [`${dustOrm} studio --config ${config}`] : [];
  return {
    commands: [
      ...(add === '' ? [] : [`${manager.add}${add}`]),
      ...(addForDevelopment === '' ? [] : [`${manager.addForDevelopment}${addForDevelopment}`]),
      ...(data === undefined
        ? [`${dustOrm} serve    # in another terminal; paste the three lines it prints`]
        : []),
      `${manager.execute} tsx src/first.ts`,
      `${dustOrm} ls --config ${config}`,
      ...shown,
    ],
    nest: isNest
      ? [
          `import { DustOrmModule } from 'dust-orm/nestjs';`,
          `import { options } from './data-source${ending}';`,
          `import { ${names.type} } from './entities/${names.file}${ending}';`,
          '',
          `imports: [DustOrmModule.forRoot(options), DustOrmModule.forFeature([${names.type}])]`,
        ].join('\n')
      : undefined,
  };
}
