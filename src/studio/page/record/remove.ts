import type { RecordInfo } from '../../api/messages.js';
import { entities } from '../state/session.js';
import { notify } from '../state/notices.js';
import { ask } from '../ui/ask.js';
import { api, messageOf } from '../wire/client.js';
import { removalText } from './removal-text.js';

/** Asks, and removes what is at and below a path. Resolves with whether it is gone; never rejects. */
export async function remove(
  info: RecordInfo,
  name: string,
  changed: (current: RecordInfo) => void,
): Promise<boolean> {
  const entity = entities.peek().find((each) => each.name === info.entity);
  const isSure = await ask({
    title: `Delete ${name}?`,
    text: removalText(info, entity),
    action: 'Delete',
    tone: 'danger',
  });
  if (!isSure) return false;
  try {
    const answer = await api.delete({ path: info.path, revision: info.revision });
    if (answer.outcome === 'written') {
      notify(`Deleted ${name}.`);
      if (answer.warning !== undefined) notify(answer.warning, 'failed');
      return true;
    }
    if (answer.outcome === 'conflict') {
      changed(answer.current);
      notify('It has been changed meanwhile. Look at it, and delete again.', 'failed');
    } else {
      notify(answer.violations.flatMap(({ messages }) => messages).join(' '), 'failed');
    }
  } catch (error) {
    notify(messageOf(error), 'failed');
  }
  return false;
}
