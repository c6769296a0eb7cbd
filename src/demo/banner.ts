import { openAddress, pushCommand } from './by-hand.ts'
import type { Filled } from './populate.ts'
import { demoUser, knownCredentials } from './seed.ts'

/** What a demo prints when it is up: where things are, a push that works as it stands, and where to go with it. */
export function banner(
  origin: string,
  adminPassword: string | undefined,
  { credentials, isNew }: Filled = { credentials: knownCredentials, isNew: true },
  outbox?: string,
): string {
  // Credentials of its own are said once, when they are made.
  const said = isNew || credentials.known
  const once = credentials.known ? '' : '   (shown this once)'
  const alpha = `${origin}/am/oauth2/realms/root/realms/alpha`
  const lines = [
    '',
    `  parapet is up at ${origin}`,
    '',
    `  try it in a browser   ${origin}/demo`,
    `  discovery             ${alpha}/.well-known/openid-configuration`,
    said
      ? `  user                  ${demoUser.username} / ${credentials.password}${once}`
      : `  user                  ${demoUser.username}, with the password shown at the first start`,
    said
      ? `  clients               myClient / ${credentials.secretOf('myClient')}, myPublicClient (public)${once}`
      : '  clients               myClient, with the secret shown at the first start, myPublicClient (public)',
  ]
  if (adminPassword !== undefined) {
    lines.push(`  administrator         amadmin / ${adminPassword}   (shown this once)`)
  }
  if (outbox !== undefined) lines.push(`  letters it sends      ${outbox}`)
  const push = pushCommand(origin, { ...credentials, known: said }).replace(/^/gm, '  ')
  const open = `  ${openAddress(origin)}…`
  lines.push('', '  push a request:', '', push, '', '  open it with its request_uri:', '', open, '')
  return `${lines.join('\n')}\n`
}
