import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the studio's page in the built package, beside the code: `dist/studio`. @param script what Node was begun with */
export function studioPage(script = process.argv[1] ?? ''): string {
  try {
    return join(dirname(realpathSync(script)), '..', '..', 'studio');
  } catch {
    return 'studio';
  }
}
