const state = document.getElementById('state');
const links = document.getElementById('links');

/** Each message is the whole list, so there is nothing to keep. */
const source = new EventSource('links/live');
source.addEventListener('links', ({ data }) => {
  const list = JSON.parse(data);
  state.textContent = list.length === 0 ? 'Nothing here yet.' : '';
  links.replaceChildren(...list.map(itemOf));
});
source.onerror = () => {
  state.textContent = 'Reconnecting …';
};

function itemOf({ title, url, note, views }) {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.textContent = title;
  // What runs a script is no address to read.
  if (/^https?:/i.test(url)) link.href = url;
  link.rel = 'noopener noreferrer';
  item.append(link, note ? ` ${note}` : '', views > 0 ? ` (${views})` : '');
  return item;
}
