import { trials } from '../scale.ts'
import { needsPostgres, startPostgres } from '../stores/postgres.ts'
import { networkStoreSuite } from './network-store.suite.ts'

networkStoreSuite({
  name: 'PostgreSQL',
  needed: needsPostgres(),
  start: () => startPostgres(),
  rounds: trials(200),
})
