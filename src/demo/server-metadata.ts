import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { JwsAlg } from '../jose/algorithm.ts'
import { isJwsAlg } from '../jose/algorithm.ts'
import type { Exchange } from './exchange.ts'
import { exchange } from './exchange.ts'

/** What the relying party learns of the server: addresses and algorithms, nothing by heart. */
export interface ServerMetadata {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly pushed_authorization_request_endpoint: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly jwks_uri: string
  readonly end_session_endpoint: string | undefined
  /** Algorithms an ID token may have here; secrets sign none. */
  readonly algorithms: readonly JwsAlg[]
  /** The same of an authorization response in a JWT. */
  readonly responseAlgorithms: readonly JwsAlg[]
  readonly sendsIssuer: boolean
}

/** Reads a realm's discovery document (OIDC Discovery §4). `baseUrl`: `http://localhost:8080`. */
export async function readServerMetadata(
  fetchIt: typeof fetch,
  baseUrl: string,
  realm: string,
): Promise<{ exchange: Exchange; metadata: ServerMetadata | undefined }> {
  const issuer = `${baseUrl}/am/oauth2/realms/root/realms/${realm}`
  const made = await exchange(fetchIt, { url: `${issuer}/.well-known/openid-configuration` })
  const document = made.answer?.status === 200 ? made.answer.json : undefined
  return { exchange: made, metadata: document && metadataOf(document, issuer) }
}

function metadataOf(document: JsonObject, issuer: string): ServerMetadata | undefined {
  const text = (name: string): string => {
    const value = member(document, name)
    return typeof value === 'string' ? value : ''
  }
  // OIDC Discovery §4.3: whoever answers must be who was asked.
  if (text('issuer') !== issuer) return undefined
  return {
    issuer,
    authorization_endpoint: text('authorization_endpoint'),
    pushed_authorization_request_endpoint: text('pushed_authorization_request_endpoint'),
    token_endpoint: text('token_endpoint'),
    userinfo_endpoint: text('userinfo_endpoint'),
    jwks_uri: text('jwks_uri'),
    end_session_endpoint: text('end_session_endpoint') || undefined,
    algorithms: algorithmsIn(document, 'id_token_signing_alg_values_supported'),
    responseAlgorithms: algorithmsIn(document, 'authorization_signing_alg_values_supported'),
    sendsIssuer: member(document, 'authorization_response_iss_parameter_supported') === true,
  }
}

function algorithmsIn(document: JsonObject, name: string): readonly JwsAlg[] {
  const listed = member(document, name)
  return (Array.isArray(listed) ? listed : [])
    .map(String)
    .filter(isJwsAlg)
    .filter((alg) => !alg.startsWith('HS'))
}
