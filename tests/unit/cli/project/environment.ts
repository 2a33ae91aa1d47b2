import { DataSource, dataSourceOptionsFromEnv } from 'dust-orm';

export const dataSource = new DataSource({ ...dataSourceOptionsFromEnv(), entities: [] });
