import type { BatchOperation, EntityManager } from '../../../../src/index.js';
import { DeletedAtField, DustEntity, Field, Slug } from '../../../../src/index.js';
import { useDataSources } from '../support.js';

@DustEntity('wide')
class Wide {
  @Slug() id!: string;
  @Field('string', { from: ['old'] }) text?: string;
  @Field('integer') more?: number;
  @DeletedAtField() deletedAt?: Date | null;
}
for (let i = 0; i < 1000; i++) Field({ type: 'integer' })(Wide.prototype, `f${i}`);

const connect = useDataSources();

const WRITES: readonly [string, (manager: EntityManager) => Promise<unknown>][] = [
  ['an update', (manager) => manager.update(Wide, 'a', { more: 1 })],
  ['a soft delete', (manager) => manager.softDelete(Wide, 'a')],
];

describe.each(WRITES)('%s of a record that an older class wrote, compared leaf by leaf', (_, write) => {
  /** The record with so many leaves besides the old one; the operations that the write sends. */
  const written = async (leaves: number) => {
    const { manager, control, inner } = await connect([Wide], { batchCheck: false });
    const operations = Array.from({ length: leaves }, (__, i): BatchOperation => ({
      op: 'set',
      path: `wide/a/f${i}`,
      value: i,
    }));
    await inner.batchWrite(operations);
    await inner.set('wide/a/old', 'text');
    control.writes.length = 0;
    const outcome = write(manager);
    return { outcome, inner, sent: () => control.writes.map(([, sent]) => (sent as unknown[]).length) };
  };

  it('is sent where a commit holds it', async () => {
    // Each leaf as it stands, what is old compared and removed, the present form of it, and the change.
    const { outcome, inner, sent } = await written(996);
    await outcome;
    expect(sent()).toEqual([1000]);
    expect((await inner.get('wide/a/text'))?.value).toBe('text');
  });

  it('is refused in words that name the record where none does', async () => {
    const { outcome, inner, sent } = await written(997);
    await expect(outcome).rejects.toMatchObject({
      kind: 'invalid_params',
      detail: 'batch_too_large',
      message: expect.stringMatching(
        /^Wide "a": .* takes 1001 operations, and one atomic commit holds at most 1000/,
      ),
    });
    expect(sent()).toEqual([]);
    expect((await inner.get('wide/a/old'))?.value).toBe('text');
  });
});
