import { BeforeInsert, DataSource, DustEntity, Field, Slug } from '../../../../src/index.js';

@DustEntity('generated')
class Generated {
  @Slug({ generated: () => 'same' }) id!: string;
  @Field('string') text?: string;
}

@DustEntity('hooked')
class Hooked {
  @Slug() id!: string;
  @Field('string') text?: string;

  @BeforeInsert() name(): void {
    this.id = 'same';
  }
}

it.each([[Generated], [Hooked]])('insert refuses slugs that %p makes twice', async (entity) => {
  const dataSource = await new DataSource({ entities: [Generated, Hooked] }).initialize();
  try {
    const refused = dataSource.manager.insert<Generated | Hooked>(entity, [{ text: 'a' }, { text: 'b' }]);
    await expect(refused).rejects.toMatchObject({
      detail: 'duplicate_slug',
      opIndex: 1,
      message: expect.stringContaining('insert was given the record twice, at position 0 and here'),
    });
    expect(await dataSource.manager.count<Generated | Hooked>(entity)).toBe(0);
  } finally {
    await dataSource.destroy();
  }
});
