import { describeContract } from './describe-contract.js';

/** Bytes whose base64 leaves a few hundred characters of the largest message for all else in it. */
const NEARLY_A_MESSAGE = ((8 * 1024 * 1024 - 800) / 4) * 3;

describeContract(
  'files',
  (context) => {
    it.each([3_400_000, 4.5 * 1024 * 1024, NEARLY_A_MESSAGE, NEARLY_A_MESSAGE - 1])(
      'of %d bytes come back as they were',
      async (size) => {
        const transport = await context.otherWriter();
        const path = context.uniquePrefix().join('/');
        const content = Buffer.alloc(size, 'some bytes, over and over again ÿ');
        const { hash } = await transport.putFile(path, content, { filename: 'large.bin' });
        const file = await transport.getFile(hash);
        expect(content.equals(file?.content ?? Buffer.alloc(0))).toBe(true);
        expect(await transport.get(path)).toMatchObject({ value: { hash, size: content.length } });
      },
    );
  },
  { needs: 'files' },
);
