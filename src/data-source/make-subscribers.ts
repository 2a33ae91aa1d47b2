import { DustError } from '../errors.js';
import type { EntitySubscriberInterface, SubscriberMethod } from '../repository/index.js';
import { invalidOption } from './errors.js';

/** A subscriber, or a class of them whose constructor takes nothing. */
export type SubscriberOption = EntitySubscriberInterface | (new () => EntitySubscriberInterface);

const METHODS: Readonly<Record<SubscriberMethod, true>> = {
  afterLoad: true,
  beforeInsert: true,
  afterInsert: true,
  beforeUpdate: true,
  afterUpdate: true,
  beforeRemove: true,
  afterRemove: true,
  beforeSoftRemove: true,
  afterSoftRemove: true,
  beforeRecover: true,
  afterRecover: true,
};

/** What TypeORM's subscribers may listen to besides. */
const ABSENT = /^(before|after)(Query|Transaction(Start|Commit|Rollback))$/;

/**
 * The subscribers of the options; of a class, an instance.
 *
 * @throws DustError `invalid_options` for what is no subscriber, and for one that listens to nothing there is
 */
export function makeSubscribers(given: unknown): EntitySubscriberInterface[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) throw invalidOption('subscribers', 'an array of classes or instances', given);
  return given.map((each: unknown, index) => makeSubscriber(each, `subscribers[${index}]`));
}

/**
 * The list as others may change it: what is put into it is checked as the option is.
 *
 * @throws DustError `invalid_options`, of whoever puts something else there
 */
export function checkedSubscribers(list: EntitySubscriberInterface[]): EntitySubscriberInterface[] {
  return new Proxy(list, {
    set(target, key, value: unknown) {
      const isItem = typeof key === 'string' && /^\d+$/.test(key);
      return Reflect.set(target, key, isItem ? makeSubscriber(value, `subscribers[${key}]`) : value);
    },
  });
}

function makeSubscriber(given: unknown, option: string): EntitySubscriberInterface {
  const subscriber = typeof given === 'function' ? instanceOf(given as new () => unknown, option) : given;
  if (typeof subscriber !== 'object' || subscriber === null) {
    throw invalidOption(option, 'a class or an instance', given);
  }
  const absent = namesIn(subscriber).find((name) => ABSENT.test(name));
  if (absent !== undefined) {
    throw refused(
      option,
      subscriber,
      `listens by ${absent}, and there are no events of transactions and queries. Leave the method out; operations are told on diagnostics channels`,
    );
  }
  if (!Object.keys(METHODS).some((method) => typeof Reflect.get(subscriber, method) === 'function')) {
    throw refused(option, subscriber, `has none of the methods ${Object.keys(METHODS).join(', ')}`);
  }
  return subscriber;
}

function instanceOf(type: new () => unknown, option: string): unknown {
  try {
    return new type();
  } catch (error) {
    const text = `${option}: the class ${type.name} cannot be made without arguments. Give an instance, or push one to dataSource.subscribers.`;
    throw new DustError('invalid_options', text, { cause: error });
  }
}

function refused(option: string, subscriber: object, text: string): DustError {
  const { name } = subscriber.constructor;
  const subject = name === '' || name === 'Object' ? 'the subscriber' : name;
  return new DustError('invalid_options', `${option}: ${subject} ${text}.`);
}

/** The names of an object and the classes it is made by. */
function namesIn(subscriber: object): string[] {
  const names: string[] = [];
  for (
    let each: object | null = subscriber;
    each !== null && each !== Object.prototype;
    each = Reflect.getPrototypeOf(each)
  ) {
    for (const name of Object.getOwnPropertyNames(each)) names.push(name);
  }
  return names;
}
