// A Chromium to run browser tests in.
import { ensureProgram } from './ensure-program.mjs';

ensureProgram({
  name: 'chromium',
  variable: 'CHROMIUM_PATH',
  names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  packageName: 'chromium',
  byHand: 'Install Chromium, or set CHROMIUM_PATH to one.',
});
