import type { Type } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';
import type { EntityClass } from '../metadata/index.js';

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
  return providersOf(modules, FeatureEntities)
    .filter((feature) => feature.dataSource === dataSource)
    .flatMap(({ entities }) => entities);
}

/** How often the application registers a data source under this name. */
export function registrationsOf(modules: ModulesContainer, name: string): number {
  return providersOf(modules, DataSourceRegistration).filter((each) => each.name === name).length;
}

/** All that is provided as `type`. Values are there before the first factory runs. */
function providersOf<T extends object>(modules: ModulesContainer, type: Type<T>): readonly T[] {
  return [...modules.values()].flatMap(({ providers }) => {
    const instance: unknown = providers.get(type)?.instance;
    return instance instanceof type ? [instance] : [];
  });
}
