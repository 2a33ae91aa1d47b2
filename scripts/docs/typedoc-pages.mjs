// A plugin of TypeDoc: gives each page its group, the title that stands in it, and an address after its file.
import { basename, dirname, relative } from 'node:path';
import { createJiti } from 'jiti';
import { Converter, KindRouter, ReflectionKind } from 'typedoc';

const { groupOf, titleOf } = await createJiti(import.meta.url).import('./pages.ts');

const textOf = (parts) => parts.map(({ text }) => text).join('');

/** `docs/errors.md` becomes `errors`, `examples/x/README.md` becomes `x`. */
const addressOf = (page) => basename(/README\.md$/.test(page) ? dirname(page) : page, '.md').toLowerCase();

export function load(app) {
  const root = app.options.packageDir ?? process.cwd();
  const pageOf = (document) => relative(root, document.project.files.getReflectionPath(document));

  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const page = pageOf(document);
    document.name = titleOf(textOf(document.content)) ?? document.name;
    document.frontmatter.group = groupOf(page);
  });

  app.renderer.defineRouter(
    'pages',
    class extends KindRouter {
      getIdealBaseName(reflection) {
        return reflection.kindOf(ReflectionKind.Document)
          ? `guides/${addressOf(pageOf(reflection))}`
          : super.getIdealBaseName(reflection);
      }
    },
  );
}
