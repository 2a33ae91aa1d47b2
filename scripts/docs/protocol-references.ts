import type { CommentDisplayPart } from 'typedoc';
import { anchorOf } from './anchors.js';

/** `PROTOCOL §4` or `PROTOCOL §5.4` in a doc comment: a section of docs/protocol.md. Splits a text into what is one and what is not. */
const REFERENCES = /(PROTOCOL §\d+(?:\.\d+)?)/;

/** The anchors of a page's numbered headings, by number: `4` of `## 4. Channel` is `4-channel`. */
export function sectionAnchors(markdown: string): ReadonlyMap<string, string> {
  return new Map(
    [...markdown.matchAll(/^## ((\d+)\. .*)$/gm)].map(([, heading = '', number = '']) => [
      number,
      anchorOf(heading),
    ]),
  );
}

/** The parts of a doc comment with each reference to a section of the protocol turned into a link, `linkTo` its anchor. */
export function withProtocolLinks(
  parts: readonly CommentDisplayPart[],
  anchors: ReadonlyMap<string, string>,
  linkTo: (anchor: string) => CommentDisplayPart,
): CommentDisplayPart[] {
  const linked = (text: string): CommentDisplayPart[] =>
    text.split(REFERENCES).flatMap((piece) => {
      const anchor = anchors.get(/^PROTOCOL §(\d+)/.exec(piece)?.[1] ?? '');
      if (anchor === undefined) return [{ kind: 'text', text: piece }];
      return [{ kind: 'text', text: `[${piece}](` }, linkTo(anchor), { kind: 'text', text: ')' }];
    });
  return parts.flatMap((part) => (part.kind === 'text' ? linked(part.text) : [part]));
}
