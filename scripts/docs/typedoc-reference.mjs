// The reference alone, as the site has it: the options of `npm run check:docs` without the pages, which VitePress shows.
import { fileURLToPath } from 'node:url';
import base from '../../typedoc.config.mjs';
import { load as index } from './typedoc-index.mjs';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default {
  ...base,
  plugin: [...base.plugin, index],
  out: at('.build/reference'),
  entryPoints: base.entryPoints.map(at),
  tsconfig: at(base.tsconfig),
  favicon: at(base.favicon),
  customCss: at(base.customCss),
  readme: 'none',
  projectDocuments: [],
  searchGroupBoosts: { Properties: 0.3 },
  // The folder of the reference is one below that of the site: scripts/docs/finish-site.ts knows the address.
  navigationLinks: { Guide: 'guide:getting-started' },
};
