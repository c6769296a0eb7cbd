import type { HttpResponse } from '../../base/http.ts'
import { crestError } from './crest.ts'

const mostNamed = 20
const longestName = 100

/**
 * AM's answer to attributes it does not know: frodo leaves out what is not listed and tries again. Which
 * ones they were is said beside that, the first of them and of each its beginning.
 */
export function invalidAttribute(
  validAttributes: readonly string[],
  unknown: readonly string[],
): HttpResponse {
  const unknownAttributes = unknown.slice(0, mostNamed).map((name) => name.slice(0, longestName))
  return crestError(400, 'Invalid attribute specified.', { validAttributes, unknownAttributes })
}

const longestMessage = 2000

/** Every value that was refused, with its path; the same in words for tools that show no detail. */
export function invalidValues(problems: readonly string[]): HttpResponse {
  const message = `Invalid attribute value. ${problems.join('; ')}`
  return crestError(400, message.slice(0, longestMessage), { problems })
}
