import { isComplete, words } from './command-line.js';

const variables = new Map([
  ['URL', 'http://127.0.0.1:7755'],
  ['AUTH', 'Authorization: Bearer x'],
]);

describe('the words of a command line', () => {
  it.each([
    ['curl -s  $URL/a', ['curl', '-s', 'http://127.0.0.1:7755/a']],
    [`curl "$URL/a?x=1&y=[1-3]"`, ['curl', 'http://127.0.0.1:7755/a?x=1&y=[1-3]']],
    [`-H "$AUTH" -d '{"a": "$URL"}'`, ['-H', 'Authorization: Bearer x', '-d', '{"a": "$URL"}']],
    [`export A="one two"`, ['export', 'A=one two']],
    ['curl \\\n  -s', ['curl', '-s']],
    ['a\\ b', ['a b']],
    [String.raw`"\"\$URL\" \n"`, [String.raw`"$URL" \n`]],
    [`-d ''`, ['-d', '']],
    [`-w '%{http_code}\\n'`, ['-w', '%{http_code}\\n']],
  ])('%j', (line, expected) => {
    expect(words(line, variables)).toEqual(expected);
  });

  it.each([
    'curl x | jq',
    'curl x > file',
    'curl $(id)',
    'curl a?b',
    'curl `id`',
    'a; b',
    'a && b',
    'a *',
    'a {b}',
  ])('refuses %j, which a shell would interpret', (line) => {
    expect(() => words(line, variables)).toThrow('Quote what a shell would interpret');
  });

  it.each(['curl $NONE', 'curl "$NONE"'])('refuses %j, which nothing exported', (line) => {
    expect(() => words(line, variables)).toThrow('$NONE is used before it is exported');
  });

  it.each([
    ['curl a', true],
    ['curl a \\', false],
    [`curl -d '{`, false],
    [`curl -d '{\n"a": 1 }'`, true],
    [`curl "it's"`, true],
    [String.raw`curl "\"`, false],
  ])('%j is complete: %s', (line, complete) => {
    expect(isComplete(line)).toBe(complete);
  });
});
