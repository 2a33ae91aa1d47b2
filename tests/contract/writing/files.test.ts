import { describeContract } from '../describe-contract.js';
import { definePage } from '../entities.js';

/** Bytes whose base64 leaves a few hundred characters of the largest message for all else in it. */
const NEARLY_A_MESSAGE = ((8 * 1024 * 1024 - 800) / 4) * 3;

describeContract(
  'files',
  (context) => {
    for (const size of [3_400_000, 4.5 * 1024 * 1024, NEARLY_A_MESSAGE, NEARLY_A_MESSAGE - 1]) {
      context.itWith('more files', `of ${size} bytes come back as they were`, async () => {
        const transport = await context.otherWriter();
        const path = context.uniquePrefix().join('/');
        const content = Buffer.alloc(size, 'some bytes, over and over again ÿ');
        const { hash } = await transport.putFile(path, content, { filename: 'large.bin' });
        const file = await transport.getFile(hash);
        expect(content.equals(file?.content ?? Buffer.alloc(0))).toBe(true);
        expect(await transport.get(path)).toMatchObject({ value: { hash, size: content.length } });
      });
    }
  },
  { needs: 'files' },
);

/** Labels that no header carries, and what a store says of them. */
const UNTELLABLE = [
  ['a type with a line break', { contentType: 'text/plain\r\nx-evil: 1' }, 'invalid_content_type'],
  ['a type with NUL', { contentType: 'text/\0' }, 'invalid_content_type'],
  ['a type beyond ASCII', { contentType: 'text/plain; name=ü' }, 'invalid_content_type'],
  ['a type beyond Latin-1', { contentType: '文/本' }, 'invalid_content_type'],
  ['a type of no length', { contentType: '' }, 'invalid_content_type'],
  ['a type without a subtype', { contentType: 'text' }, 'invalid_content_type'],
  ['a type of 100 kB', { contentType: `text/${'x'.repeat(100_000)}` }, 'invalid_content_type'],
  ['a name with a line break', { filename: 'a\r\nb' }, 'invalid_filename'],
  ['a name with NUL', { filename: 'a\0b' }, 'invalid_filename'],
  ['a name with a C1 control character', { filename: 'a\u0085b' }, 'invalid_filename'],
  ['a name with half a surrogate pair', { filename: 'a\ud800' }, 'invalid_filename'],
  ['a name of 100 kB', { filename: 'x'.repeat(100_000) }, 'invalid_filename'],
] as const;

const TELLABLE = [
  ['a name of many signs', '文書 — übung (1) "x" \\ 100%.txt', 'text/plain'],
  ['a type with parameters', 'f', 'application/vnd.x+json; charset="utf-8"; v=1'],
  ['a name and a type of 255 characters', 'x'.repeat(255), `text/${'x'.repeat(250)}`],
] as const;

describeContract(
  'the labels of files',
  (context) => {
    it.each(UNTELLABLE)('refuses %s', async (_, labels, detail) => {
      const entity = definePage(context.uniquePrefix());
      const pages = (await context.connect([entity])).getRepository(entity);
      await pages.insert({ slug: 'a', title: 'A' });
      const refused = { kind: 'invalid_params', detail };
      const request = { filename: 'f', ...labels };
      await expect(pages.putFile('a', 'file', 'x', request)).rejects.toMatchObject(refused);
      const path = context.uniquePrefix().join('/');
      const transport = await context.otherWriter();
      await expect(transport.putFile(path, Buffer.from('x'), request)).rejects.toMatchObject(refused);
      expect(await transport.exists(path)).toBe(false);
    });

    for (const [title, filename, contentType] of TELLABLE) {
      context.itWith('more files', `takes ${title}`, async () => {
        const labels = { filename, contentType };
        const path = context.uniquePrefix().join('/');
        const transport = await context.otherWriter();
        const { hash } = await transport.putFile(path, Buffer.from(labels.filename), labels);
        expect(await transport.get(path)).toMatchObject({
          value: { filename: labels.filename, content_type: labels.contentType },
        });
        const file = await transport.getFile(hash);
        expect(Buffer.from(file?.content ?? []).toString()).toBe(labels.filename);
        expect(file?.contentType).toContain(labels.contentType);
      });
    }
  },
  { needs: 'files' },
);
