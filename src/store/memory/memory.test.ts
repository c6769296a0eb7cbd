import { late } from '../../../test/late-store.ts'
import { storeSuite } from '../store.suite.ts'
import { memoryStore } from './memory.ts'

storeSuite('memory', (now, _, sweepable) => memoryStore(now, sweepable))

// The contract holds for whoever waits, however late a store answers.
storeSuite('late', (now, _, sweepable) => late(memoryStore(now, sweepable)))
