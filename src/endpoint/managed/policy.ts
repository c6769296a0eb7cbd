import type { HttpResponse } from '../../base/http.ts'
import { shownName } from '../../config/user/input.ts'
import type { Problem } from '../../protocol/problem.ts'
import { attributeOf } from '../../user/attribute.ts'
import { crestError } from '../serve/crest.ts'

/** What has another name among managed objects than in AM. */
const names: Readonly<Record<string, string>> = {
  username: 'userName',
  userpassword: 'password',
  inetUserStatus: 'accountStatus',
}

/** PingIDM's answer to values that break a policy: 403, with every property and the rules it breaks. */
export function policyFailure(problems: readonly Problem[]): HttpResponse {
  const failedPolicyRequirements = problems.map(({ path, text, policy }) => ({
    policyRequirements: [
      {
        params: policy?.params ?? {},
        policyRequirement: policy?.policyRequirement ?? 'VALID_TYPE',
        text,
      },
    ],
    property: propertyOf(path),
  }))
  return crestError(403, 'Failed policy validation', { result: false, failedPolicyRequirements })
}

function propertyOf(path: string): string {
  const [name = ''] = path.split('[')
  const shown = shownName(name)
  return names[shown] ?? attributeOf(shown)?.managed ?? name
}
