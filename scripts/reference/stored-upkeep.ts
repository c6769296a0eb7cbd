import type { StoredKind } from './stored-kinds.ts'

/** Records that are about the store itself. */
export const ofUpkeep: readonly StoredKind[] = [
  {
    name: 'What a migration has made of the shelf (not sealed)',
    shelf: 'both',
    form: 'migration',
    keys: /^migration$/,
    example: 'migration',
    lifetime: 'for ever',
    source: 'src/store/migrate/mark.ts',
    types: ['MigrationMark'],
    shownBy: 'src/store/migrate/migrate.test.ts',
  },
  {
    name: 'Tally, which tells a store that others keep from an older copy of it',
    shelf: 'records',
    form: 'tally',
    keys: /^tally$/,
    example: 'tally',
    lifetime: 'for ever; written once a second while there are writes',
    source: 'src/store/restored/tally.ts',
    types: ['Tally'],
    shownBy: 'src/store/restored/guard.test.ts',
  },
  {
    name: 'How far the tally of records in another store had come',
    shelf: 'settings',
    form: 'records-witness',
    keys: /^records-witness$/,
    example: 'records-witness',
    lifetime: 'for ever; written every ten seconds while there are writes',
    source: 'src/store/restored/tally.ts',
    types: ['Seen'],
    shownBy: 'src/store/restored/guard.test.ts',
  },
  {
    name: 'When an operator accepted a store that others keep',
    shelf: 'settings',
    form: 'accepted-store',
    keys: /^accepted-store$/,
    example: 'accepted-store',
    lifetime: 'for ever',
    source: 'src/store/restored/accepted.ts',
    types: [],
    shownBy: 'src/store/restored/guard.test.ts',
  },
]
