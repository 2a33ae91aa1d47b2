// Reads a Dockerfile as far as it takes to check what it promises without building an image.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The instructions, continued lines joined: `{ name, text }`. */
function instructions(text) {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/s.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, name, rest]) => ({ name, text: rest.trim() }));
}

/** The words of an instruction in exec form. */
function execForm({ name, text }) {
  const list = /\[.*\]$/s.exec(text)?.[0];
  if (list === undefined) throw new Error(`${name} is not in exec form: ${text}`);
  return JSON.parse(list);
}

/**
 * What the last stage runs and by whom. `root` is the context that the image is built of.
 *
 * @throws Error naming the promise that is not kept
 */
export function readDockerfile(file, root) {
  const all = instructions(readFileSync(file, 'utf8'));
  const stages = all.filter(({ name }) => name === 'FROM').map(({ text }) => / AS (\S+)$/i.exec(text)?.[1]);
  if (stages.length < 2) throw new Error('The Dockerfile has one stage: the image would hold the sources.');
  for (const { text } of all.filter(({ name }) => name === 'COPY')) {
    const words = text.split(/\s+/);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
    if (from !== undefined && !stages.includes(from)) throw new Error(`COPY --from=${from}: no such stage`);
    for (const source of from === undefined ? sources : []) {
      if (!existsSync(join(root, source))) throw new Error(`COPY ${source}: there is no such file`);
    }
  }
  const last = all.slice(all.findLastIndex(({ name }) => name === 'FROM'));
  const find = (wanted) => {
    const found = last.filter(({ name }) => name === wanted);
    if (found.length !== 1) throw new Error(`The last stage has ${found.length} of ${wanted}, not one.`);
    return found[0];
  };
  const user = find('USER').text;
  if (/^(root|0)\b/.test(user)) throw new Error('The image runs as root.');
  const volume = execForm(find('VOLUME'))[0];
  const install = last.find(({ name, text }) => name === 'RUN' && text.startsWith('npm install'));
  if (install === undefined) throw new Error('The last stage installs nothing.');
  const workFolder = find('WORKDIR').text;
  return {
    volume,
    workFolder,
    port: Number(find('EXPOSE').text),
    install: install.text.split('&&')[0].trim().split(/\s+/).slice(2),
    command: [...execForm(find('ENTRYPOINT')), ...execForm(find('CMD'))],
    health: execForm(find('HEALTHCHECK')),
  };
}
