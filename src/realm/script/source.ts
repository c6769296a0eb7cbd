import { utf8 } from '../../base/bytes.ts'
import type { Json } from '../../base/json.ts'

/** The text that a script is in base64, as it is written (PingAM: scripts); undefined for what is none. */
export function decodedSource(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z\d+/]*={0,2}$/.test(value)) return undefined
  return utf8(Buffer.from(value, 'base64'))
}

/** A script as it stands in the settings: in base64, and from versions before as its lines, or its text. */
export function sourceOf(script: Json | undefined): string {
  if (Array.isArray(script)) return (script as readonly Json[]).map(String).join('\n')
  if (typeof script !== 'string') return ''
  return decodedSource(script.replace(/\s+/g, '')) ?? script
}
