export default { path: './data', entities: [] };
