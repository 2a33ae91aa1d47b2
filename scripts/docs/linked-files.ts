/**
 * What a file that a page links to is called on the site: `app.ts` becomes `app.ts.txt`. Web servers send `.ts` as a video and
 * browsers download it, Markdown and settings; as text they are shown.
 */
export function nameOnSite(name: string): string {
  return /(\.([cm]?[jt]s|md|ya?ml|conf|service)|(^|\/)Dockerfile)$/.test(name) ? `${name}.txt` : name;
}
