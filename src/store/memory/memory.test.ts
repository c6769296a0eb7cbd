import { storeSuite } from '../store.suite.ts'
import { memoryStore } from './memory.ts'

storeSuite('memory', (now, _, sweepable) => memoryStore(now, sweepable))
