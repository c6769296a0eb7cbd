import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import type { AssertionGrant, GrantType } from './grant-type.ts'
import { jwtBearer } from './jwt-bearer.ts'
import { refreshToken } from './refresh-token.ts'

/** Every grant type of the token endpoint. */
export const grantTypes: readonly GrantType[] = [authorizationCode, refreshToken, clientCredentials]

/** Those that need no client. */
export const assertionGrants: readonly AssertionGrant[] = [jwtBearer]
