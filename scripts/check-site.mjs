// Checks that every link of the site that `npm run docs` built leads somewhere.
import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';

const { brokenLinks } = await createJiti(import.meta.url).import('./docs/broken-links.ts');

const broken = brokenLinks(fileURLToPath(new URL('../site', import.meta.url)), process.env.DOCS_BASE);
for (const link of broken) console.error(link);
if (broken.length > 0) {
  console.error(
    `\n${broken.length} links of the site are broken. Mend them in the page or doc comment they come from.`,
  );
  process.exitCode = 1;
} else {
  console.log('site/index.html: every link leads somewhere.');
}
