import type { EntityInfo, RecordInfo } from '../../api/messages.js';

/** What a person is told that a deletion does. */
export function removalText(
  { path, leaves, more }: Pick<RecordInfo, 'path' | 'leaves' | 'more'>,
  entity: Pick<EntityInfo, 'name' | 'softDelete'> | undefined,
): string {
  const count = more ? 'more than 1,000 leaves' : leaves.length === 1 ? '1 leaf' : `${leaves.length} leaves`;
  const removal = `This removes ${path} with ${count}, for good.`;
  return entity?.softDelete === true
    ? `${removal} It is not only marked as deleted, as softRemove of ${entity.name} does it.`
    : removal;
}
