import { DustError } from '../../../../src/errors.js';
import { readFault, writeFault } from '../../../../src/store/lmdb/faults.js';

const told = (error: unknown) => [readFault('/data', error), writeFault('/data', error)].map(kindOf);
const kindOf = ({ kind, detail }: DustError): string => `${kind} ${detail ?? ''}`.trim();

test.each<[string, unknown, string[]]>([
  ['an error of LMDB', { code: -30790 }, ['storage exhausted', 'storage exhausted']],
  ['what lmdb finds before it asks', new Error('Can not read, it is closed'), ['closed', 'closed']],
  ['a text', 'The database was closed', ['closed', 'closed']],
  [
    'an error of the system, whatever its words',
    Object.assign(new Error('closed'), { code: 5 }),
    ['storage read_failed', 'storage write_failed'],
  ],
  ['another text', 'No', ['storage read_failed', 'storage write_failed']],
  ['nothing', null, ['storage read_failed', 'storage write_failed']],
])('%s is told by what it means for the data', (_, error, kinds) => {
  expect(told(error)).toEqual(kinds);
});

test('an error of this package stays what it is', () => {
  const error = new DustError('closed', 'no');
  expect([readFault('/data', error), writeFault('/data', error)]).toEqual([error, error]);
});

test.each([
  [
    [-30797, -30796, -30794, -30793, -30784, -30780],
    ['storage corrupt', 'storage corrupt'],
  ],
  [
    [-30792, -30791, -30790, -30789, 12, 23, 24, 'ENOMEM', 'ENFILE', 'EMFILE'],
    ['storage exhausted', 'storage exhausted'],
  ],
  [
    [-30795, -30798, -30788, -30785, 11, 13, 'EIO'],
    ['storage read_failed', 'storage write_failed'],
  ],
])('the codes of LMDB and of systems are told: %j', (codes, kinds) => {
  for (const code of codes) expect([code, told({ code })]).toEqual([code, kinds]);
});
