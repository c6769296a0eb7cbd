/** What a script that makes claims finds (PingAM: OIDC claims). Its last value is what it gives back. */
import { giveAll } from './common.js'
import { map } from './lists.js'
import { plain } from './outside.js'
import { oauthBindings } from './token.js'

export function claims(given) {
  const {
    claims: known,
    requestedClaims,
    requestedTypedClaims,
    claimsLocales,
    claimObjects,
  } = given
  giveAll({
    ...oauthBindings(given),
    claims: map(known),
    requestedClaims: map(requestedClaims),
    requestedTypedClaims,
    claimsLocales,
    claimObjects,
  })
  return (_, result) => JSON.stringify(plain({ result }))
}
