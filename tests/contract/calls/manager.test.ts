import { describeContract } from '../describe-contract.js';
import { defineLink, defineNote, link } from '../entities.js';

describeContract('the entity manager', (context) => {
  const setUp = async () => {
    const Link = defineLink(context.uniquePrefix());
    const Note = defineNote(context.uniquePrefix());
    const dust = await context.connect([Link, Note]);
    return { Link, Note, dust, manager: dust.manager };
  };

  it('does for a class what its repository does', async () => {
    const { Note, manager } = await setUp();
    await manager.insert(Note, [
      { slug: 'a', text: '1' },
      { slug: 'b', text: '2' },
    ]);
    await manager.update(Note, 'a', { text: '3' });
    await manager.delete(Note, 'b');
    expect(await manager.find(Note)).toMatchObject([{ slug: 'a', text: '3' }]);
    expect(await manager.findOneBy(Note, { slug: 'a' })).toBeInstanceOf(Note);
    expect(await manager.count(Note)).toBe(1);
    expect(await manager.existsBy(Note, { text: '3' })).toBe(true);
  });

  it('saves and removes entities of several classes together', async () => {
    const { Link, Note, dust, manager } = await setUp();
    const entities = [manager.create(Link, link('l')), manager.create(Note, { slug: 'n', text: 't' })];
    await manager.save(entities);
    expect(await dust.getRepository(Link).count()).toBe(1);
    expect(await dust.getRepository(Note).count()).toBe(1);
    await manager.remove(entities);
    expect(await dust.getRepository(Link).count()).toBe(0);
    expect(await dust.getRepository(Note).count()).toBe(0);
  });

  it('saves none of several entities when one is invalid', async () => {
    const { Link, Note, manager } = await setUp();
    const entities = [
      manager.create(Note, { slug: 'n', text: 't' }),
      manager.create(Link, link('l', { url: 'nowhere' })),
    ];
    await expect(manager.save(entities)).rejects.toMatchObject({ kind: 'validation' });
    expect(await manager.count(Note)).toBe(0);
  });

  it('gives repositories methods of their own', async () => {
    const { Note, dust } = await setUp();
    const notes = dust.getRepository(Note).extend({
      async firstText(): Promise<string | undefined> {
        const [first] = await this.find({ order: { text: 'ASC' }, take: 1 });
        return first?.text;
      },
    });
    await notes.insert([
      { slug: 'a', text: 'z' },
      { slug: 'b', text: 'y' },
    ]);
    expect(await notes.firstText()).toBe('y');
  });
});
