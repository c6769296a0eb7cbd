import { type ReasonName, reasons } from '../protocol/reason/index.ts'
import type { Entry } from './entry.ts'

/** What is said of a thing that this realm made, and of one that it never made. */
const neverMade: Readonly<Record<string, ReasonName>> = {
  'request-uri-foreign': 'request-uri-unknown',
  'request-uri-gone': 'request-uri-unknown',
  'code-foreign': 'code-unknown',
  'code-gone': 'code-unknown',
  'refresh-foreign': 'refresh-unknown',
  'refresh-gone': 'refresh-unknown',
}

/**
 * A client's own request about what is not the client's own, as if that had never been: whoever tries what they
 * found learns no more by asking afterwards than by the answer itself. Where the answer said it, as PingAM does of
 * a request_uri, it stays.
 */
export function asOfNothing(entry: Entry): Entry {
  const { refused } = entry
  const name = refused?.why
  const why = name !== undefined && Object.hasOwn(neverMade, name) ? neverMade[name] : undefined
  const codes: readonly string[] = why === undefined ? [] : reasons[why].codes
  if (refused === undefined || !codes.includes(refused.code)) return { ...entry, about: '' }
  return { ...entry, about: '', refused: { ...refused, why } }
}
