import { DataSource } from 'dust-orm';

export default async function dataSource(): Promise<DataSource> {
  return Promise.resolve(new DataSource({ path: './data', entities: [] }));
}
