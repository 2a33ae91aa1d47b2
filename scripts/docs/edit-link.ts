/** What package.json says of where the sources are. */
interface Manifest {
  readonly repository?: string | { readonly url: string };
}

/** The link below each page that leads to its source; `:path` in it stands for the page's file. */
export interface EditLink {
  readonly pattern: string;
  readonly text: string;
}

/**
 * Where a page can be edited: in the repository that `address` or package.json names, or, where neither does, where the site
 * shows the file that the page is made of.
 */
export function editLink({ repository }: Manifest, address: string | undefined): EditLink {
  const url = address ?? (typeof repository === 'string' ? repository : repository?.url);
  if (url === undefined || url === '') return { pattern: '/source/:path.txt', text: 'Source of this page' };
  return { pattern: `${webAddress(url)}/edit/main/:path`, text: 'Edit this page' };
}

/** `git+https://github.com/a/b.git`, `git@github.com:a/b.git` and `github:a/b` as an address for a browser. */
function webAddress(repository: string): string {
  return repository
    .replace(/^git\+/, '')
    .replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$1/')
    .replace(/^git:\/\//, 'https://')
    .replace(/^(?:github:)?([\w.-]+\/[\w.-]+)$/, 'https://github.com/$1')
    .replace(/\.git$/, '')
    .replace(/\/$/, '');
}
