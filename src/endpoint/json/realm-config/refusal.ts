import type { HttpResponse } from '../../../base/http.ts'
import { crestError } from '../crest.ts'

/** AM's answer to an attribute it does not know; frodo leaves out what is not listed and tries again. */
export function invalidAttribute(validAttributes: readonly string[]): HttpResponse {
  return crestError(400, 'Invalid attribute specified.', { validAttributes })
}

const longestMessage = 2000

/** Every value that was refused, with its path; the same in words for tools that show no detail. */
export function invalidValues(problems: readonly string[]): HttpResponse {
  const message = `Invalid attribute value. ${problems.join('; ')}`
  return crestError(400, message.slice(0, longestMessage), { problems })
}
