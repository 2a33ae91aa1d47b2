import { fileURLToPath } from 'node:url';
import { createJiti } from 'jiti';
import { ENTRY_POINTS } from './scripts/docs/entry-points.mjs';
import { load as pages } from './scripts/docs/typedoc-pages.mjs';

const jiti = createJiti(import.meta.url);
const { findPages } = await jiti.import('./scripts/docs/find-pages.ts');
const { inOrder, PAGES } = await jiti.import('./scripts/docs/pages.ts');
const GROUPS = Object.keys(PAGES);
const root = fileURLToPath(new URL('.', import.meta.url));

/** Types that public ones are made of. A reader sees through them, and nobody needs to name them. */
const PARTS = [
  'AsOption',
  'Both',
  'Collection',
  'Comparable',
  'Conditions',
  'DefinedEnum',
  'DefinedType',
  'EnumDefinition',
  'Environment',
  'FieldTypeName',
  'FilledIn',
  'HttpClient',
  'LEAF_TYPES',
  'ListOptions',
  'Method',
  'Named',
  'One',
  'OnRecord',
  'Operand',
  'OrNull',
  'OwnStoreOptions',
  'Plain',
  'PresenceBy',
  'ReadMethod',
  'Scalar',
  'SetMemberOperation',
  'Shallower',
  'SharedStoreOptions',
  'SlugName',
  'SlugsBy',
  'TargetsBy',
  'TypeIn',
  'TypeThunk',
  'ValueOf',
  'ValueOfTarget',
  'ValueOfType',
  'WriteMethod',
];

/** What a `Store` takes and gives itself: users open one to hand it to a server. */
const OF_THE_STORE = [
  ...[
    'BatchRequest',
    'LeaseRequest',
    'PutFileRequest',
    'ReleaseRequest',
    'RenewRequest',
    'RollbackRequest',
    'WriteRequest',
  ],
  ...['BatchReceipt', 'FileReceipt', 'LeaseReceipt', 'ReleaseReceipt', 'RollbackReceipt', 'WriteReceipt'],
  ...['CatchUp', 'LeafQuery', 'LeafTree', 'LogPage', 'LogQuery', 'Pattern'],
  ...['StorageSize', 'StoredBlob', 'StoreCondition', 'StoreHistory', 'StoreOptions', 'StoreStatus'],
];

/** What `npm run check:docs` asks of the doc comments and pages; scripts/docs/typedoc-reference.mjs makes the reference of it. */
export default {
  name: 'dust-orm',
  out: 'site',
  plugin: [pages],
  router: 'pages',
  tsconfig: 'tsconfig.build.json',
  entryPoints: ENTRY_POINTS,
  readme: 'README.md',
  projectDocuments: inOrder(findPages(root)),
  includeVersion: true,
  hideGenerator: true,
  favicon: 'scripts/site/public/favicon.svg',
  customCss: 'scripts/docs/reference.css',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  headings: { readme: false, document: false },
  navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
  locales: { en: { kind_plural_module: 'API' } },
  groupOrder: [
    ...GROUPS.filter((group) => group !== 'Project'),
    ...['API', 'Project'],
    ...['Classes', 'Functions', 'Interfaces', 'Type Aliases', 'Variables'],
    ...['Constructors', 'Properties', 'Accessors', 'Methods', '*'],
  ],
  sort: ['documents-first', 'kind', 'alphabetical-ignoring-documents'],
  includeHierarchySummary: false,
  visibilityFilters: { inherited: true },
  useFirstParagraphOfCommentAsSummary: true,
  searchInComments: true,
  searchInDocuments: true,
  // A page is long and mentions much; without this, every property of every error comes before it.
  searchGroupBoosts: { ...Object.fromEntries(GROUPS.map((group) => [group, 12])), Properties: 0.3 },
  highlightLanguages: ['ts', 'js', 'sh', 'console', 'json', 'elixir', 'http', 'html'],
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
  requiredToBeDocumented: [
    'Module',
    'Class',
    'Constructor',
    'Interface',
    'Property',
    'Method',
    'Accessor',
    'Function',
    'Variable',
    'TypeAlias',
  ],
  // Members of a union whose own comment tells them all, and a type written in place.
  intentionallyNotDocumented: [
    ...['op', 'path', 'value'].map((member) => `dust-orm/testing.EmittedRawOperation.__type.${member}`),
    ...['op', 'property', 'value'].map(
      (member) => `dust-orm/testing.EmittedRecordOperation.__type.${member}`,
    ),
    'dust-orm.defineEntity.__type',
    'dust-orm.defineNested.__type',
  ],
  intentionallyNotExported: [...PARTS, ...OF_THE_STORE],
  treatWarningsAsErrors: true,
};
