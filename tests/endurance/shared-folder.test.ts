import { endure } from './endure.js';
import { ROWS } from './rows.js';

endure(ROWS.sharedFolder);
