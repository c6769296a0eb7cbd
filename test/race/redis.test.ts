import { trials } from '../scale.ts'
import { needsRedis, startRedis } from '../stores/redis.ts'
import { networkStoreSuite } from './network-store.suite.ts'

networkStoreSuite({
  name: 'Redis',
  needed: needsRedis(),
  start: () => startRedis(),
  rounds: trials(100),
})
