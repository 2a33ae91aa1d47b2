import { DustError } from '../errors.js';
import { describeValue } from '../query/index.js';

/** Two registrations of data sources under one name. */
export function duplicateDataSource(name: string): DustError {
  return new DustError(
    'invalid_options',
    `DustOrmModule registers the data source "${name}" more than once in this application. Import forRoot() or ` +
      'forRootAsync() once for each data source, in the root module, and give further ones a name of their own: ' +
      "forRoot({ name: 'second', … }) or forRootAsync({ name: 'second', … }).",
  );
}

/** Options that come from a factory and name another data source than the registration does. */
export function nameDiffers(registered: string, found: string): DustError {
  return new DustError(
    'invalid_options',
    `The data source was registered as "${registered}", and what its factory made is named "${found}". Tokens are made from the ` +
      `registered name, so give it to the registration: forRootAsync({ name: ${JSON.stringify(found)}, … }).`,
  );
}

/** A registration that says nothing of where its options come from. */
export function noOptionsSource(): DustError {
  return new DustError(
    'invalid_options',
    'DustOrmModule.forRootAsync() takes one of useFactory, useClass and useExisting, such as ' +
      "{ useFactory: () => ({ store: 'acme/reading', autoLoadEntities: true }) }.",
  );
}

/** An entity of `forFeature` that its data source does not know. */
export function notAmongEntities(entity: string, dataSource: string): DustError {
  return new DustError(
    'invalid_metadata',
    `DustOrmModule.forFeature([${entity}]) asks for a repository that the data source "${dataSource}" does not have. Add ` +
      `${entity} to its option entities, or set autoLoadEntities: true. A module that is loaded lazily comes too late for that.`,
  );
}

/** Something else where an entity class is needed. */
export function notAnEntityClass(found: unknown): DustError {
  const what = typeof found === 'function' ? `the class ${found.name}` : describeValue(found);
  return new DustError(
    'invalid_metadata',
    `A repository is injected for an entity class, and this is ${what}. ${cureOf(found)}`,
  );
}

function cureOf(found: unknown): string {
  if (typeof found === 'function') return 'Annotate it with @DustEntity.';
  if (found !== undefined) {
    return 'Pass the class itself, as in forFeature([Link]) and @InjectRepository(Link).';
  }
  return 'Two files that import each other may see each other before they are complete: move one of the classes.';
}

/** A repository class of which nobody knows the entity. */
export function repositoryWithoutEntity(repository: string): DustError {
  return new DustError(
    'invalid_metadata',
    `DustOrmModule.forFeature() does not know which entity ${repository} is of. Put @EntityRepository(Link) on the class, ` +
      'with its own entity, or list it with that entity and no other: forFeature([Link, LinkRepository]).',
  );
}

/** Something else where the entities of a module are listed. */
export function notAListOfEntities(found: unknown): DustError {
  return new DustError(
    'invalid_metadata',
    `DustOrmModule.forFeature() takes a list of entity classes, such as forFeature([Link]), not ${describeValue(found)}.`,
  );
}

/** Something else where the token of a bus is needed. */
export function notABusToken(entity: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DustOrmModule.forEvents(${entity}, …) takes as its bus the token of a provider, such as { bus: EventEmitter2 }, ` +
      `not ${describeValue(found)}.`,
  );
}

/** A provider that events cannot be sent to. */
export function notABus(entity: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DustOrmModule.forEvents(${entity}, …) needs a bus with emit() or publish(), and what its token provides is ` +
      `${describeValue(found)}. Pass the token of the bus, such as { bus: EventEmitter2 }.`,
  );
}

/** No options at all: a factory that forgot to return them. */
export function moduleOptionsMissing(found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DustOrmModule takes an object of options, not ${describeValue(found)}. Does the factory return them?`,
  );
}

/** A factory that made no data source. */
export function dataSourceMissing(name: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `The dataSourceFactory of the data source "${name}" must make a data source, not ${describeValue(found)}. ` +
      'Does it return one, as in (options) => new DataSource(options)?',
  );
}

/** An option of the module with a value it cannot have. */
export function invalidModuleOption(option: string, expected: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DustOrmModule option ${option} must be ${expected}, not ${describeValue(found)}.`,
  );
}

/** A health check without the package it reports to. */
export function terminusNotInstalled(cause: unknown): DustError {
  return new DustError(
    'invalid_options',
    'DustHealthIndicator reports to @nestjs/terminus, which cannot be loaded. Install it: npm install @nestjs/terminus',
    { cause },
  );
}

/** A health check in an application without Terminus' module. */
export function terminusModuleMissing(cause: unknown): DustError {
  return new DustError(
    'invalid_options',
    'DustHealthIndicator needs the HealthIndicatorService of Terminus. Import TerminusModule in the module that injects it.',
    { cause },
  );
}

/** A filter that Nest did not make, and that was not told what to answer through. */
export function filterWithoutAdapter(): DustError {
  return new DustError(
    'invalid_options',
    'DustExceptionFilter has no HTTP adapter to answer through. Provide it as APP_FILTER, or pass the adapter: ' +
      'app.useGlobalFilters(new DustExceptionFilter(app.getHttpAdapter())).',
  );
}
