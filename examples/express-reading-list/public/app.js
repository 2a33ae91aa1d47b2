import { addLink } from './api.js';
import { LinkList } from './link-list.js';
import { follow } from './live.js';

const STATES = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' };
const byId = (id) => document.getElementById(id);

const list = new LinkList({
  list: byId('links'),
  loading: byId('loading'),
  empty: byId('empty'),
  more: byId('more'),
});

/** Does it, and says below the heading what is wrong if it fails. */
async function attempt(act, problem = byId('problem')) {
  problem.textContent = '';
  try {
    return await act();
  } catch (error) {
    problem.textContent = error.message;
    return undefined;
  }
}

const connection = byId('connection');
follow('links/events', {
  onState: (state) => {
    connection.dataset.state = state;
    connection.textContent = STATES[state];
  },
  // What happened before the connection stood was told to nobody here: the list itself has it.
  onOpen: () => attempt(() => list.load()),
  onChange: (change) => {
    const news = list.apply(change);
    if (news) byId('news').textContent = news;
  },
});

const form = byId('add');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { title, url, note } = Object.fromEntries(new FormData(form));
  const added = await attempt(
    () => addLink({ title, url, note: note || null }),
    form.querySelector('.problem'),
  );
  if (!added) return;
  list.put(added);
  form.reset();
  form.elements.title.focus();
});

byId('search').addEventListener('input', ({ target }) => attempt(() => list.load(target.value)));
byId('more').addEventListener('click', () => attempt(() => list.loadMore()));
