// A plugin of TypeDoc: gives each page its group, the title that stands in it, and an address after its file; makes links of
// the doc comments' references to the protocol; and has the source files that pages link to shown as text.
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { createJiti } from 'jiti';
import { Converter, KindRouter, normalizePath, ReflectionKind, RendererEvent } from 'typedoc';

const jiti = createJiti(import.meta.url);
const { nameOnSite } = await jiti.import('./linked-files.ts');
const { groupOf, titleOf } = await jiti.import('./pages.ts');
const { sectionAnchors, withProtocolLinks } = await jiti.import('./protocol-references.ts');

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

  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    const protocol = join(root, 'docs/protocol.md');
    const anchors = sectionAnchors(readFileSync(protocol, 'utf8'));
    const { target } = project.files.registerAbsolute(normalizePath(protocol));
    const linkTo = (anchor) => ({
      kind: 'relative-link',
      text: `docs/protocol.md#${anchor}`,
      target,
      targetAnchor: anchor,
    });
    for (const { comment } of Object.values(project.reflections)) {
      if (comment === undefined) continue;
      comment.summary = withProtocolLinks(comment.summary, anchors, linkTo);
      for (const tag of comment.blockTags) tag.content = withProtocolLinks(tag.content, anchors, linkTo);
    }
  });

  app.renderer.on(RendererEvent.BEGIN, ({ project: { files } }) => {
    const nameOf = files.getName.bind(files);
    const pathsByName = files.getNameToAbsoluteMap.bind(files);
    files.getName = (id) => {
      const name = nameOf(id);
      return name && nameOnSite(name);
    };
    files.getNameToAbsoluteMap = () =>
      new Map([...pathsByName()].map(([name, path]) => [nameOnSite(name), path]));
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
