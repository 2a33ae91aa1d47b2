import { Suspect } from '../../../../src/sync/outbox/suspect.js';
import { pending } from './pending.js';

const [one, other] = [pending(1), pending(2)];

it('is the write in front of the last crash, and guilty of two in a row', () => {
  const suspect = new Suspect();
  expect(suspect.write).toBeUndefined();
  suspect.blame(one);
  expect([suspect.write, suspect.isGuilty(one)]).toEqual([one, false]);
  suspect.blame(other);
  expect([suspect.write, suspect.isGuilty(one), suspect.isGuilty(other)]).toEqual([other, false, false]);
  suspect.blame(one);
  expect(suspect.isGuilty(one)).toBe(false);
  suspect.blame(one);
  expect([suspect.isGuilty(one), suspect.isGuilty(other)]).toEqual([true, false]);
});

it('is none any more when it was dealt with, which another one does not do', () => {
  const suspect = new Suspect();
  suspect.blame(one);
  suspect.acquit(other);
  expect(suspect.write).toBe(one);
  suspect.acquit(one);
  expect(suspect.write).toBeUndefined();
  suspect.blame(one);
  expect(suspect.isGuilty(one)).toBe(false);
});
