import type { Proposal } from './proposal.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a proposal of each kind must have for a node to know what to do with it. Whether a store admits it is the store's to say. */
const SHAPES: Readonly<Record<Proposal['kind'], (proposal: Fields) => boolean>> = {
  commit: ({ by, commands, isBatch }) =>
    isLoggedBy(by) &&
    isListOf(commands, isCommand) &&
    commands.length > 0 &&
    (isBatch === true || commands.length === 1),
  rollback: ({ request }) => {
    const { toSeq, path, deviceId } = fieldsOf(request);
    return typeof toSeq === 'number' && isTextIfAny(path) && (deviceId === null || isTextIfAny(deviceId));
  },
  compact: ({ keep }) => keep === undefined || typeof keep === 'number',
  limits: ({ limits }) => isObject(limits),
  keepIndexes: ({ prefix, definitions }) => typeof prefix === 'string' && isListOf(definitions, isDefinition),
  dropIndex: ({ prefix, definition }) => typeof prefix === 'string' && isDefinition(definition),
  snapshot: ({ step, node, position, size }) =>
    typeof node === 'string' &&
    (step === 'claim' ||
      (step === 'renew' && isCount(position)) ||
      (step === 'taken' && isCount(position) && isCount(size))),
  member: ({ id, name, level, position, leaves }) =>
    isName(id) &&
    isName(name) &&
    isCount(level) &&
    (position === 0 || isCount(position)) &&
    (leaves === undefined || leaves === true),
  upgrade: ({ level }) => isCount(level),
  barrier: () => true,
};

/** How long what nodes are called by may be. */
const MAX_NAME = 255;

/** Whether what lay in a frame is a proposal, as it is sent. */
export function isProposal(value: unknown): value is Proposal {
  const fields = fieldsOf(value);
  const { kind } = fields;
  return typeof kind === 'string' && Object.hasOwn(SHAPES, kind) && SHAPES[kind as Proposal['kind']](fields);
}

function isLoggedBy(value: unknown): boolean {
  const { deviceId, clientOpId } = fieldsOf(value);
  return typeof clientOpId === 'string' && (deviceId === null || typeof deviceId === 'string');
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME;
}

function isCommand(value: unknown): boolean {
  const { op, path, leafTypes, file } = fieldsOf(value);
  return (
    typeof op === 'string' &&
    typeof path === 'string' &&
    (op === 'put_file' ? isObject(file) : file === undefined) &&
    (leafTypes === undefined || isListOf(leafTypes, isPair))
  );
}

function isDefinition(value: unknown): boolean {
  const { prefix, parts, unique } = fieldsOf(value);
  return typeof prefix === 'string' && typeof unique === 'boolean' && isListOf(parts, isObject);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2;
}

function isTextIfAny(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? (value as Fields) : {};
}
