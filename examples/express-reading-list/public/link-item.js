import { countView, removeLink } from './api.js';
import { saveNote } from './note-editor.js';

const template = document.querySelector('#link');
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** One link of the list. Shows what it is given; what somebody types into it stays until they save or cancel. */
export class LinkItem {
  element = template.content.firstElementChild.cloneNode(true);
  #link;
  /** The link whose note is being edited, as it was then. */
  #base;

  /** `list` hears of what was done here, without waiting for the server to tell. */
  constructor(link, list) {
    this.show(link);
    this.#on('.title', 'click', () => countView(this.#link.slug).then((seen) => list.put(seen)));
    this.#on('.remove', 'click', async () => {
      await removeLink(this.#link.slug);
      list.remove(this.#link.slug);
    });
    this.#on('.edit', 'click', () => this.#edit());
    this.#on('.cancel', 'click', () => this.#endEditing());
    this.#on('.editor', 'submit', (event) => {
      event.preventDefault();
      return this.#save(list);
    });
  }

  get link() {
    return this.#link;
  }

  show(link) {
    this.#link = link;
    const { title, url, note, addedAt, views } = link;
    const address = webAddress(url);
    const heading = this.#find('.title');
    heading.textContent = title;
    if (address) heading.href = address;
    else heading.removeAttribute('href');
    this.#find('.host').textContent = address?.host ?? '';
    this.#find('time').dateTime = addedAt ?? '';
    this.#find('time').textContent = addedAt ? date.format(new Date(addedAt)) : '';
    this.#find('.views').textContent = views === 1 ? '1 view' : `${views} views`;
    this.#find('.note').textContent = note ?? '';
    this.#find('.edit').setAttribute('aria-label', `Edit the note of ${title}`);
    this.#find('.remove').setAttribute('aria-label', `Remove ${title}`);
  }

  /** Draws the eye to a change. */
  flash() {
    this.element.classList.remove('changed');
    void this.element.offsetWidth;
    this.element.classList.add('changed');
  }

  #edit() {
    this.#base = this.#link;
    this.#find('.editor').hidden = false;
    const text = this.#find('textarea');
    text.value = this.#link.note ?? '';
    text.focus();
  }

  #endEditing() {
    this.#find('.editor').hidden = true;
    this.#find('.edit').focus();
  }

  async #save(list) {
    const { saved, other } = await saveNote(this.#base, this.#find('textarea').value || null);
    list.put(saved ?? other);
    if (saved) {
      this.#endEditing();
      return;
    }
    this.#base = other;
    throw new Error(
      'Somebody has changed this note meanwhile, as shown above. Save again to replace theirs.',
    );
  }

  #on(selector, type, act) {
    const problem = this.element.querySelector(':scope > .problem');
    this.#find(selector).addEventListener(type, async (event) => {
      problem.textContent = '';
      try {
        await act(event);
      } catch (error) {
        problem.textContent = error.message;
      }
    });
  }

  #find(selector) {
    return this.element.querySelector(selector);
  }
}

/** Other programs may write to the store too, so what is no web address does not become a link. */
function webAddress(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}
