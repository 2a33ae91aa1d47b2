module.exports = { path: './data', entities: [] };
