// The site: the pages of docs/ and those beside README.md, read where they lie. `npm run docs` builds it
// (scripts/build-site.mjs); scripts/docs/pages.ts has the order of the pages.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { anchorOf } from '../../docs/anchors.ts';
import { copySources } from '../../docs/copy-sources.ts';
import { editLink } from '../../docs/edit-link.ts';
import { findPages } from '../../docs/find-pages.ts';
import { readAsInRepository } from '../../docs/markdown-for-site.ts';
import { addressOf, inOrder, PAGES, titleOf } from '../../docs/pages.ts';
import { searchSections } from '../../docs/search-sections.ts';

const root = process.env.DUST_ORM_ROOT ?? process.cwd();
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const pages = inOrder(findPages(root));
const base = process.env.DOCS_BASE ?? '/';

const rewrites = {
  'scripts/site/index.md': 'index.md',
  'scripts/site/reference.md': 'reference.md',
  ...Object.fromEntries(pages.map((page) => [page, `${addressOf(page)}.md`])),
};

/** Everything that is no page of the site. */
const srcExclude = [
  ...readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['docs', 'examples', 'scripts'].includes(entry.name))
    .map(({ name }) => `${name}/**`),
  ...readdirSync(root).filter((name) => name.endsWith('.md') && !pages.includes(name)),
  'examples/*/*/**',
  'scripts/!(site)/**',
];

/** Files that pages link to, and the pages themselves: the site shows their text. */
const files = new Set(pages);

const linkTo = (page) => ({
  text: titleOf(readFileSync(join(root, page), 'utf8')),
  link: `/${addressOf(page)}`,
});

const sidebar = Object.entries(PAGES).map(([text, group]) => ({
  text,
  collapsed: ['Recipes', 'Examples', 'Project'].includes(text),
  items: group.map(linkTo),
}));

export default defineConfig({
  srcDir: relative(fileURLToPath(new URL('..', import.meta.url)), root),
  srcExclude,
  rewrites,
  base,
  outDir: join(root, 'site'),
  cacheDir: join(root, 'node_modules/.cache/vitepress'),
  title: 'dust-orm',
  description: manifest.description,
  lang: 'en',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
  // The reference is made after the pages; scripts/check-site.mjs checks every link of the whole.
  ignoreDeadLinks: [/^\/(reference|source)\//],
  // Nothing of the site depends on git or the clock.
  lastUpdated: false,
  vite: {
    publicDir: join(root, 'scripts/site/public'),
    build: { chunkSizeWarningLimit: 4_000 },
    server: { fs: { allow: [root] } },
  },
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) => {
      readAsInRepository(md, root, (file) => files.add(file));
    },
  },
  themeConfig: {
    logo: { src: '/favicon.svg', alt: '' },
    nav: [
      { text: 'Guide', link: '/getting-started' },
      { text: 'Recipes', link: '/recipes/index' },
      { text: 'API', link: '/reference' },
      {
        text: `v${manifest.version}`,
        items: [
          { text: 'What changed', link: '/changelog' },
          { text: 'Upgrading', link: '/upgrading' },
          { text: 'Stability', link: '/stability' },
        ],
      },
    ],
    sidebar,
    outline: [2, 3],
    editLink: editLink(manifest, process.env.DOCS_REPOSITORY),
    externalLinkIcon: true,
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          _splitIntoSections: (path, html) => searchSections(relative(root, path), html),
        },
      },
    },
    footer: { message: `dust-orm ${manifest.version}, MIT License` },
  },
  buildEnd({ outDir }) {
    for (const file of files) copySources(root, file, outDir);
  },
});
