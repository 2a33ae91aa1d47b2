import { Book, Reading } from './library.js';

const { STUDIO_FOLDER, STUDIO_ALONE, STUDIO_URL, STUDIO_TOKEN, STUDIO_CLUSTER } = process.env;

const common = { store: 'acme/library', entities: [Book, Reading] };

/** The store that a test has made, as the studio's process opens it. */
export default STUDIO_URL === undefined
  ? {
      ...common,
      path: STUDIO_FOLDER,
      ...(STUDIO_ALONE === undefined && STUDIO_CLUSTER === undefined ? { share: true } : {}),
      ...(STUDIO_CLUSTER === undefined ? {} : { cluster: { url: STUDIO_CLUSTER } }),
    }
  : { ...common, url: STUDIO_URL, token: STUDIO_TOKEN };
