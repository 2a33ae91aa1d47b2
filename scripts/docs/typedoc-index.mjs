// A plugin of TypeDoc: writes the page of the site that lists what the entry points export, so that its search finds it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ReflectionKind, RendererEvent } from 'typedoc';

const page = fileURLToPath(new URL('../site/reference.md', import.meta.url));

const HEADER = `---
outline: [2, 2]
editLink: false
---

# API

Everything that the package exports, by the name it is imported from. Each name leads to its page in the reference.
`;

const MEMBERS = ReflectionKind.Method | ReflectionKind.Property | ReflectionKind.Accessor;

const namesIn = (symbol) =>
  (symbol.children ?? [])
    .filter((member) => member.kindOf(MEMBERS))
    .map(({ name }) => `\`${name}\``)
    .join(', ');

export function load(app) {
  app.renderer.on(RendererEvent.END, ({ project }) => {
    const sections = (project.children ?? []).map((module) => {
      const symbols = (module.children ?? []).filter((symbol) => !symbol.isReference());
      // The kind and the package make a heading long, so that the search puts the guide's shorter ones before it.
      const entries = symbols.map((symbol) => {
        const address = app.renderer.router.getFullUrl(symbol);
        const kind = ReflectionKind.singularString(symbol.kind);
        const members = namesIn(symbol);
        return `### ${kind} ${symbol.name} of ${module.name}\n\n<a href="./reference/${address}"><code>${symbol.name}</code></a>${members && `: ${members}`}\n`;
      });
      return `## ${module.name}\n\n${entries.join('\n')}`;
    });
    writeFileSync(page, `${HEADER}\n${sections.join('\n')}`);
  });
}
