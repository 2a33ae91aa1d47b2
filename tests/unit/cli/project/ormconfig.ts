import type { DataSourceOptions } from 'dust-orm';
import { Link } from './entities/link.js';

const options: DataSourceOptions = { store: 'acme/reading', path: './unused', entities: [Link] };

export default options;
