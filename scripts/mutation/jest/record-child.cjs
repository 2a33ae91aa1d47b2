// Loaded first by the processes that tests start (NODE_OPTIONS): notes the regions that they run, for the test file.
const { appendFileSync } = require('node:fs');

const { MUTATION_NOTES, MUTATION_FILE } = process.env;

/** Often enough for one that will be killed. */
const NOTE_EVERY = 200;

if (MUTATION_FILE !== undefined) {
  const ran = new Set();
  let noted = 0;
  const note = () => {
    if (ran.size === noted) return;
    const fresh = [...ran].slice(noted);
    noted = ran.size;
    appendFileSync(MUTATION_NOTES, `${JSON.stringify({ childOf: MUTATION_FILE, ran: fresh })}\n`);
  };
  globalThis.__ran = ran;
  setInterval(note, NOTE_EVERY).unref();
  process.on('exit', note);
}
