import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { findUndocumentedErrors } from '../../../scripts/docs/undocumented-errors.js';

describe('findUndocumentedErrors', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'dust-orm-docs-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The findings in a module, without the place each begins with, and how many callables it exports. */
  const check = (source: string): { callables: number; findings: readonly string[] } => {
    const file = join(folder, 'module.ts');
    writeFileSync(file, source);
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      lib: ['lib.es2022.d.ts'],
      types: [],
      strict: true,
      skipLibCheck: true,
    };
    const program = ts.createProgram([file], options);
    expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
    const { callables, findings } = findUndocumentedErrors(program, [file], folder);
    return { callables, findings: findings.map((finding) => finding.replaceAll(`${folder}/`, '')) };
  };

  it('finds a promise that does not say how it fails, and says where', () => {
    expect(
      check(`
        /** Reads. */
        export async function read(): Promise<number> { return 1; }
      `),
    ).toEqual({ callables: 1, findings: ['module.ts:3 read returns a Promise'] });
  });

  it('finds a throw in what is called, in a getter, and in what a function makes', () => {
    const { callables, findings } = check(`
      function refuse(): never { throw new Error('no'); }
      const check = (value: number) => { if (value < 0) refuse(); };
      class Hidden { get value(): number { return refuse(); } }
      export function direct(): void { throw new Error('no'); }
      export function indirect(): void { check(1); }
      export function reading({ value }: Hidden): number { return value; }
      export const making = () => () => { refuse(); };
    `);
    expect(callables).toBe(4);
    expect(findings).toEqual([
      'module.ts:5 direct throws at module.ts:5',
      'module.ts:6 indirect throws at module.ts:2',
      'module.ts:7 reading throws at module.ts:2',
      'module.ts:8 making throws at module.ts:2',
    ]);
  });

  it('finds them in constructors, methods and accessors of classes, inherited and static ones too', () => {
    const { findings } = check(`
      class Base { inherited(): void { throw new Error('no'); } }
      export class Public extends Base {
        constructor() { super(); throw new Error('no'); }
        get accessor(): number { throw new Error('no'); }
        static make(): Promise<Public> { return Promise.resolve(new Public()); }
        private hidden(): void { throw new Error('no'); }
        protected shielded(): void { throw new Error('no'); }
        #secret(): void { throw new Error('no'); }
        /** @internal */
        ours(): void { this.hidden(); this.#secret(); }
      }
    `);
    expect(findings.map((finding) => /^\S+ (.*) (?:throws|returns)/.exec(finding)?.[1])).toEqual([
      'new Public',
      'Public.make',
      'Public.accessor',
      'Public.inherited',
    ]);
  });

  it('takes @throws and the promise never to fail, but no empty @throws', () => {
    const { findings } = check(`
      /** @throws Error when it is late */
      export function documented(): void { throw new Error('no'); }
      /** Waits. Never rejects. */
      export async function safe(): Promise<void> { await 0; }
      /** @throws */
      export function empty(): void { throw new Error('no'); }
    `);
    expect(findings).toEqual(['module.ts:7 empty throws at module.ts:7']);
  });

  it('believes what a called function says of itself', () => {
    const { findings } = check(`
      interface Port {
        /** @throws Error when it is closed */
        read(): number;
      }
      /** Never throws: what it meets is logged. */
      function guarded(): void { throw new Error('no'); }
      export function quiet(): void { guarded(); }
      export function caught(): void { try { throw new Error('no'); } catch { quiet(); } }
      export function later(port: Port): number { return port.read(); }
      export function again(): void { try { quiet(); } catch (error) { throw error; } }
    `);
    expect(findings).toEqual([
      'module.ts:10 later calls what throws, module.ts:4',
      'module.ts:11 again throws at module.ts:11',
    ]);
  });

  it('takes the words of another overload, of the interface, and of what a comment refers to', () => {
    const { callables, findings } = check(`
      interface Port {
        /** @throws Error when it is closed */
        read(): number;
        /** Closes. */
        close(): Promise<void>;
      }
      export class Implementation implements Port {
        read(): number { throw new Error('no'); }
        close(): Promise<void> { return Promise.resolve(); }
        /** The same as {@link Implementation.read}. */
        readAgain(): number { return this.read(); }
        /** Reads, unlike {@link Implementation.read}. */
        readOther(): number { return this.read(); }
      }
      /** @throws Error for a number */
      export function overloaded(value: string): void;
      export function overloaded(value: number): void;
      export function overloaded(value: unknown): void { if (typeof value === 'number') throw new Error('no'); }
    `);
    expect(callables).toBe(5);
    expect(findings).toEqual([
      'module.ts:10 Implementation.close returns a Promise',
      'module.ts:14 Implementation.readOther calls what throws, module.ts:9',
    ]);
  });

  it('takes nothing from comments that refer to each other, and sees through calls in a circle', () => {
    const { findings } = check(`
      /** See {@link second}. */
      export function first(n: number): number { return n === 0 ? 0 : second(n - 1); }
      /** See {@link first}. */
      export function second(n: number): number { if (n > 9) throw new Error('no'); return first(n); }
    `);
    expect(findings).toEqual([
      'module.ts:3 first throws at module.ts:5',
      'module.ts:5 second throws at module.ts:5',
    ]);
  });

  it('asks nothing of what cannot fail, and of functions that are the user’s own', () => {
    const { findings } = check(`
      export interface Options { readonly onDone?: () => Promise<void> }
      export function add(a: number, b: number): number { return a + b; }
      export function loop(n: number): number { return n === 0 ? 0 : loop(n - 1); }
      export function begin(): void { void Promise.reject(new Error('no')).catch(() => undefined); }
    `);
    expect(findings).toEqual([]);
  });
});
