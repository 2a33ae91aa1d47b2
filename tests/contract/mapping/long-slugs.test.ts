import {
  Between,
  DustEntity,
  Field,
  In,
  LessThan,
  MoreThan,
  MoreThanOrEqual,
  Ref,
  Slug,
} from '../../../src/index.js';
import { describeContract } from '../describe-contract.js';

function defineShelf(prefix: string[]) {
  @DustEntity({ prefix: [...prefix, 'books'] })
  class Book {
    @Slug() id!: string;
    @Field('string', { required: true }) title!: string;
    @Ref(() => Book) sequelId?: string | null;
    sequel?: Book | null;
    @Ref(() => [Book]) likeIds?: string[] | null;
    likes?: Book[];
  }
  return Book;
}

/** Slugs of records that no store has room for: the path of one may have 3,800 bytes. */
const LONG = ['a', 'm', 'z', 'ü'].map((letter) => letter.repeat(4000));
/** Such that a field below it, or the record itself, is just too long. */
const edges = (prefix: readonly string[]): string[] => {
  const room = 3800 - prefix.join('/').length - '/books/'.length;
  return [-20, -8, -7, -2, -1, 0, 1].map((more) => 'e'.repeat(room + more));
};

describeContract('slugs of records that no store has room for', (context) => {
  const books = async () => {
    const prefix = context.uniquePrefix();
    const Book = defineShelf(prefix);
    const repository = (await context.connect([Book])).getRepository(Book);
    const few = Array.from({ length: 6 }, (_, i) => `b${i}`);
    await repository.insert(few.map((id) => ({ id, title: id })));
    return { repository, few, absent: [...LONG, ...edges(prefix)] };
  };

  it('find nothing, and leave what is found beside them', async () => {
    const { repository, few, absent } = await books();
    for (const id of absent) {
      expect(await repository.findOneBy({ id })).toBeNull();
      expect(await repository.findBy({ id })).toEqual([]);
      expect(await repository.existsBy({ id })).toBe(false);
      expect(await repository.getMany([id])).toEqual([]);
      expect(await repository.preload({ id })).toBeUndefined();
    }
    for (const some of [absent.slice(0, 1), absent]) {
      const ids = [...some, ...few];
      expect((await repository.getMany(ids)).map(({ id }) => id)).toEqual(few);
      expect((await repository.findBy({ id: In(ids) })).map(({ id }) => id)).toEqual(few);
      expect(await repository.countBy({ id: In(ids) })).toBe(6);
    }
  });

  it('are bounds like any other', async () => {
    const { repository } = await books();
    const [low, high] = LONG;
    expect(await repository.countBy({ id: MoreThan(low!) })).toBe(6);
    expect(await repository.countBy({ id: MoreThanOrEqual(high!) })).toBe(0);
    expect(await repository.countBy({ id: LessThan(low!) })).toBe(0);
    expect(await repository.countBy({ id: Between(low!, high!) })).toBe(6);
    const last = await repository.find({ where: { id: LessThan(high!) }, order: { id: 'DESC' }, take: 1 });
    expect(last.map(({ id }) => id)).toEqual(['b5']);
  });

  it('are written to by no criteria', async () => {
    const { repository, few, absent } = await books();
    expect(await repository.update([...absent, 'b0'], { title: 'new' })).toMatchObject({ slugs: ['b0'] });
    expect(await repository.update(absent[0]!, { title: 'new' })).toMatchObject({ affected: 0 });
    expect(await repository.delete([...absent, ...few])).toMatchObject({ affected: 6 });
  });

  it('refer to nothing', async () => {
    const { repository, absent } = await books();
    await repository.insert(
      absent.map((sequelId, i) => ({ id: `c${i}`, title: 'c', sequelId, likeIds: ['b1', sequelId] })),
    );
    const found = await repository.find({ where: { title: 'c' }, populate: ['sequel', 'likes'] });
    expect(found).toHaveLength(absent.length);
    expect(found.map(({ sequel }) => sequel)).toEqual(absent.map(() => null));
    expect(found.map(({ likes }) => likes.map(({ id }) => id))).toEqual(absent.map(() => ['b1']));
  });
});
