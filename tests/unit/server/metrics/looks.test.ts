import { Looks } from '../../../../src/server/metrics/looks.js';

it('what was looked at is known until it is forgotten, undefined too', () => {
  const looks = new Looks();
  const seen: (number | undefined)[] = [1, undefined, 3];
  const look = jest.fn(() => seen.shift());
  const asked = looks.once(look);
  expect(look).not.toHaveBeenCalled();
  expect([asked(), asked()]).toEqual([1, 1]);
  looks.forget();
  expect([asked(), asked()]).toEqual([undefined, undefined]);
  looks.forget();
  expect(asked()).toBe(3);
  expect(look).toHaveBeenCalledTimes(3);
});

it('a look that fails is made again', () => {
  const looks = new Looks();
  const look = jest.fn(() => {
    throw new Error('gone');
  });
  const asked = looks.once(look);
  expect(asked).toThrow('gone');
  expect(asked).toThrow('gone');
  expect(look).toHaveBeenCalledTimes(2);
});
