import { curlCall } from './curl-arguments.js';

const call = (...args: string[]) => curlCall(args, __dirname);

describe('the stand-in reads a curl command line', () => {
  it('GET without a body, POST with one, unless told otherwise', () => {
    expect(call('-s', 'http://x/').method).toBe('GET');
    expect(call('-d', '1', 'http://x/')).toMatchObject({ method: 'POST', body: '1' });
    expect(call('-X', 'PUT', '-d', '1', 'http://x/').method).toBe('PUT');
    expect(call('-I', 'http://x/')).toMatchObject({ method: 'HEAD', include: true });
  });

  it('puts data into the query behind -G', () => {
    const { urls, body, method } = call(
      '-G',
      'http://x/',
      '--data-urlencode',
      'pattern=a b/**',
      '-d',
      'limit=2',
    );
    expect([urls, body, method]).toEqual([['http://x/?pattern=a%20b%2F**&limit=2'], undefined, 'GET']);
  });

  it('makes a range in a url many urls', () => {
    expect(call('http://x/[9-11]').urls).toEqual(['http://x/9', 'http://x/10', 'http://x/11']);
  });

  it('takes flags together, and headers in order', () => {
    const { headers, include, writeOut, output } = call(
      '-sSi',
      '-H',
      'A: 1',
      '-o',
      'f',
      '-w',
      '%{http_code}',
      'http://x/',
    );
    expect([headers, include, writeOut]).toEqual([
      [
        ['Accept', '*/*'],
        ['A', '1'],
      ],
      true,
      '%{http_code}',
    ]);
    expect(output).toBe(`${__dirname}/f`);
  });

  it.each([['-L'], ['--retry', '3'], ['-F', 'a=b'], ['-u', 'a:b'], ['--json', '1']])(
    'refuses %s',
    (...flags) => {
      expect(() => call(...flags, 'http://x/')).toThrow("Unknown option '-");
    },
  );

  it('refuses forms of known flags that it does not know', () => {
    expect(() => call('--data-urlencode', '@file', 'http://x/')).toThrow('Only name=content');
    expect(() => call('-H', 'nonsense', 'http://x/')).toThrow("A header is 'Name: value'");
  });
});
