import type { ModulesContainer } from '@nestjs/core';
import type { EntityClass } from '../metadata/index.js';

/** Tokens that all loaded copies of this package share. */
export const FEATURE_ENTITIES = Symbol.for('dust-orm.feature-entities');
export const DATA_SOURCE_REGISTRATION = Symbol.for('dust-orm.data-source-registration');

/** What one `forFeature` asks for. A provider of the module it makes, so that each application finds its own. */
export class FeatureEntities {
  constructor(
    readonly dataSource: string,
    readonly entities: readonly EntityClass[],
  ) {}
}

/** What one `forRoot` registers. A provider as well, because two applications may use one name. */
export class DataSourceRegistration {
  constructor(readonly name: string) {}
}

/** The entities that the application's modules ask of a data source, in whatever order they were imported. */
export function featureEntities(modules: ModulesContainer, dataSource: string): readonly EntityClass[] {
  return (providersOf(modules, FEATURE_ENTITIES) as readonly FeatureEntities[])
    .filter((feature) => feature.dataSource === dataSource)
    .flatMap(({ entities }) => entities);
}

/** How often the application registers a data source under this name. */
export function registrationsOf(modules: ModulesContainer, name: string): number {
  return (providersOf(modules, DATA_SOURCE_REGISTRATION) as readonly DataSourceRegistration[]).filter(
    (each) => each.name === name,
  ).length;
}

/** All that is provided under a token. Values are there before the first factory runs. */
function providersOf(modules: ModulesContainer, token: symbol): readonly object[] {
  return [...modules.values()].flatMap(({ providers }) => {
    const instance: unknown = providers.get(token)?.instance;
    return typeof instance === 'object' && instance !== null ? [instance] : [];
  });
}
