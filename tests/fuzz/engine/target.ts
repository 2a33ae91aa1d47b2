import type { Arbitrary } from 'fast-check';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import type { Form } from '../inputs/form.js';
import { guarded } from './guarded.js';
import { findOneOf } from './find-one-of.js';
import { Strays } from './strays.js';

/** What is attacked, with what, and what must hold. */
export interface TargetSpec<Input> {
  readonly name: string;
  /** Its part of all inputs, in proportion to the shares of the others. */
  readonly share: number;
  /** Inputs between two looks at the state that must be unharmed. */
  readonly batch: number;
  readonly inputs: Arbitrary<Input>;
  readonly form: Form<Input>;
  open(): Promise<Session<Input>>;
}

/** A target that is up. */
export interface Session<Input> {
  /** @throws Fault for a promise that the input broke */
  check(input: Input): Promise<void> | void;
  /** Looks at what no input may have touched. @throws Fault */
  unharmed?(): Promise<void>;
  close?(): Promise<void>;
  /** What is counted and is no fault, in words. */
  notes?(): readonly string[];
}

/** An input that broke a promise. */
export interface Find {
  readonly fault: string;
  /** From 1, in its batch. */
  readonly index: number;
  /** As small as it could be made, in the form of the corpus. */
  readonly input: JsonValue;
}

/** A target, whatever its inputs are. */
export interface Target {
  readonly name: string;
  readonly share: number;
  readonly batch: number;
  open(): Promise<OpenTarget>;
}

/** A target that is up, whatever its inputs are. */
export interface OpenTarget {
  /** Tries `count` inputs drawn from `seed`; what it finds is made small. */
  fuzz(seed: number, count: number): Promise<Find | undefined>;
  /** Tries one input of the corpus. @throws Fault */
  replay(stored: JsonValue): Promise<void>;
  notes(): readonly string[];
  /** Also ends what was opened when it throws. */
  close(): Promise<void>;
}

/** Makes a target of what describes one. */
export function defineTarget<Input>(spec: TargetSpec<Input>): Target {
  const { name, share, batch } = spec;
  return { name, share, batch, open: async () => openTarget(spec, await spec.open()) };
}

function openTarget<Input>(spec: TargetSpec<Input>, session: Session<Input>): OpenTarget {
  const strays = new Strays();
  const check = guarded((input: Input) => session.check(input), strays);
  return {
    fuzz: async (seed, count) => {
      const found = await findOneOf(spec.inputs, check, { seed, count });
      if (found !== undefined) {
        return { fault: found.fault, index: found.index, input: spec.form.write(found.input) };
      }
      await session.unharmed?.();
      strays.look();
      return undefined;
    },
    replay: async (stored) => {
      await check(spec.form.read(stored));
      await session.unharmed?.();
      strays.look();
    },
    notes: () => session.notes?.() ?? [],
    close: async () => {
      try {
        await session.close?.();
      } finally {
        strays.stop();
      }
    },
  };
}
