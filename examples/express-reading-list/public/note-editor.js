import { ApiError, changeNote, readLink } from './api.js';

/**
 * Writes a note over the one that `base` has, and over no other. A link's revision moves with every view that is
 * counted, so a refused write is made again as long as the note itself is the one that was edited.
 *
 * @returns `{ saved }`, the link as it is now, or `{ other }`, the link with somebody else's note
 */
export async function saveNote(base, note) {
  for (let current = base; ;) {
    try {
      return { saved: await changeNote(base.slug, note, current.revision) };
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
    }
    current = await readLink(base.slug);
    if ((current.note ?? '') !== (base.note ?? '')) return { other: current };
  }
}
