import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommentDisplayPart } from 'typedoc';
import { sectionAnchors, withProtocolLinks } from '../../../scripts/docs/protocol-references.js';

describe('references to the protocol in doc comments', () => {
  const anchors = sectionAnchors(
    '# Protocol\n\n## 4. Channel\n\n### Frames\n\n## 5. What a client must survive (all)\n',
  );

  const linkTo = (anchor: string): CommentDisplayPart => ({
    kind: 'relative-link',
    text: `#${anchor}`,
    target: undefined,
    targetAnchor: anchor,
  });

  it('lead to the numbered headings of the page', () => {
    expect([...anchors]).toEqual([
      ['4', '4-channel'],
      ['5', '5-what-a-client-must-survive-all'],
    ]);
  });

  it('become links, with the text around them as it was', () => {
    const text = 'Takes a lease (PROTOCOL §4, PROTOCOL §5.4), not PROTOCOL §9.';
    const linked = withProtocolLinks([{ kind: 'text', text }], anchors, linkTo);
    expect(linked.map((part) => part.text).join('')).toBe(
      'Takes a lease ([PROTOCOL §4](#4-channel), [PROTOCOL §5.4](#5-what-a-client-must-survive-all)), not PROTOCOL §9.',
    );
    expect(linked.filter(({ kind }) => kind === 'relative-link')).toEqual([
      linkTo('4-channel'),
      linkTo('5-what-a-client-must-survive-all'),
    ]);
  });

  it('stay as they are in code', () => {
    const code = [{ kind: 'code' as const, text: '`PROTOCOL §4`' }];
    expect(withProtocolLinks(code, anchors, linkTo)).toEqual(code);
  });

  it('find all seven sections of docs/protocol.md', () => {
    const page = readFileSync(resolve(__dirname, '../../../docs/protocol.md'), 'utf8');
    expect([...sectionAnchors(page).keys()]).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });
});
