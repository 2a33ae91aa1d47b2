import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { withInstallTabs } from './install-tabs.js';
import { siteLink } from './site-links.js';

/** Of markdown-it what is needed here: VitePress brings it along, and does not export its types. */
export interface MarkdownIt {
  readonly core: {
    readonly ruler: {
      before(name: string, rule: string, run: (state: MarkdownState) => void): void;
      push(rule: string, run: (state: MarkdownState) => void): void;
    };
  };
}

/** The front page shows a part of the README, whose links are from where that lies. */
const FRONT_PAGE = 'scripts/site/index.md';

interface MarkdownState {
  src: string;
  readonly tokens: readonly MarkdownToken[];
  /** `realPath` is the file when `path` says where it is on the site; both are absent where VitePress reads a title alone. */
  readonly env: { readonly path?: string; readonly realPath?: string };
}

interface MarkdownToken {
  readonly type: string;
  readonly children: readonly MarkdownToken[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/**
 * Teaches VitePress to read pages as they lie in the repository at `root`: links lead where the site has what they lead to, and
 * commands that install stand once for each package manager. `onFile` hears of every file and folder that a page links to.
 */
export function readAsInRepository(md: MarkdownIt, root: string, onFile: (file: string) => void): void {
  md.core.ruler.before('normalize', 'install-tabs', (state) => {
    state.src = withInstallTabs(state.src);
  });
  md.core.ruler.push('links-of-repository', ({ tokens, env }) => {
    const path = env.realPath ?? env.path;
    if (path === undefined) return;
    const page = relative(root, path).replaceAll('\\', '/');
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const link = token.type === 'link_open' ? token.attrGet('href') : null;
      if (link !== null) {
        const { href, file } = siteLink(page === FRONT_PAGE ? 'README.md' : page, link);
        // A folder is shown by the list of its files.
        const isFolder = file !== undefined && statSync(join(root, file)).isDirectory();
        token.attrSet('href', isFolder ? `${href}/` : href);
        if (file !== undefined) onFile(file);
      }
      const image = token.type === 'image' && page === FRONT_PAGE ? token.attrGet('src') : null;
      if (image !== null) token.attrSet('src', `../../${image}`);
    }
  });
}
