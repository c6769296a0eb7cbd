import type { HttpRequest, HttpResponse } from '../../../base/http.ts'
import type { Problem } from '../../../protocol/problem.ts'
import { problemLine } from '../../../protocol/problem.ts'
import { crestError } from '../../serve/crest.ts'
import { readJson } from '../../serve/json-body.ts'

/** Where PingAM has the trees of a realm, and their nodes. */
export const treesPath = '/realm-config/authentication/authenticationtrees'

/** Newer releases ask for newer ones; what they differ in shows in the URL. */
export const treeVersions: readonly string[] = ['1.0', '2.0', '3.0']

/** PingAM's answer to a body that is no JSON; undefined for one that is. */
export function brokenBody(http: HttpRequest): HttpResponse | undefined {
  if (readJson(http) !== undefined) return undefined
  return crestError(
    400,
    'The request could not be processed because the provided content is not valid JSON',
  )
}

/** PingAM's answer to values that an attribute does not take, by what its schema calls the first of them. */
export function refuseBy(
  titleOf: (problem: Problem) => string | undefined,
): (problems: readonly Problem[]) => HttpResponse {
  return (problems) => {
    const [first] = problems
    const title = first && titleOf(first)
    const text =
      title === undefined
        ? problems.map(problemLine).join('; ')
        : `Data validation failed for the attribute, ${title}`
    return crestError(400, text, { problems: problems.map(problemLine) })
  }
}

/** PingAM's words for what is there already. */
export const alreadyThere = 'Unable to save config: Service already exists'
