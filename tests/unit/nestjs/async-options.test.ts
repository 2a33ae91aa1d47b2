import type { DataSourceOptions } from '../../../src/index.js';
import { Injectable, Module } from '@nestjs/common';
import { DataSource } from '../../../src/index.js';
import type { DustOrmModuleOptions, DustOrmOptionsFactory } from '../../../src/nestjs/index.js';
import { DustOrmModule } from '../../../src/nestjs/index.js';
import { TestDataSource } from '../../../src/testing/index.js';
import {
  Link,
  LinkModule,
  LinkService,
  closeApplications,
  linkSource,
  start,
  startFailure,
} from './support.js';

@Injectable()
class Settings {
  readonly store = 'acme/settings';
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class Options implements DustOrmOptionsFactory {
  static readonly names: (string | undefined)[] = [];
  constructor(private readonly settings: Settings) {}

  createDustOrmOptions(name?: string): DustOrmModuleOptions {
    Options.names.push(name);
    return { store: this.settings.store, autoLoadEntities: true };
  }
}

@Module({ imports: [SettingsModule], providers: [Options], exports: [Options] })
class OptionsModule {}

afterEach(closeApplications);

describe('forRootAsync', () => {
  it('takes the options from a factory that is injected with what imports export', async () => {
    const application = await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings, { token: 'absent', optional: true }],
          useFactory: async ({ store }: Settings, absent: unknown) => {
            await Promise.resolve();
            expect(absent).toBeUndefined();
            return { store, autoLoadEntities: true };
          },
        }),
      ],
    });
    expect(application.get(DataSource).options.store).toBe('acme/settings');
    expect(await application.get(LinkService, { strict: false }).titles()).toEqual([]);
  });

  it('takes them from a class that it instantiates', async () => {
    const application = await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({ imports: [SettingsModule], useClass: Options, name: 'default' }),
      ],
    });
    expect(application.get(DataSource).options.store).toBe('acme/settings');
    expect(Options.names.splice(0)).toEqual(['default']);
  });

  it('takes them from a provider that exists', async () => {
    const application = await start({
      imports: [LinkModule, DustOrmModule.forRootAsync({ imports: [OptionsModule], useExisting: Options })],
    });
    expect(application.get(DataSource).options.store).toBe('acme/settings');
    expect(Options.names.splice(0)).toEqual(['default']);
  });

  it('gives extra providers to the factory', async () => {
    const application = await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({
          extraProviders: [{ provide: 'store', useValue: 'acme/extra' }],
          inject: ['store'],
          useFactory: (store: string) => ({ store, autoLoadEntities: true }),
        }),
      ],
    });
    expect(application.get(DataSource).options.store).toBe('acme/extra');
  });

  it('throws where it is written when nothing makes the options', () => {
    expect(() => DustOrmModule.forRootAsync({})).toThrow(/one of useFactory, useClass and useExisting/);
  });
});

describe('dataSourceFactory', () => {
  const useFactory = (): DustOrmModuleOptions => ({
    autoLoadEntities: true,
    retryAttempts: 1,
    token: 'x',
    url: 'http://localhost:1',
    store: 'a/b',
  });

  it("is given the data source's options, all entities among them and nothing of the module's", async () => {
    let given: unknown;
    await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({
          useFactory,
          dataSourceFactory: (options) => {
            given = options;
            return new TestDataSource({ entities: options.entities });
          },
        }),
      ],
    });
    expect(given).toMatchObject({ name: 'default', entities: [Link], token: 'x', url: 'http://localhost:1' });
    expect(Object.keys(given as object)).not.toEqual(expect.arrayContaining(['retryAttempts']));
    expect(Object.keys(given as object)).not.toEqual(expect.arrayContaining(['autoLoadEntities']));
  });

  it('may give a data source that is open already', async () => {
    const dataSource = await linkSource().initialize();
    const application = await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({ useFactory, dataSourceFactory: () => Promise.resolve(dataSource) }),
      ],
    });
    expect(application.get(DataSource)).toBe(dataSource);
    expect(await application.get(LinkService, { strict: false }).titles()).toEqual([]);
  });

  it('must keep to the registered name', async () => {
    const error = await startFailure({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({ useFactory, dataSourceFactory: () => linkSource('other') }),
      ],
    });
    expect(error.message).toMatch(/registered as "default".*named "other".*name: "other"/s);
  });

  it('must make one', async () => {
    const error = await startFailure({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({ useFactory, dataSourceFactory: () => undefined as never }),
      ],
    });
    expect(error).toMatchObject({ kind: 'invalid_options' });
    expect(error.message).toMatch(/dataSourceFactory of the data source "default".*not undefined.*return/s);
  });

  it("passes on the token of another data source's options", async () => {
    const first = new DataSource({
      url: 'http://localhost:1',
      token: 'secret',
      store: 'a/b',
      entities: [Link],
    });
    let token: DataSourceOptions['token'];
    await start({
      imports: [
        LinkModule,
        DustOrmModule.forRootAsync({
          useFactory: () => first.options,
          dataSourceFactory: (options) => {
            ({ token } = options);
            return linkSource();
          },
        }),
      ],
    });
    expect(token).toBe('secret');
  });
});
