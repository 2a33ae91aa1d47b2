import { start } from './server.js';

const readingList = await start();
console.log(`The reading list is at ${readingList.url}`);

const stop = (): void => {
  console.log('Closing');
  readingList.close().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
