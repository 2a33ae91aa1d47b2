// An nginx to check deploy/nginx.conf with.
import { ensureProgram } from './ensure-program.mjs';

ensureProgram({
  name: 'nginx',
  variable: 'NGINX',
  names: ['nginx'],
  places: ['/usr/sbin/nginx'],
  packageName: 'nginx-light',
  byHand: 'Install nginx, or set NGINX to its program.',
});
