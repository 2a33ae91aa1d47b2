/** Milliseconds before a connection is made anew that the browser has given up. */
const RETRY_MS = 2000;

/**
 * Follows the server's changes for as long as the page is open: `onState` hears 'connecting', 'live' and 'reconnecting',
 * `onOpen` of each time the connection stands, `onChange` of each change from then on.
 */
export function follow(path, listeners) {
  const source = new EventSource(path);
  source.onopen = () => {
    listeners.onState('live');
    listeners.onOpen();
  };
  source.onmessage = ({ data }) => listeners.onChange(JSON.parse(data));
  source.onerror = () => {
    listeners.onState('reconnecting');
    // The browser connects again by itself after a broken connection, but not after an answer such as 503.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(path, listeners), RETRY_MS);
  };
}
