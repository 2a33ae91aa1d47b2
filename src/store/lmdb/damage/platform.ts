import { endianness } from 'node:os';

const WIDE_ARCHITECTURES = ['x64', 'arm64', 'ppc64', 'riscv64', 'loong64'];

/** Whether data files are laid out here as `layout.ts` has it. Elsewhere nothing is said of them before LMDB opens them. */
export function canReadLayout(): boolean {
  return endianness() === 'LE' && WIDE_ARCHITECTURES.includes(process.arch);
}
