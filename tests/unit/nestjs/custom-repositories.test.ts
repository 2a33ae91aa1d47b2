import { Injectable } from '@nestjs/common';
import { DataSource, EntityManager, Repository } from '../../../src/index.js';
import {
  DustOrmModule,
  EntityRepository,
  InjectRepository,
  getRepositoryToken,
} from '../../../src/nestjs/index.js';
import { Author, Link, closeApplications, start } from './support.js';

@EntityRepository(Link)
class LinkRepository extends Repository<Link> {
  titles(): Promise<string[]> {
    return this.find({ order: { title: 'ASC' } }).then((links) => links.map(({ title }) => title));
  }
}

class AuthorRepository extends Repository<Author> {
  bornIn(born: number): Promise<Author[]> {
    return this.findBy({ born });
  }
}

@Injectable()
class Library {
  constructor(
    readonly links: LinkRepository,
    @InjectRepository(Link) readonly plain: Repository<Link>,
    readonly authors: AuthorRepository,
  ) {}
}

afterEach(closeApplications);

const autoLoadEntities = true;

describe('repository classes in forFeature', () => {
  it('are injected by their class, for their entity, which is loaded with them', async () => {
    const application = await start({
      imports: [
        DustOrmModule.forRoot({ autoLoadEntities }),
        DustOrmModule.forFeature([Link, LinkRepository]),
        DustOrmModule.forFeature([Author, AuthorRepository]),
      ],
      providers: [Library],
    });
    const { links, plain, authors } = application.get(Library);
    expect(links).toBeInstanceOf(LinkRepository);
    expect(links.target).toBe(Link);
    expect(links.manager).toBe(application.get(EntityManager));
    await plain.insert([
      { slug: 'b', title: 'B' },
      { slug: 'a', title: 'A' },
    ]);
    expect(await links.titles()).toEqual(['A', 'B']);
    await authors.insert({ name: 'Ada', born: 1815 });
    expect((await authors.bornIn(1815)).map(({ name }) => name)).toEqual(['Ada']);
  });

  it('need no entity beside them when they say which one they are of', async () => {
    const application = await start({
      imports: [DustOrmModule.forRoot({ autoLoadEntities }), DustOrmModule.forFeature([LinkRepository])],
    });
    expect(application.get(DataSource).hasMetadata(Link)).toBe(true);
    expect(await application.get(LinkRepository).titles()).toEqual([]);
  });

  it('have a token with the name of a further data source', async () => {
    expect(getRepositoryToken(LinkRepository)).toBe(LinkRepository);
    expect(getRepositoryToken(LinkRepository, 'archive')).toBe('archive_LinkRepository');
    @Injectable()
    class Archive {
      constructor(@InjectRepository(LinkRepository, 'archive') readonly links: LinkRepository) {}
    }
    const application = await start({
      imports: [
        DustOrmModule.forRoot({ autoLoadEntities }, 'archive'),
        DustOrmModule.forFeature([LinkRepository], 'archive'),
      ],
      providers: [Archive],
    });
    const { links } = application.get(Archive);
    expect(links).toBeInstanceOf(LinkRepository);
    expect(await links.titles()).toEqual([]);
  });

  it('are refused when nothing says which entity they are of', () => {
    for (const list of [[AuthorRepository], [Link, Author, AuthorRepository]]) {
      const call = (): unknown => DustOrmModule.forFeature(list);
      expect(call).toThrow(expect.objectContaining({ kind: 'invalid_metadata' }));
      expect(call).toThrow(/which entity AuthorRepository is of.*@EntityRepository/s);
    }
  });

  it('inherit their entity, and may be provided by hand as well', async () => {
    class Narrowed extends LinkRepository {}
    @Injectable()
    class ByHand extends Repository<Link> {
      constructor(dataSource: DataSource) {
        super(Link, dataSource.manager);
      }
    }
    const application = await start({
      imports: [DustOrmModule.forRoot({ autoLoadEntities }), DustOrmModule.forFeature([Narrowed])],
      providers: [ByHand],
    });
    expect(application.get(Narrowed).target).toBe(Link);
    expect(await application.get(ByHand).count()).toBe(0);
  });
});

describe('forRoot with a name beside the options', () => {
  it('registers the data source under it, whatever the options say', async () => {
    const application = await start({
      imports: [DustOrmModule.forRoot({ name: 'other', autoLoadEntities }, 'archive')],
    });
    expect(application.get<DataSource>('archiveDataSource').name).toBe('archive');
  });
});
