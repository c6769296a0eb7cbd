import type { Json, JsonObject } from '../base/json.ts'
import { isObject, member } from '../base/json.ts'
import { allKeysIn } from '../store/keys-in.ts'
import type { Store } from '../store/store.ts'
import { keptFolder } from './kept.ts'

/** What PingAM's CORS service lets some web origins do, in every realm. */
export interface CorsConfiguration {
  readonly origins: readonly string[]
  /** Empty: those an endpoint has. */
  readonly methods: readonly string[]
  /** Empty: those the realm lists. */
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly credentials: boolean
  /** Seconds a browser may keep the answer to a preflight. */
  readonly maxAge: number
}

/** Where the documents of that service are, below `/am/json` of the root. */
export const corsFolder = 'global-config/services/CorsService'

/**
 * The enabled configurations of PingAM's CORS service, in the order of their names (PingAM:
 * cors-service); none while the service itself is not enabled. What is no list of texts says nothing.
 */
export async function corsConfigurations(settings: Store): Promise<readonly CorsConfiguration[]> {
  const folder = keptFolder('/')
  const own = `${folder}/${encodeURIComponent(corsFolder)}`
  const prefix = `${own}${encodeURIComponent('/configuration/')}`
  // Nearly nobody has any: one read tells.
  const whole = await read(settings, own)
  if (whole === undefined || member(whole, 'enabled') === false) return []
  const keys = (await allKeysIn(settings, folder)).filter((key) => key.startsWith(prefix))
  const found = await Promise.all(keys.map((key) => read(settings, key)))
  return found.flatMap((document) =>
    document !== undefined && member(document, 'enabled') === true
      ? [configurationOf(document)]
      : [],
  )
}

async function read(settings: Store, key: string): Promise<JsonObject | undefined> {
  const stored = await settings.get(key)
  if (stored === undefined) return undefined
  const { document } = JSON.parse(stored.value.toString()) as { readonly document?: Json }
  return isObject(document) ? document : undefined
}

function configurationOf(document: JsonObject): CorsConfiguration {
  const maxAge = member(document, 'maxAge')
  return {
    origins: texts(document, 'acceptedOrigins'),
    methods: texts(document, 'acceptedMethods'),
    headers: texts(document, 'acceptedHeaders').filter(isName),
    exposed: texts(document, 'exposedHeaders').filter(isName),
    credentials: member(document, 'allowCredentials') === true,
    maxAge: typeof maxAge === 'number' && Number.isInteger(maxAge) && maxAge >= 0 ? maxAge : 600,
  }
}

function texts(document: JsonObject, name: string): readonly string[] {
  const value = member(document, name)
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

/** What can stand in a header as the name of one (RFC 9110 §5.1). */
function isName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/.test(text)
}
