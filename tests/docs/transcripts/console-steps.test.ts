import { consoleSteps } from './console-steps.js';
import { withPlaceholders } from './placeholders.js';

describe('console blocks', () => {
  it('hold commands, each followed by what it prints', () => {
    const page = [
      '# A',
      '```console',
      '$ curl \\',
      '    -s x',
      'one',
      'two',
      '$ curl y',
      '```',
      '```sh',
      '$ no',
      '```',
      '',
    ];
    expect(consoleSteps(page.join('\n'))).toEqual([
      { command: 'curl \\\n    -s x', output: ['one', 'two'] },
      { command: 'curl y', output: [] },
    ]);
  });

  it('start with a command', () => {
    expect(() => consoleSteps('```console\nhello\n```\n')).toThrow('not with: hello');
  });
});

describe('placeholders', () => {
  it('stand where the page has them and the value fits', () => {
    const date = 'date: Fri, 02 Jan 2026 03:04:05 GMT';
    expect(withPlaceholders([date, '{"n":12}', 'n'], ['date: $HTTP_DATE', '{"n":$NUMBER}', 'n'])).toEqual([
      'date: $HTTP_DATE',
      '{"n":$NUMBER}',
      'n',
    ]);
  });

  it('leave a value that does not fit, and whatever is around it, to be seen', () => {
    expect(withPlaceholders(['{"n":"x"}', '{"m":1}', 'more'], ['{"n":$NUMBER}', '{"n":$NUMBER}'])).toEqual([
      '{"n":"x"}',
      '{"m":1}',
      'more',
    ]);
  });

  it('are known ones', () => {
    expect(() => withPlaceholders(['x'], ['$WHATEVER'])).toThrow('$WHATEVER is no placeholder');
  });
});
