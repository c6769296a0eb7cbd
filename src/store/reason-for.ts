import { reasonOf } from '../base/log.ts'
import { StoreUnavailable } from './store.ts'

/** What an operator is told of an error: of a store that could not do something, what kept it from that too. */
export function reasonFor(error: unknown): string {
  return error instanceof StoreUnavailable ? reasonOf(error) : (error as Error).message
}
